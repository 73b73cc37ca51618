//! ValueSets of DSTU2, which may define a code system inside themselves and import others
//! (<https://hl7.org/fhir/DSTU2/valueset.html>), as a ValueSet and a CodeSystem of R4.

use memchr::memmem;
use serde_json::{Map, Value, json};

use super::json::{put, text};

/// The code system that a ValueSet defines inside itself.
pub(super) fn inline(definition: &[u8]) -> Option<Value> {
    memmem::find(definition, b"\"codeSystem\"")?;
    let value_set: Value = serde_json::from_slice(definition).ok()?;
    let value_set = value_set.as_object().filter(|v| text(v, "resourceType") == "ValueSet")?;
    let own = value_set.get("codeSystem")?.as_object()?;
    let system = own.get("system")?.as_str()?;
    let mut concepts = own.get("concept").cloned().unwrap_or_else(|| json!([]));
    abstract_ones(&mut concepts);
    let mut code_system = Map::new();
    put(&mut code_system, "resourceType", json!("CodeSystem"));
    put(&mut code_system, "url", json!(system));
    if let Some(version) = own.get("version").or_else(|| value_set.get("version")) {
        put(&mut code_system, "version", version.clone());
    }
    put(&mut code_system, "caseSensitive", own.get("caseSensitive").cloned().unwrap_or(json!(true)));
    let is_empty = concepts.as_array().is_none_or(Vec::is_empty);
    put(&mut code_system, "content", json!(if is_empty { "not-present" } else { "complete" }));
    put(&mut code_system, "concept", concepts);
    Some(Value::Object(code_system))
}

/// `abstract` of concepts as the property of R4.
fn abstract_ones(concepts: &mut Value) {
    for concept in concepts.as_array_mut().into_iter().flatten().filter_map(Value::as_object_mut) {
        if concept.shift_remove("abstract") == Some(json!(true)) {
            put(concept, "property", json!([{"code": "notSelectable", "valueBoolean": true}]));
        }
        if let Some(below) = concept.get_mut("concept") {
            abstract_ones(below);
        }
    }
}

/// A ValueSet without its code system, which it includes instead, and with imports as includes.
pub(super) fn value_set(value_set: &mut Map<String, Value>) {
    let own = value_set.shift_remove("codeSystem").and_then(|c| c.get("system").cloned());
    let mut includes: Vec<Value> = own.into_iter().map(|system| json!({ "system": system })).collect();
    let compose = value_set.get_mut("compose").and_then(Value::as_object_mut);
    let imports = compose.and_then(|c| c.shift_remove("import"));
    let imported = imports.as_ref().and_then(Value::as_array).into_iter().flatten();
    includes.extend(imported.map(|set| json!({ "valueSet": [set] })));
    if includes.is_empty() {
        return;
    }
    let compose = value_set.entry("compose").or_insert_with(|| json!({}));
    let Some(compose) = compose.as_object_mut() else { return };
    let listed = compose.entry("include").or_insert_with(|| json!([]));
    if let Some(listed) = listed.as_array_mut() {
        listed.extend(includes);
    }
}
