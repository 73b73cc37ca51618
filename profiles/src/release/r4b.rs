//! FHIR R4B (<https://hl7.org/fhir/R4B/>).

use super::facts::{Release, of_today};
use super::vital_signs::VITAL_SIGNS;

/// What sets R4B apart.
pub const RELEASE: Release = Release {
    profiles_by_code: VITAL_SIGNS,
    expressions: EXPRESSIONS,
    ..of_today(include_str!("resource_types/r4b.txt"))
};

/// Errors of the published core package.
const EXPRESSIONS: &[(&str, &str)] = &[
    // ele-1: no element is a resource; R4 and R5 do not ask.
    (
        "hasValue() or (children().count() > id.count()) or $this is Parameters",
        "hasValue() or (children().count() > id.count())",
    ),
];
