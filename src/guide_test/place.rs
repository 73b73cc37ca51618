//! Places in an instance as JSON: from the FHIRPath expressions of issues to members and entries.

use serde_json::Value;

/// A step on the way to a value.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Step {
    Member(String),
    Entry(usize),
}

/// The way to a value from the root.
pub(super) type Way = Vec<Step>;

/// The way that an expression names in an instance; `None` where the instance has no such place.
pub(super) fn way(expression: &str, root: &Value) -> Option<Way> {
    let mut parts = parts(expression);
    let (mut at, mut way) = (root, Vec::new());
    parts.remove(0);
    let count = parts.len();
    for (nth, part) in parts.into_iter().enumerate() {
        let (name, index) = indexed(&part);
        let is_last = nth + 1 == count;
        let plain = at.get(&name);
        let entry = |v: &Value| index.and_then(|i| v.get(i)).or(Some(v)).is_some_and(Value::is_object);
        // What a primitive has beside its value is in a member of its own.
        let is_beside = plain.is_none() || !is_last && !plain.is_some_and(entry);
        let member = if is_beside { format!("_{name}") } else { name };
        at = at.get(&member)?;
        way.push(Step::Member(member));
        if let (Some(i), Value::Array(entries)) = (index, at) {
            at = entries.get(i)?;
            way.push(Step::Entry(i));
        }
    }
    Some(way)
}

/// The parts of an expression, a choice by the name of its member.
fn parts(expression: &str) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    for part in expression.split('.') {
        let kind = part.strip_prefix("ofType(").and_then(|p| p.split_once(')'));
        match (kind, out.last_mut()) {
            (Some((kind, rest)), Some(base)) => *base = format!("{}{rest}", choice(base, kind)),
            _ => out.push(part.to_owned()),
        }
    }
    out
}

/// The name of a choice's member of a type.
pub(super) fn choice(base: &str, kind: &str) -> String {
    let mut letters = kind.chars();
    let first: String = letters.next().into_iter().flat_map(char::to_uppercase).collect();
    format!("{base}{first}{}", letters.as_str())
}

fn indexed(part: &str) -> (String, Option<usize>) {
    match part.strip_suffix(']').and_then(|p| p.split_once('[')) {
        Some((name, index)) => (name.to_owned(), index.parse().ok()),
        None => (part.to_owned(), None),
    }
}

/// The value at the end of a way.
pub(super) fn at<'v>(root: &'v Value, way: &[Step]) -> Option<&'v Value> {
    way.iter().try_fold(root, |v, step| match step {
        Step::Member(name) => v.get(name.as_str()),
        Step::Entry(i) => v.get(*i),
    })
}

/// The value at the end of a way, to be changed.
pub(super) fn at_mut<'v>(root: &'v mut Value, way: &[Step]) -> Option<&'v mut Value> {
    way.iter().try_fold(root, |v, step| match step {
        Step::Member(name) => v.get_mut(name.as_str()),
        Step::Entry(i) => v.get_mut(*i),
    })
}

/// The way to the object that holds the element, the name of its member, and the entry that it is.
pub(super) fn holder(way: &[Step]) -> Option<(&[Step], &str, Option<usize>)> {
    match way {
        [above @ .., Step::Member(name), Step::Entry(i)] => Some((above, name, Some(*i))),
        [above @ .., Step::Member(name)] => Some((above, name, None)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn found(expression: &str, root: &Value) -> Option<Value> {
        at(root, &way(expression, root)?).cloned()
    }

    #[test]
    fn expressions_lead_to_values() {
        let root = json!({"resourceType": "Observation", "valueQuantity": {"unit": "m"}, "issued": "2020",
            "_issued": {"extension": [{"url": "u"}]},
            "component": [{"valueString": "a"}, {"valueString": "b"}]});
        assert_eq!(found("Observation", &root), Some(root.clone()));
        assert_eq!(found("Observation.value.ofType(Quantity).unit", &root), Some(json!("m")));
        assert_eq!(found("Observation.component[1].value.ofType(string)", &root), Some(json!("b")));
        assert_eq!(found("Observation.issued", &root), Some(json!("2020")));
        assert_eq!(found("Observation.issued.extension[0].url", &root), Some(json!("u")));
        assert_eq!(found("Observation.component[2]", &root), None);
        assert_eq!(found("", &root), Some(root.clone()));
    }

    #[test]
    fn a_way_has_a_holder() {
        let way = [Step::Member("name".to_owned()), Step::Entry(1)];
        assert_eq!(holder(&way), Some((&way[..0], "name", Some(1))));
        assert_eq!(holder(&[]), None);
    }
}
