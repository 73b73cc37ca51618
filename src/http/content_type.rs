//! The content types of answers.

/// Of FHIR answers.
pub(super) const FHIR_JSON: &str = "application/fhir+json; charset=utf-8";
/// Of other answers, and of FHIR answers where it is asked for.
pub(super) const JSON: &str = "application/json; charset=utf-8";
/// Of FHIR answers in XML.
pub(super) const FHIR_XML: &str = "application/fhir+xml; charset=utf-8";
/// The same, where plain XML is asked for.
pub(super) const XML: &str = "application/xml; charset=utf-8";
/// The same by its older name.
pub(super) const TEXT_XML: &str = "text/xml; charset=utf-8";
