//! The packages that instances are validated against: those that are named, those of the project, or the specification
//! alone.

use std::sync::Arc;

use fhir_accord_profiles::definition::FhirVersion;
use fhir_accord_profiles::script::Library;

use super::asked::Asked;
use crate::app::{App, Settings};
use crate::cli::imported_folder;
use crate::printable::note;
use crate::project::Project;

/// Opens the engine. Where the command line names no package and no FHIR version, those of the project count.
///
/// # Errors
/// A FHIR version, a package or a profile that is not here.
pub(super) fn open(asked: &Asked, project: Option<&Project>, rules: Option<Arc<Library>>) -> Result<App, String> {
    let own = project.filter(|_| asked.packages.is_empty()).and_then(Project::packages);
    let named = own.as_ref().unwrap_or(&asked.packages);
    let version = asked.version.as_deref().or_else(|| project?.fhir_version());
    let fhir_version = match version {
        Some(text) => Some(FhirVersion::parse(text).ok_or_else(|| {
            format!("`-version`: `{text}` is not a FHIR version that is known here; expected 1.0, 3.0, 4.0, 4.3 or 5.0")
        })?),
        None if named.is_empty() => {
            note("without `-version` and `-ig` the FHIR version is 5.0.0, as it is for HL7's validator");
            Some(FhirVersion::R5)
        }
        None => None,
    };
    let core = fhir_version.map(|v| format!("{}#{}", v.core_package(), v.number()));
    let packages: Vec<String> = named.iter().cloned().chain(core).collect();
    let terminology = imported_folder();
    let settings = Settings { fhir_version, one_version: true, packages, terminology, rules, ..Settings::default() };
    let app = App::open(&settings).map_err(|e| e.to_string())?;
    for name in &app.resolution().left_out {
        let version = app.resolution().fhir_version.name();
        note(&format!("package {name} is for another FHIR version than the instances' ({version}), and left out"));
    }
    let of_entries: Vec<String> = asked.chosen.entries.iter().map(|entry| entry.profile.clone()).collect();
    app.profiles(&of_entries).map_err(|e| format!("`-bundle`: {e}"))?;
    Ok(app)
}
