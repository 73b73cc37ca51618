//! Values beyond a least or a greatest one.

use serde_json::{Number, Value};

use super::edit::replaced;
use super::ground::Base;
use crate::guide_test::place::at;

/// Values below a least one, or above a greatest one: numbers, quantities in the unit that is there, and dates.
pub(super) fn beyond(base: &Base<'_>, limit: &Value, is_above: bool) -> Vec<Value> {
    let one = |way: &crate::guide_test::place::Way| {
        let found = at(base.root, way)?;
        replaced(base.root, way, other(found, limit, is_above)?)
    };
    base.ways.iter().filter_map(one).collect()
}

fn other(found: &Value, limit: &Value, is_above: bool) -> Option<Value> {
    match (found, limit) {
        (Value::Object(members), Value::Object(wanted)) => {
            let mut changed = members.clone();
            changed.insert("value".to_owned(), next(wanted.get("value")?, is_above)?);
            Some(Value::Object(changed))
        }
        (Value::String(text), _) => {
            let far = if is_above { "9999-12-31T23:59:59Z" } else { "0001-01-01T00:00:00Z" };
            Some(far.get(..text.len().min(far.len())).unwrap_or(far).into())
        }
        _ => next(limit, is_above),
    }
}

/// The number beside another.
fn next(number: &Value, is_above: bool) -> Option<Value> {
    let value = number.as_f64()? + if is_above { 1.0 } else { -1.0 };
    format!("{value}").parse::<Number>().ok().map(Value::Number)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn one_step_beyond() {
        assert_eq!(other(&json!(5), &json!(3), false), Some(json!(2)));
        assert_eq!(
            other(&json!({"value": 1, "code": "kg"}), &json!({"value": 200}), true).unwrap()["value"],
            json!(201)
        );
        assert_eq!(other(&json!("2020-01"), &json!("2019"), true), Some(json!("9999-12")));
        assert_eq!(other(&json!({"value": 1}), &json!(1), true), Some(json!(2)));
    }
}
