//! What a search found, as a searchset Bundle.

use fhir_accord_profiles::interrupt::Interrupt;
use serde_json::{Value, json};

use super::search::Search;
use super::stored::{arrange, text};
use crate::http::Fault;
use crate::http::service::{Catalogue, Service};
use crate::store::Entry;

/// The searchset Bundle; definitions keep their exact text in it.
pub(super) fn bundle(
    (service, catalogue): (&Service, &Catalogue),
    resource_type: &str,
    search: &Search,
    base: &str,
    interrupt: &Interrupt,
) -> Result<Vec<u8>, Fault> {
    let mut found = arrange(search.candidates(service, catalogue, resource_type)?, catalogue);
    found.retain(|e| search.matches(e));
    let mut links =
        vec![json!({"relation": "self", "url": format!("{base}/{resource_type}?{}", search.to_query(search.offset))})];
    let end = search.offset.saturating_add(search.count).min(found.len());
    if search.count > 0 && end < found.len() {
        links.push(json!({"relation": "next", "url": format!("{base}/{resource_type}?{}", search.to_query(end))}));
    }
    let head = json!({"resourceType": "Bundle", "type": "searchset", "total": found.len(), "link": links}).to_string();
    let mut entries: Vec<Vec<u8>> = Vec::new();
    for entry in found.get(search.offset..end).unwrap_or_default() {
        let mut out = json!({"fullUrl": full_url(base, entry)}).to_string().into_bytes();
        out.pop();
        out.extend_from_slice(b",\"resource\":");
        out.extend_from_slice(text((service, catalogue), entry, interrupt)?.trim_ascii());
        out.extend_from_slice(b",\"search\":{\"mode\":\"match\"}}");
        entries.push(out);
    }
    if !search.ignored.is_empty() {
        entries.push(ignored(&search.ignored).to_string().into_bytes());
    }
    let mut out = head.into_bytes();
    if !entries.is_empty() {
        out.pop();
        out.extend_from_slice(b",\"entry\":[");
        out.extend_from_slice(&entries.join(&b","[..]));
        out.extend_from_slice(b"]}");
    }
    Ok(out)
}

/// Where exactly this definition can be read: ids are unique only inside a package.
fn full_url(base: &str, entry: &Entry) -> String {
    let (package, version) = entry.package.split_once('#').unwrap_or((&entry.package, ""));
    format!("{base}/packages/{package}/{version}/{}/{}", entry.resource_type, entry.id)
}

/// The entry that says which parameters were ignored.
fn ignored(names: &[String]) -> Value {
    let text = format!("not supported and ignored: {}", names.join(", "));
    json!({
        "resource": {
            "resourceType": "OperationOutcome",
            "issue": [{"severity": "warning", "code": "not-supported", "details": {"text": text}}],
        },
        "search": {"mode": "outcome"},
    })
}
