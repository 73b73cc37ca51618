//! Codes that are in no value set.

use serde_json::{Value, json};

use super::edit::replaced;
use super::ground::Base;
use crate::guide_test::place::at;

/// A code that no system has; then one of a system that nobody has.
const CODE: &str = "no-such-code";
const SYSTEM: &str = "https://accord.example/no-such-system";

/// Another code in the same system, and in another.
pub(super) fn unknown(base: &Base<'_>) -> Vec<Value> {
    let mut out = Vec::new();
    for way in base.ways {
        let Some(found) = at(base.root, way) else { continue };
        let other = [coded(found, false), coded(found, true)];
        out.extend(other.into_iter().flatten().filter_map(|v| replaced(base.root, way, v)));
    }
    out
}

fn coded(found: &Value, is_foreign: bool) -> Option<Value> {
    let mut out = found.clone();
    match &mut out {
        Value::String(text) => *text = CODE.to_owned(),
        Value::Object(members) if members.contains_key("coding") => {
            members.get_mut("coding")?.as_array_mut()?.iter_mut().for_each(|c| coding(c, is_foreign));
        }
        // A concept that has a text only.
        Value::Object(members) if members.len() == 1 && members.contains_key("text") => {
            members.insert("coding".to_owned(), json!([{"system": SYSTEM, "code": CODE}]));
        }
        Value::Object(_) => coding(&mut out, is_foreign),
        _ => return None,
    }
    Some(out)
}

fn coding(value: &mut Value, is_foreign: bool) {
    let Some(members) = value.as_object_mut() else { return };
    members.shift_remove("display");
    members.insert("code".to_owned(), CODE.into());
    if is_foreign {
        members.insert("system".to_owned(), SYSTEM.into());
    }
}
