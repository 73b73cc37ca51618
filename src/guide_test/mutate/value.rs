//! Other values than those that are demanded.

use serde_json::{Number, Value};

use super::edit::{removed, replaced, within};
use super::ground::Base;
use crate::guide_test::place::{at, holder};

/// The most changes to one value.
const MOST: usize = 24;

/// Values that differ from the demanded one at each of its leaves, then the value without each member.
pub(super) fn other(base: &Base<'_>, demanded: &Value) -> Vec<Value> {
    let mut out = Vec::new();
    for way in base.ways {
        let Some(found) = at(base.root, way) else { continue };
        if let Some((above, name, None)) = holder(way).filter(|_| !demanded.is_object() && found.is_object()) {
            // An extension stands in for the value.
            out.extend(leaves(demanded).into_iter().filter_map(|v| {
                within(base.root, above, |members| {
                    members.shift_remove(name);
                    members.insert(name.trim_start_matches('_').to_owned(), v);
                })
            }));
            continue;
        }
        out.extend(variations(found, demanded).into_iter().filter_map(|v| replaced(base.root, way, v)));
    }
    out
}

/// A value with each of its leaves changed that `demanded` has too, and without each such member.
pub(super) fn variations(found: &Value, demanded: &Value) -> Vec<Value> {
    let mut out = Vec::new();
    match (found, demanded) {
        (Value::Object(members), Value::Object(wanted)) => {
            for name in wanted.keys() {
                let (Some(own), Some(wanted)) = (members.get(name), wanted.get(name)) else { continue };
                out.extend(variations(own, wanted).into_iter().map(|v| {
                    let mut changed = members.clone();
                    changed.insert(name.clone(), v);
                    Value::Object(changed)
                }));
                if members.len() > 1 {
                    let mut less = members.clone();
                    less.shift_remove(name);
                    out.push(Value::Object(less));
                }
            }
        }
        (Value::Array(entries), Value::Array(wanted)) => {
            let pairs = entries.iter().enumerate().flat_map(|(i, e)| wanted.iter().map(move |w| (i, e, w)));
            out.extend(pairs.flat_map(|(i, e, w)| variations(e, w).into_iter().map(move |v| (i, v))).filter_map(
                |(i, v)| {
                    let mut changed = entries.clone();
                    *changed.get_mut(i)? = v;
                    Some(Value::Array(changed))
                },
            ));
        }
        (leaf, _) => out.extend(leaves(leaf)),
    }
    out.truncate(MOST);
    out
}

/// Other leaves.
pub(super) fn leaves(leaf: &Value) -> Vec<Value> {
    match leaf {
        Value::String(text) if text.contains("://") => vec![format!("{text}-other").into()],
        Value::String(text) if text.starts_with(|c: char| c.is_ascii_digit()) && text.contains('-') => {
            let same = |with: &str| with.get(..text.len().min(with.len())).unwrap_or(with).into();
            let mut out: Vec<Value> = vec![same("1900-01-01T00:00:00Z"), same("2999-12-31T00:00:00Z")];
            let shorter = [10, 7, 4].into_iter().filter(|n| *n < text.len());
            out.extend(shorter.filter_map(|n| text.get(..n)).map(Value::from));
            out
        }
        Value::String(text) => vec!["other".into(), format!("{text}-other").into()],
        Value::Bool(is) => vec![Value::Bool(!is)],
        Value::Number(n) => {
            let whole = n.as_f64().unwrap_or(0.0);
            [whole + 1.0, -1.0, 0.0, 1_000_000.0]
                .into_iter()
                .filter(|v| (v - whole).abs() > f64::EPSILON)
                .filter_map(number)
                .collect()
        }
        _ => Vec::new(),
    }
}

/// A number, without a point where it is whole.
fn number(value: f64) -> Option<Value> {
    let text = format!("{value}");
    text.parse::<Number>().ok().map(Value::Number)
}

/// Texts that are longer than they may be.
pub(super) fn longer(base: &Base<'_>, max: u64) -> Vec<Value> {
    let length = usize::try_from(max).unwrap_or(MOST_TEXT).saturating_add(1);
    let text = "x".repeat(length.min(MOST_TEXT));
    base.ways
        .iter()
        .filter(|_| length <= MOST_TEXT)
        .filter_map(|way| replaced(base.root, way, text.clone().into()))
        .collect()
}

/// The longest text that is made.
const MOST_TEXT: usize = 100_000;

/// The instance without an element, then with other values at it.
pub(super) fn changed(root: &Value, way: &[crate::guide_test::place::Step]) -> Vec<Value> {
    let found = at(root, way);
    let other = found.into_iter().filter(|f| !f.is_object() && !f.is_array()).flat_map(leaves);
    removed(root, way).into_iter().chain(other.filter_map(|v| replaced(root, way, v))).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn leaves_of_a_pattern_are_changed_one_at_a_time() {
        let found = json!({"coding": [{"system": "http://a", "code": "x", "display": "d"}], "text": "t"});
        let made = variations(&found, &json!({"coding": [{"code": "x"}]}));
        assert_eq!(made[0]["coding"][0]["code"], "other");
        assert!(made.contains(&json!({"coding": [{"system": "http://a", "display": "d"}], "text": "t"})));
        assert!(made.contains(&json!({"text": "t"})));
        assert!(made.iter().all(|v| *v != found && v["coding"][0]["system"] != json!("http://a-other")));
        assert_eq!(leaves(&json!(true)), [json!(false)]);
        assert_eq!(leaves(&json!("2020-01"))[0], json!("1900-01"));
        assert_eq!(leaves(&json!(1.5))[0].to_string(), "2.5");
    }
}
