//! What one FHIR version alone has: one file a version.

mod r4;

use crate::definition::FhirVersion;

/// Facts of a FHIR version that its definitions do not hold in a form to be read.
#[derive(Debug, Default)]
pub struct VersionFacts {
    /// Profiles that apply to resources with a code: code system, code, the profile's id.
    pub profiles_by_code: &'static [(&'static str, &'static str, &'static str)],
}

/// The facts of a version; none where it has none.
pub fn version_facts(version: FhirVersion) -> &'static VersionFacts {
    const NONE: VersionFacts = VersionFacts { profiles_by_code: &[] };
    match version {
        FhirVersion::R4 => &r4::FACTS,
        _ => &NONE,
    }
}
