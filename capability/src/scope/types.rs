//! The resource type names of the published FHIR versions.

use std::sync::OnceLock;

/// All names, sorted.
pub fn known_types() -> &'static [&'static str] {
    static TYPES: OnceLock<Vec<&'static str>> = OnceLock::new();
    TYPES.get_or_init(|| {
        let mut types: Vec<&str> = include_str!("../../data/types.txt").lines().filter(|l| !l.starts_with('#') && !l.is_empty()).collect();
        types.sort_unstable();
        types
    })
}

/// True for a resource type of DSTU2, STU3, R4, R4B or R5.
pub fn is_known_type(name: &str) -> bool {
    known_types().binary_search(&name).is_ok()
}

/// The known type of this name in any case.
pub fn type_in_any_case(name: &str) -> Option<&'static str> {
    known_types().iter().find(|t| t.eq_ignore_ascii_case(name)).copied()
}
