//! Facts of a FHIR version that are needed where its core package is not loaded, or that the package does not state.

mod facts;
mod r4;
mod resource_types;

use crate::definition::FhirVersion;

pub use facts::VersionFacts;
pub use resource_types::resource_types;

/// The facts of a version; none where it has none.
pub fn version_facts(version: FhirVersion) -> &'static VersionFacts {
    const NONE: VersionFacts = VersionFacts { profiles_by_code: &[] };
    match version {
        FhirVersion::R4 => &r4::FACTS,
        _ => &NONE,
    }
}
