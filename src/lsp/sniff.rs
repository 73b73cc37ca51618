//! Whether a text is a FHIR instance at all.

use crate::cursor::cursor;
use crate::profiles::instance::is_xml;

/// The namespace of FHIR's XML.
const NAMESPACE: &str = "http://hl7.org/fhir";
/// How many bytes of XML are looked through for the namespace: it is in the first tag.
const HEAD: usize = 4_096;

/// Whether a text is, or is becoming, a resource: JSON whose object has a `resourceType`, XML in FHIR's namespace.
/// Other files are left alone.
pub fn is_instance(text: &str) -> bool {
    if is_xml(text.as_bytes()) {
        let head = text.get(..HEAD).unwrap_or(text);
        return head.contains(&format!("\"{NAMESPACE}\"")) || head.contains(&format!("'{NAMESPACE}'"));
    }
    let Some(start) = text.find('{').filter(|_| text.contains("resourceType")) else { return false };
    let found = cursor(text, start + 1);
    found.levels.first().is_some_and(|level| level.members.iter().any(|m| m.name == "resourceType"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_files_are_left_alone() {
        for text in [r#"{"resourceType":""#, r#"{"a":[],"resourceType":"Patient"}"#, "<P xmlns='http://hl7.org/fhir'/>"]
        {
            assert!(is_instance(text), "{text}");
        }
        for text in ["", "[1]", r#"{"name":"x"}"#, r#"{"a":{"resourceType":"Patient"}}"#, "<svg/>", "resourceType"] {
            assert!(!is_instance(text), "{text}");
        }
    }
}
