//! The content types of answers.

/// Of FHIR answers.
pub(super) const FHIR_JSON: &str = "application/fhir+json; charset=utf-8";
/// Of other answers, and of FHIR answers where it is asked for.
pub(super) const JSON: &str = "application/json; charset=utf-8";
