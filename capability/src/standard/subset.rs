//! `$subset`: the part of a statement that is about some resource types
//! (<https://hl7.org/fhir/R4/capabilitystatement-operation-subset.html>).

use std::fmt;

use rustc_hash::FxHashSet;
use serde_json::{Map, Value, json};

use super::element::r4_types;
use super::outcome::quoted;

/// The system of the tag that marks a part.
const OBSERVATION_VALUE: &str = "http://terminology.hl7.org/CodeSystem/v3-ObservationValue";

/// Why there is no subset.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SubsetError {
    /// Neither FHIR R4 nor the statement has this type.
    UnknownType(String),
    /// The statement has no `rest`, which is what a subset is of.
    NoRest,
}

impl fmt::Display for SubsetError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            SubsetError::UnknownType(name) => {
                write!(f, "{} is neither a resource type of FHIR 4.0 nor in the statement", quoted(name))
            }
            SubsetError::NoRest => f.write_str("the statement has no `rest` element, so it has no subset"),
        }
    }
}

impl std::error::Error for SubsetError {}

/// The statement with the entries of these types only, tagged SUBSETTED. The system level stays; the narrative,
/// messages and documents, which are not about types, do not.
///
/// # Errors
/// [`SubsetError`] where a type is unknown, or there is nothing to take a part of.
pub fn subset(statement: &Value, types: &[String]) -> Result<Value, SubsetError> {
    let mut out = statement.clone();
    let members = out.as_object_mut().ok_or(SubsetError::NoRest)?;
    let rest = members.get_mut("rest").and_then(Value::as_array_mut).filter(|r| !r.is_empty());
    let mut unknown: FxHashSet<&str> = types.iter().map(String::as_str).collect();
    let wanted = unknown.clone();
    for entry in rest.ok_or(SubsetError::NoRest)?.iter_mut().filter_map(Value::as_object_mut) {
        let Some(Value::Array(resources)) = entry.get_mut("resource") else { continue };
        resources.retain(|r| r.get("type").and_then(Value::as_str).is_some_and(|t| wanted.contains(t)));
        for name in resources.iter().filter_map(|r| r.get("type").and_then(Value::as_str)) {
            unknown.remove(name);
        }
        if resources.is_empty() {
            entry.remove("resource");
        }
    }
    let known = r4_types();
    unknown.retain(|name| !known.contains(name));
    if let Some(name) = types.iter().find(|t| unknown.contains(t.as_str())) {
        return Err(SubsetError::UnknownType(name.clone()));
    }
    ["text", "messaging", "document"].iter().for_each(|name| drop(members.remove(*name)));
    describe(members);
    tag(members);
    Ok(out)
}

/// Says what it is where the statement says it by nothing else, which R4 forbids (cpb-2).
fn describe(members: &mut Map<String, Value>) {
    if ["description", "software", "implementation"].iter().any(|name| members.contains_key(*name)) {
        return;
    }
    let name = ["title", "name", "url"].iter().find_map(|n| members.get(*n)?.as_str()).map(quoted);
    let of = name.map_or_else(|| "a statement".to_owned(), |name| format!("the statement {name}"));
    members.insert("description".to_owned(), format!("a part of {of}: only some of its resource types").into());
}

/// Adds the tag, unless the statement has it.
fn tag(members: &mut Map<String, Value>) {
    let meta = members.entry("meta").or_insert_with(|| json!({}));
    if !meta.is_object() {
        *meta = json!({});
    }
    let Some(meta) = meta.as_object_mut() else { return };
    let tags = meta.entry("tag").or_insert_with(|| json!([]));
    if !tags.is_array() {
        *tags = json!([]);
    }
    let is = |t: &Value| t.get("code").is_some_and(|c| c == "SUBSETTED");
    if let Some(tags) = tags.as_array_mut().filter(|tags| !tags.iter().any(is)) {
        tags.push(json!({"system": OBSERVATION_VALUE, "code": "SUBSETTED"}));
    }
}
