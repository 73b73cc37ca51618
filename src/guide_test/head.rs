//! What a file says it is, without its body.

use fhir_accord_profiles::instance::is_xml;
use serde::Deserialize;

/// What names a resource.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Head {
    pub resource_type: String,
    pub id: String,
    pub url: String,
}

/// What a file holds.
#[derive(Debug)]
pub(super) enum Held {
    /// A resource, or what was meant to be one.
    Resource(Head),
    /// JSON or XML of another kind.
    Other,
    /// What cannot be read, with the reason.
    Damaged(String),
}

/// What is in a file. A text that does not read, and names a resource type, is a damaged resource: it is judged.
pub(super) fn held(text: &[u8]) -> Held {
    if is_xml(text) {
        return of_xml(text);
    }
    let text = text.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(text);
    match serde_json::from_slice::<Head>(text) {
        Ok(head) if head.resource_type.is_empty() => Held::Other,
        Ok(head) => Held::Resource(head),
        Err(e) => {
            let start = String::from_utf8_lossy(text.get(..text.len().min(2_000)).unwrap_or_default());
            match start.split_once("\"resourceType\"").and_then(|(_, rest)| rest.split('"').nth(1)) {
                Some(kind) => Held::Resource(Head { resource_type: kind.to_owned(), ..Head::default() }),
                None if serde_json::from_slice::<serde::de::IgnoredAny>(text).is_ok() => Held::Other,
                None => Held::Damaged(e.to_string()),
            }
        }
    }
}

/// FHIR's own XML has its namespace at the root.
fn of_xml(text: &[u8]) -> Held {
    let start = String::from_utf8_lossy(text.get(..text.len().min(8_000)).unwrap_or_default());
    if !start.contains("http://hl7.org/fhir") {
        return Held::Other;
    }
    let root = start.split('<').find(|t| t.starts_with(|c: char| c.is_ascii_alphabetic())).unwrap_or_default();
    let name: String = root.chars().take_while(char::is_ascii_alphanumeric).collect();
    let value = |element: &str| {
        let (_, rest) = start.split_once(&format!("<{element} value=\""))?;
        rest.split('"').next().map(str::to_owned)
    };
    match name.starts_with(|c: char| c.is_ascii_uppercase()) {
        true => Held::Resource(Head {
            resource_type: name,
            id: value("id").unwrap_or_default(),
            url: value("url").unwrap_or_default(),
        }),
        false => Held::Other,
    }
}
