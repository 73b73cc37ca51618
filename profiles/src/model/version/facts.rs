//! The facts of one FHIR version.

/// Facts of a FHIR version that its definitions do not hold in machine-readable form.
#[derive(Debug, Default)]
pub struct VersionFacts {
    /// Profiles that apply to resources with a code: code system, code, the profile's id.
    pub profiles_by_code: &'static [(&'static str, &'static str, &'static str)],
}
