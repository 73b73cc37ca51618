//! What responses are judged by, of a Questionnaire: whom it is about, when it is in effect, its items, and the
//! value sets that it contains.

use rustc_hash::FxHashSet;
use serde_json::{Map, Value};

use super::json::{contained_value_sets, text};

/// The members of an item that say what an answer and its text may be.
const MEMBERS: [&str; 15] = [
    "linkId",
    "definition",
    "text",
    "_text",
    "type",
    "required",
    "repeats",
    "maxLength",
    "enableWhen",
    "enableBehavior",
    "answerOption",
    "answerValueSet",
    "answerConstraint",
    "extension",
    "item",
];
/// Deeper items are left out.
const DEPTH: usize = 64;

/// The JSON of the items. A value set that the questionnaire contains is named by the questionnaire's url and its id.
pub fn content(questionnaire: &Value) -> String {
    let mut out = Map::new();
    out.insert("resourceType".to_owned(), "Questionnaire".into());
    for name in ["subjectType", "effectivePeriod"] {
        out.extend(questionnaire.get(name).map(|value| (name.to_owned(), value.clone())));
    }
    if let Some(items) = questionnaire.get("item") {
        let contained: FxHashSet<String> = contained_value_sets(questionnaire).map(|(name, _)| name).collect();
        let named = |canonical: &str| {
            Some(format!("{}{canonical}", text(questionnaire, "url"))).filter(|name| contained.contains(name))
        };
        out.insert("item".to_owned(), pruned(items, DEPTH, &named));
    }
    Value::Object(out).to_string()
}

/// Items with the members that count; `named` gives the name of a contained value set.
fn pruned(items: &Value, depth: usize, named: &dyn Fn(&str) -> Option<String>) -> Value {
    let item = |item: &Value| {
        let mut out = Map::new();
        for name in MEMBERS {
            match item.get(name) {
                Some(items) if name == "item" && depth > 0 => {
                    out.insert(name.to_owned(), pruned(items, depth - 1, named))
                }
                Some(Value::String(canonical)) if name == "answerValueSet" => {
                    out.insert(name.to_owned(), named(canonical).unwrap_or_else(|| canonical.clone()).into())
                }
                Some(value) if name != "item" => out.insert(name.to_owned(), value.clone()),
                _ => None,
            };
        }
        Value::Object(out)
    };
    Value::Array(items.as_array().into_iter().flatten().map(item).collect())
}
