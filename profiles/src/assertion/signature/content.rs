//! What of a Bundle is signed: its canonical JSON (<https://hl7.org/fhir/R4/json.html#canonical>, written as
//! <https://www.rfc-editor.org/rfc/rfc8785> has it).

use serde_json::Value;

use crate::instance::Node;
use crate::model::{Model, node_json};

/// Bound on the bytes of a Bundle whose signature is verified.
const BYTES: usize = 32 << 20;
/// Everything is signed.
const JSON: &str = "http://hl7.org/fhir/canonicalization/json";
/// Everything is signed but what changes when a document goes to another server.
const DOCUMENT: &str = "http://hl7.org/fhir/canonicalization/json#document";

/// The canonicalization of a Bundle whose signature names none.
pub(super) fn of_type(bundle_type: Option<&str>) -> &'static str {
    if bundle_type == Some("document") { DOCUMENT } else { JSON }
}

/// The bytes of a Bundle that are signed by a canonicalization, and the same as a value.
///
/// # Errors
/// Why they cannot be told.
pub(super) fn of(bundle: Node<'_>, canonicalization: &str, model: &Model) -> Result<(String, Value), String> {
    let left_out: &[&str] = match canonicalization {
        JSON => &["signature"],
        DOCUMENT => &["signature", "id", "meta"],
        other => return Err(format!("the canonicalization `{other}` is not known here")),
    };
    let json = if bundle.tape().is_xml() {
        node_json(bundle, model.resource_type(bundle), model).into_bytes()
    } else {
        bundle.raw_bytes().to_vec()
    };
    if json.len() > BYTES {
        return Err(format!("the Bundle has more than {BYTES} bytes"));
    }
    let read: Result<Value, _> = serde_json::from_slice(&json);
    let mut value = read.map_err(|e| format!("the Bundle cannot be read as it was signed: {e}"))?;
    if let Value::Object(members) = &mut value {
        members.retain(|name, _| !left_out.contains(&name.as_str()));
    }
    value.sort_all_objects();
    Ok((value.to_string(), value))
}
