//! The JSON of definitions, as builders read it.

use serde_json::Value;

/// A member of an object as text; `""` where it is missing or not a string.
pub(super) fn text<'a>(v: &'a Value, key: &str) -> &'a str {
    v.get(key).and_then(Value::as_str).unwrap_or("")
}

/// The value sets that a definition contains, by the names that they have outside it: its url, `#` and their id.
pub(super) fn contained_value_sets(definition: &Value) -> impl Iterator<Item = (String, &Value)> {
    let all = definition["contained"].as_array().map_or(&[][..], |a| a);
    all.iter()
        .filter(|r| r["resourceType"] == "ValueSet")
        .map(|r| (format!("{}#{}", text(definition, "url"), text(r, "id")), r))
}

/// The StructureDefinitions that one contains, with the names that they have outside it, and its version.
pub(super) fn contained_structures(definition: &Value) -> impl Iterator<Item = Value> {
    let all = definition["contained"].as_array().map_or(&[][..], |a| a);
    let url = text(definition, "url");
    let structures = all
        .iter()
        .filter(move |r| r["resourceType"] == "StructureDefinition" && !text(r, "id").is_empty() && !url.is_empty());
    structures.map(move |r| {
        let mut named = r.as_object().cloned().unwrap_or_default();
        named.insert("url".to_owned(), format!("{url}#{}", text(r, "id")).into());
        named.insert("version".to_owned(), definition["version"].clone());
        Value::Object(named)
    })
}
