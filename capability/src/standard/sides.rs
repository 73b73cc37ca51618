//! Statements made ready for one side of a negotiation.

use serde_json::Value;

use crate::request::{NegotiateRequest, Side};

/// A negotiation of two statements without scopes.
pub(super) fn request(client: Value, server: Value) -> NegotiateRequest {
    NegotiateRequest::new(Side::Statement(client), Side::Statement(server))
}

/// The name of the resource that a statement is, for paths in it.
pub(super) fn root(statement: &Value) -> &'static str {
    match statement.get("resourceType").and_then(Value::as_str) {
        Some("Conformance") => "Conformance",
        _ => "CapabilityStatement",
    }
}

fn entries(statement: &mut Value) -> impl Iterator<Item = &mut Value> {
    statement.get_mut("rest").and_then(Value::as_array_mut).into_iter().flatten()
}

/// The statement with its `rest` entries of mode `from` read in mode `to`; all of them where it has none of that mode.
/// The entries stay where they are, so that paths stay true.
pub(super) fn in_mode(statement: &Value, from: &str, to: &str) -> Value {
    let mut statement = statement.clone();
    let is = |entry: &Value| entry.get("mode").and_then(Value::as_str) == Some(from);
    let any = entries(&mut statement).any(|entry| is(entry));
    for entry in entries(&mut statement) {
        let mode = if any && !is(entry) { "other" } else { to };
        if let Some(members) = entry.as_object_mut() {
            members.insert("mode".to_owned(), mode.into());
        }
    }
    statement
}

/// The statement without the profiles that it declares.
pub(super) fn without_profiles(mut statement: Value) -> Value {
    let strip = |value: &mut Value, names: &[&str]| {
        if let Some(members) = value.as_object_mut() {
            names.iter().for_each(|name| drop(members.remove(*name)));
        }
    };
    strip(&mut statement, &["profile", "implementationGuide"]);
    for entry in entries(&mut statement) {
        let resources = entry.get_mut("resource").and_then(Value::as_array_mut);
        resources.into_iter().flatten().for_each(|resource| strip(resource, &["profile", "supportedProfile"]));
    }
    statement
}

/// The statement as one whose lists count whatever their expectations: requirements list what they do not promise.
pub(super) fn as_listed(statement: &Value) -> Value {
    let mut statement = statement.clone();
    if let Some(kind) = statement.get_mut("kind").filter(|kind| *kind == "requirements") {
        *kind = "instance".into();
    }
    statement
}
