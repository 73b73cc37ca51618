//! What the subcommands about profiles share: where profiles are found, and how JSON is written.

use std::io::Write;

use serde::Serialize;

use super::project::ProjectArgs;
use crate::app::Settings;
use crate::profiles::definition::FhirVersion;

/// Where profiles are found.
#[derive(clap::Args, Clone, Debug)]
pub struct Within {
    /// A package to find profiles in: ID#VERSION, or the path of an archive, a folder or a file. May be given several
    /// times [default: all embedded guides].
    #[arg(long = "package", value_name = "ID#VERSION|PATH")]
    pub packages: Vec<String>,
    /// The FHIR version of the profiles [default: R4].
    #[arg(long, value_name = "VERSION")]
    pub fhir_version: Option<String>,
}

impl Within {
    /// The same, with the settings of the project where the options say nothing.
    ///
    /// # Errors
    /// A message where those cannot be used.
    pub fn under(&self, project: &ProjectArgs) -> Result<Within, String> {
        let Some(project) = project.load().map_err(|e| e.to_string())? else { return Ok(self.clone()) };
        let own = || project.packages().unwrap_or_default();
        let packages = if self.packages.is_empty() { own() } else { self.packages.clone() };
        let fhir_version = self.fhir_version.clone().or_else(|| project.fhir_version().map(str::to_owned));
        Ok(Within { packages, fhir_version })
    }

    /// The settings for opening packages, without the packages themselves.
    ///
    /// # Errors
    /// A message where the FHIR version is not one.
    pub fn settings(&self) -> Result<Settings, String> {
        let asked = self.fhir_version.as_deref().unwrap_or("R4");
        let fhir_version = FhirVersion::parse(asked)
            .ok_or_else(|| format!("`{asked}` is not a FHIR version: give one as R4 or 4.0.1"))?;
        Ok(Settings { fhir_version: Some(fhir_version), ..Settings::default() })
    }
}

/// Writes a value as indented JSON with a line break at its end.
///
/// # Errors
/// A message where it cannot be written.
pub fn write_json(value: &impl Serialize, out: &mut dyn Write) -> Result<(), String> {
    let text = serde_json::to_string_pretty(value).map_err(|e| e.to_string())?;
    writeln!(out, "{text}").map_err(|e| e.to_string())
}
