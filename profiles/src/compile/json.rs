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
