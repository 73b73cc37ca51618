//! Which entries of a Bundle a profile is for (`-bundle RULE PROFILE`, `bundleValidationRules`).

use fhir_accord_profiles::definition::FhirVersion;
use fhir_accord_profiles::evaluate::EntryProfile;
use fhir_accord_profiles::release::resource_types;

/// A profile for the entries that `TYPE`, `TYPE:NUMBER` or `NUMBER` names, counted from 0.
///
/// # Errors
/// What is none of these, or a type that no FHIR version has.
pub fn entry_profile(entry: &str, profile: &str) -> Result<EntryProfile, String> {
    let rule = EntryProfile::parse(entry, profile)
        .ok_or_else(|| format!("`{entry}` names no entries; expected TYPE, TYPE:NUMBER or NUMBER, from 0"))?;
    let is_type = |kind: &str| FhirVersion::ALL.into_iter().any(|v| resource_types(v).any(|name| name == kind));
    match rule.kind.as_deref().filter(|kind| !is_type(kind)) {
        Some(kind) => Err(format!("`{kind}` is no resource type")),
        None => Ok(rule),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_are_those_of_some_fhir_version() {
        let refused = |entry: &str| entry_profile(entry, "http://a.test/p").unwrap_err();
        assert_eq!(entry_profile("DeviceUseStatement:1", "http://a.test/p").unwrap().number, Some(1));
        assert!(refused("Pateint").contains("no resource type"));
        assert!(refused("Patient:first").contains("TYPE:NUMBER"));
        assert!(refused("").contains("names no entries"));
    }
}
