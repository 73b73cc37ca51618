//! FHIR in XML: the same answers as in JSON, and the same bodies.

mod answers;
mod bodies;
mod forms;
mod parameters;

use crate::support::{Answer, json_of, shared};

/// The answer to a request in JSON, which is the same in XML.
fn both(method: &str, path: &str, body: &[u8]) -> Answer {
    let ask = |accept: &str| {
        shared().ask(method, path, &[("accept", accept), ("content-type", "application/fhir+json")], body)
    };
    let (json, xml) = (ask("application/fhir+json"), ask("application/fhir+xml"));
    assert_eq!(json.status, xml.status, "{path}");
    assert_eq!(xml.header("content-type"), Some("application/fhir+xml; charset=utf-8"), "{path}");
    assert_eq!(xml.header("vary").map(|v| v.to_ascii_lowercase().contains("accept")), Some(true), "{}", xml.head);
    assert_eq!(json_of(&xml.body), json.json(), "{path}");
    json
}
