//! StructureDefinitions of DSTU2 and STU3 in the form of R4
//! (<https://hl7.org/fhir/STU3/structuredefinition.html>).

use serde_json::{Map, Value, json};

use super::elements;
use super::json::{put, text};

/// Contexts with their kind, and elements by [`elements::normalise`].
pub(super) fn structure_definition(definition: &mut Value) {
    let Some(sd) = definition.as_object_mut() else { return };
    contexts(sd);
    for list in ["snapshot", "differential"] {
        if let Some(all) = sd.get_mut(list).and_then(|v| v.get_mut("element")).and_then(Value::as_array_mut) {
            elements::normalise(all, list == "differential");
        }
    }
}

/// `contextType` and a list of texts as a list of contexts with type and expression. A path that begins with `@` is one
/// of questionnaires' parts, `*` is any element.
fn contexts(sd: &mut Map<String, Value>) {
    let kind = match text(sd, "contextType") {
        "extension" => "extension",
        // A mapping's path names no element that could be looked for.
        "mapping" => "mapping",
        _ => "element",
    };
    let Some(Value::Array(paths)) = sd.get("context") else { return };
    if !paths.iter().all(Value::is_string) {
        return;
    }
    let paths = paths.iter().filter_map(Value::as_str).flat_map(|p| p.split(','));
    let expression = |path: &str| match path.trim() {
        "*" | "Any" => "Element".to_owned(),
        path => path.trim_start_matches('@').to_owned(),
    };
    let contexts: Vec<Value> = paths.map(|p| json!({"type": kind, "expression": expression(p)})).collect();
    put(sd, "context", Value::Array(contexts));
}
