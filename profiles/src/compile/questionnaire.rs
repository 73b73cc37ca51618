//! What responses are judged by, of a Questionnaire: its items without their texts.

use serde_json::{Map, Value};

/// The members of an item that say what an answer may be.
const MEMBERS: [&str; 11] = ["linkId", "type", "required", "repeats", "maxLength", "enableWhen", "enableBehavior", "answerOption", "answerValueSet", "extension", "item"];
/// Deeper items are left out.
const DEPTH: usize = 64;

/// The JSON of the items.
pub fn content(questionnaire: &Value) -> String {
    let mut out = Map::new();
    out.insert("resourceType".to_owned(), "Questionnaire".into());
    if let Some(items) = questionnaire.get("item") {
        out.insert("item".to_owned(), pruned(items, DEPTH));
    }
    Value::Object(out).to_string()
}

fn pruned(items: &Value, depth: usize) -> Value {
    let item = |item: &Value| {
        let mut out = Map::new();
        for name in MEMBERS {
            match item.get(name) {
                Some(items) if name == "item" && depth > 0 => out.insert(name.to_owned(), pruned(items, depth - 1)),
                Some(value) if name != "item" => out.insert(name.to_owned(), value.clone()),
                _ => None,
            };
        }
        Value::Object(out)
    };
    Value::Array(items.as_array().into_iter().flatten().map(item).collect())
}
