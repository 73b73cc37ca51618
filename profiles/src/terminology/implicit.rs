//! Implicit value sets (<https://hl7.org/fhir/R4/valueset.html#implicit>).

const SNOMED: &str = "http://snomed.info/sct";
const LOINC: &str = "http://loinc.org";

/// Whether a url names an implicit value set (<https://hl7.org/fhir/R4/valueset.html#implicit>), which no ValueSet need
/// define.
pub fn is_implicit(url: &str) -> bool {
    implicit_system(url).is_some()
}

/// The code system of an implicit value set, and whether it is all of it.
pub(super) fn implicit_system(url: &str) -> Option<(&'static str, bool)> {
    match url {
        "http://snomed.info/sct?fhir_vs" => Some((SNOMED, true)),
        "http://loinc.org/vs" => Some((LOINC, true)),
        "http://unitsofmeasure.org/vs" => Some(("http://unitsofmeasure.org", true)),
        "http://www.rfc-editor.org/bcp/bcp13.txt" => Some(("urn:ietf:bcp:13", true)),
        "http://tools.ietf.org/html/bcp47" => Some(("urn:ietf:bcp:47", true)),
        _ if url.starts_with(SNOMED) && url.contains("?fhir_vs") => Some((SNOMED, false)),
        _ if url.starts_with("http://loinc.org/vs/") => Some((LOINC, false)),
        _ => None,
    }
}
