//! Questions about profiles as the service takes them: in JSON, by names of what is known, never by paths. Bodies have
//! passed their JSON Schema.

use serde::Deserialize;

use super::operand::{Operand, Side, open};
use crate::app::{App, AppError, Complaint, Settings};
use crate::packages::Spec;
use crate::profiles::definition::FhirVersion;
use crate::profiles::interrupt::Interrupt;

/// Which packages a question is about.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Within {
    /// `ID#VERSION`; none: those of the service.
    #[serde(default)]
    pub packages: Vec<String>,
    /// The FHIR version; R4 where it is not given.
    #[serde(default)]
    pub fhir_version: Option<String>,
}

/// What ends the work.
#[derive(Clone, Debug, Default)]
pub struct Until(pub Interrupt);

impl Until {
    /// A message once the time is up.
    ///
    /// # Errors
    /// Where it is.
    pub fn check(&self) -> Result<(), String> {
        if self.0.is_raised() { Err("not all profiles could be compared in time".to_owned()) } else { Ok(()) }
    }
}

impl Within {
    fn settings(&self) -> Result<Settings, Complaint> {
        let Some(text) = &self.fhir_version else { return Ok(Settings::default()) };
        let fhir_version = FhirVersion::parse(text).ok_or_else(|| {
            Complaint::at("/fhirVersion", format!("`{text}` is not a FHIR version: give one as R4 or 4.0.1"))
        })?;
        Ok(Settings { fhir_version: Some(fhir_version), ..Settings::default() })
    }

    /// Works with the profiles that texts name, found by `find`: in the loaded packages where they have all of them,
    /// else in packages that are opened for it.
    ///
    /// # Errors
    /// Why a text names nothing, with its place in the body, or what `work` complains of.
    pub fn with<T>(
        &self,
        loaded: &App,
        named: &[(&str, &str)],
        find: impl Fn(&Operand, &App) -> Result<Side, AppError>,
        work: impl FnOnce(&App, &[Side]) -> Result<T, Complaint>,
    ) -> Result<T, Complaint> {
        let settings = self.settings()?;
        for (i, package) in self.packages.iter().enumerate() {
            known(package).map_err(|text| Complaint::at(format!("/packages/{i}"), text))?;
        }
        let mut operands = Vec::new();
        for (pointer, text) in named {
            operands.push(named_operand(text).map_err(|why| Complaint::at(*pointer, why))?);
        }
        let same_version = self.fhir_version.is_none() || Some(loaded.set().fhir_version()) == settings.fhir_version;
        if self.packages.is_empty() && same_version {
            let sides: Result<Vec<Side>, AppError> = operands.iter().map(|o| find(o, loaded)).collect();
            if let Ok(sides) = sides {
                return work(loaded, &sides);
            }
        }
        let all: Vec<&Operand> = operands.iter().collect();
        let app = open(&all, &self.packages, &settings).map_err(|e| Complaint::new(e.to_string()))?;
        let mut sides = Vec::new();
        for (operand, (pointer, _)) in operands.iter().zip(named) {
            sides.push(find(operand, &app).map_err(|e| Complaint::at(*pointer, e.to_string()))?);
        }
        work(&app, &sides)
    }
}

/// The name of a package; a caller of the service opens no files.
fn known(text: &str) -> Result<(), String> {
    match Spec::parse(text) {
        Ok(Spec::Package { .. }) => Ok(()),
        Ok(Spec::Path(_)) => Err(format!("`{text}` is a path; name packages by `ID#VERSION`")),
        Err(e) => Err(e.to_string()),
    }
}

/// What a text of a request names.
fn named_operand(text: &str) -> Result<Operand, String> {
    if text.contains("://") || text.starts_with("urn:") {
        return Ok(Operand::Canonical(text.to_owned()));
    }
    known(text).map(|()| Operand::Package(text.to_owned()))
}
