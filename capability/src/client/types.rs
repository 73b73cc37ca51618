//! The resource types that paths and scopes may name.

use std::sync::OnceLock;

use fhir_accord_profiles::definition::FhirVersion;
use fhir_accord_profiles::release::resource_types;
use rustc_hash::FxHashSet;

use crate::scope::known_types;

/// The type of this name in any FHIR version.
pub(super) fn known(name: &str) -> Option<&'static str> {
    let all = known_types();
    all.binary_search(&name).ok().and_then(|at| all.get(at)).copied()
}

/// True for a resource type of R4, the version that the statement is written for.
pub(super) fn is_r4(name: &str) -> bool {
    static R4: OnceLock<FxHashSet<&'static str>> = OnceLock::new();
    R4.get_or_init(|| resource_types(FhirVersion::R4).collect()).contains(name)
}

/// True for a segment of a path that only FHIR has at its place: what is before the first one is the base address.
pub(super) fn starts_path(segment: &str) -> bool {
    matches!(segment, "_history" | "_search" | "metadata" | ".well-known")
        || segment.starts_with('$')
        || known(segment).is_some()
}

/// True for a text that starts with a resource type, `_history`, `metadata` or an operation, as relative addresses do.
///
/// ```
/// use fhir_accord_capability::client::is_resource_path;
///
/// assert!(is_resource_path("Patient?name=a") && is_resource_path("$export") && is_resource_path("Group/1"));
/// assert!(!is_resource_path("Patients") && !is_resource_path("Patient was seen"));
/// ```
pub fn is_resource_path(text: &str) -> bool {
    text.split(['/', '?']).next().is_some_and(starts_path)
}
