//! The resource type names of the published FHIR versions.

use std::sync::OnceLock;

use fhir_accord_profiles::definition::FhirVersion;
use fhir_accord_profiles::release::resource_types;

/// The names of all versions, sorted, each once. A scope does not say which version it is for, so it may name a type of
/// any of them.
pub fn known_types() -> &'static [&'static str] {
    static TYPES: OnceLock<Vec<&'static str>> = OnceLock::new();
    TYPES.get_or_init(|| {
        let mut types: Vec<&str> = FhirVersion::ALL.into_iter().flat_map(resource_types).collect();
        types.sort_unstable();
        types.dedup();
        types
    })
}

/// True for a resource type of DSTU2, STU3, R4, R4B or R5.
pub fn is_known_type(name: &str) -> bool {
    known_types().binary_search(&name).is_ok()
}

/// The known type with this name in any case, as `Patient` for `PATIENT`.
pub fn type_in_any_case(name: &str) -> Option<&'static str> {
    known_types().iter().find(|t| t.eq_ignore_ascii_case(name)).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_of_every_version_are_known_once() {
        assert!(
            ["Conformance", "Sequence", "MedicinalProduct", "SubscriptionStatus", "Transport"]
                .into_iter()
                .all(is_known_type)
        );
        assert!(["Resource", "DomainResource", "patient", ""].into_iter().all(|name| !is_known_type(name)));
        assert!(known_types().is_sorted_by(|a, b| a < b));
        assert_eq!(type_in_any_case("patient"), Some("Patient"));
    }
}
