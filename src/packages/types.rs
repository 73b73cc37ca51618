//! The types of a core package, for definitions in XML.

use std::fmt;
use std::sync::{Arc, OnceLock};

use fhir_accord_profiles::definition::FhirVersion;
use fhir_accord_profiles::model::{Model, build};
use fhir_accord_profiles::registry::Package;

use super::embedded;
use super::error::PackageError;
use super::reading::Limits;

/// Reads a core package.
type Read = dyn Fn(&Limits) -> Result<Arc<Package>, PackageError> + Send + Sync;

/// The types that a core package defines, read when they are first asked for; by default those of R4.
#[derive(Default)]
pub struct Types {
    core: Option<Box<Read>>,
    model: OnceLock<Model>,
}

impl fmt::Debug for Types {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Types")
    }
}

impl Types {
    /// The types of the core package that `read` gives.
    pub fn of(read: impl Fn(&Limits) -> Result<Arc<Package>, PackageError> + Send + Sync + 'static) -> Types {
        Types { core: Some(Box::new(read)), model: OnceLock::new() }
    }

    /// The model of the types.
    ///
    /// # Errors
    /// A core package that is not here or does not read.
    pub fn model(&self, limits: &Limits) -> Result<&Model, PackageError> {
        if let Some(model) = self.model.get() {
            return Ok(model);
        }
        let package = match &self.core {
            Some(read) => read(limits)?,
            None => embedded_r4()?,
        };
        let structures = package.definitions.iter().filter(|d| d.resource_type == "StructureDefinition");
        let values: Vec<_> = structures.map(|d| d.value().clone()).collect();
        Ok(self.model.get_or_init(|| build(values.iter().map(|v| &**v))))
    }
}

/// The core package of R4 that is compiled in.
fn embedded_r4() -> Result<Arc<Package>, PackageError> {
    let (id, version) = (FhirVersion::R4.core_package(), FhirVersion::R4.number());
    let name = || format!("{id}#{version}");
    let missing = || PackageError::NotFound { name: name(), looked_in: vec!["the embedded packages".to_owned()] };
    let embedded = embedded::find(id, version).ok_or_else(missing)?;
    embedded.load().map_err(|source| PackageError::Read { name: name(), source })
}

#[cfg(test)]
#[path = "types_tests.rs"]
mod tests;
