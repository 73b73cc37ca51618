//! Canonicals as definitions write them.

/// The canonical of a type by its code; a code that is a url stays as it is.
pub(super) fn type_canonical(code: &str) -> String {
    if code.contains(':') { code.to_owned() } else { format!("http://hl7.org/fhir/StructureDefinition/{code}") }
}
