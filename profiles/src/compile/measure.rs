//! What reports are judged by, of a Measure: the codes of its groups, their populations and stratifiers.

use serde_json::{Map, Value, json};

/// The JSON of the groups.
pub fn content(measure: &Value) -> String {
    json!({"resourceType": "Measure", "group": parts(measure, "group", &["population", "stratifier"])}).to_string()
}

/// The parts of this name with their codes, and their own parts of these names.
fn parts(of: &Value, name: &str, inner: &[&str]) -> Value {
    let part = |part: &Value| {
        let mut out = Map::new();
        out.extend(part.get("code").map(|code| ("code".to_owned(), code.clone())));
        out.extend(
            inner
                .iter()
                .filter(|name| part.get(**name).is_some())
                .map(|name| ((*name).to_owned(), parts(part, name, &[]))),
        );
        Value::Object(out)
    };
    of.get(name).and_then(Value::as_array).into_iter().flatten().map(part).collect()
}
