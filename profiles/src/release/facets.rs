//! The facets of one older ElementDefinition in the form of R4: types, binding, slicing
//! (<https://hl7.org/fhir/STU3/elementdefinition.html>, <https://hl7.org/fhir/DSTU2/elementdefinition.html>).

use rustc_hash::FxHashSet;
use serde_json::{Map, Value, json};

use super::json::{put, text};

/// Types, binding and slicing as R4 has them. A length of 0 is what a tool wrote where none was meant.
pub(super) fn normalise(element: &mut Map<String, Value>) {
    if element.get("maxLength") == Some(&json!(0)) {
        element.shift_remove("maxLength");
    }
    if let Some(Value::Array(types)) = element.get("type") {
        let merged = types_of(types);
        put(element, "type", Value::Array(merged));
    }
    if let Some(binding) = element.get_mut("binding").and_then(Value::as_object_mut) {
        value_set(binding);
    }
    let discriminators = element.get_mut("slicing").and_then(|s| s.get_mut("discriminator"));
    for discriminator in discriminators.and_then(Value::as_array_mut).into_iter().flatten() {
        *discriminator = match discriminator.as_str() {
            Some(path) => by_suffix("value", path),
            None => by_suffix(
                discriminator["type"].as_str().unwrap_or("value"),
                discriminator["path"].as_str().unwrap_or("$this"),
            ),
        };
    }
}

/// One entry a type, with all its profiles: older versions repeat the type for each, and DSTU2 gives the profiles of a
/// reference's targets as the profiles of `Reference`.
fn types_of(types: &[Value]) -> Vec<Value> {
    let mut merged: Vec<Map<String, Value>> = Vec::new();
    let mut seen = FxHashSet::default();
    for entry in types.iter().filter_map(Value::as_object) {
        let code = text(entry, "code");
        let at = merged.iter().position(|m| text(m, "code") == code).unwrap_or(merged.len());
        if at == merged.len() {
            let mut first = entry.clone();
            for list in ["profile", "targetProfile", "aggregation"] {
                first.shift_remove(list);
            }
            merged.push(first);
        }
        let Some(own) = merged.get_mut(at) else { continue };
        let is_dstu2 = entry.get("profile").is_some_and(Value::is_array);
        let of_targets = code == "Reference" && is_dstu2;
        let mut put_once = |own: &mut Map<String, Value>, list: &str, value: &Value| {
            if seen.insert((at, list.to_owned(), value.to_string())) {
                add(own, list, value);
            }
        };
        let lists = [
            ("profile", if of_targets { "targetProfile" } else { "profile" }),
            ("targetProfile", "targetProfile"),
            ("aggregation", "aggregation"),
        ];
        for (from, to) in lists {
            match entry.get(from) {
                Some(Value::Array(all)) => all.iter().for_each(|v| put_once(own, to, v)),
                Some(one) => put_once(own, to, one),
                None => {}
            }
        }
    }
    merged.into_iter().map(Value::Object).collect()
}

/// Adds a value to a list.
fn add(entry: &mut Map<String, Value>, list: &str, value: &Value) {
    let all = entry.entry(list.to_owned()).or_insert_with(|| json!([]));
    if let Some(all) = all.as_array_mut() {
        all.push(value.clone());
    }
}

/// `valueSetUri` and `valueSetReference` as `valueSet`.
fn value_set(binding: &mut Map<String, Value>) {
    let reference = binding.shift_remove("valueSetReference").and_then(|r| r.get("reference").cloned());
    let found = binding.shift_remove("valueSetUri").or(reference);
    if let Some(url) = found {
        put(binding, "valueSet", url);
    }
}

/// A discriminator by the suffix of its path, which told its kind before there were kinds. A path that goes on behind
/// `reference` looks into the resource that is referred to.
fn by_suffix(kind: &str, path: &str) -> Value {
    let lower = path.to_ascii_lowercase();
    let by = |suffix: &str| lower.strip_suffix(suffix).and_then(|rest| path.get(..rest.len()));
    let (kind, path) = match (by("@type"), by("@profile")) {
        (Some(rest), _) => ("type", rest.trim_end_matches('.')),
        // `type@profile` stands for the profiles of the type.
        (_, Some(rest)) => ("profile", rest.trim_end_matches("type").trim_end_matches('.')),
        _ => (kind, path),
    };
    let path = match path.strip_prefix("reference.") {
        Some(rest) => format!("resolve().{rest}"),
        None if path.is_empty() => "$this".to_owned(),
        None => path.to_owned(),
    };
    json!({"type": kind, "path": path})
}
