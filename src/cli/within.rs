//! What the subcommands about profiles share: where profiles are found, and how JSON is written.

use std::io::Write;

use serde::Serialize;

use crate::app::Settings;
use crate::profiles::definition::FhirVersion;

/// Where profiles are found.
#[derive(clap::Args, Clone, Debug)]
pub struct Within {
    /// A package to find profiles in: ID#VERSION, or the path of an archive, a folder or a file. May be given several
    /// times [default: all embedded guides].
    #[arg(long = "package", value_name = "ID#VERSION|PATH")]
    pub packages: Vec<String>,
    /// The FHIR version of the profiles.
    #[arg(long, value_name = "VERSION", default_value = "R4")]
    pub fhir_version: String,
}

impl Within {
    /// The settings for opening packages, without the packages themselves.
    ///
    /// # Errors
    /// A message where the FHIR version is not one.
    pub fn settings(&self) -> Result<Settings, String> {
        let fhir_version = FhirVersion::parse(&self.fhir_version)
            .ok_or_else(|| format!("`{}` is not a FHIR version: give one as R4 or 4.0.1", self.fhir_version))?;
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
