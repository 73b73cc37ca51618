//! Changes to JSON of FHIR: an element may be in two members, its value and what is beside it.

use serde_json::{Map, Value};

use crate::guide_test::place::{Step, Way, at_mut, holder};

/// The instance with another value at a place.
pub(super) fn replaced(root: &Value, way: &[Step], value: Value) -> Option<Value> {
    let mut out = root.clone();
    *at_mut(&mut out, way)? = value;
    Some(out)
}

/// The instance with a change to the object at a place.
pub(super) fn within(root: &Value, way: &[Step], change: impl FnOnce(&mut Map<String, Value>)) -> Option<Value> {
    let mut out = root.clone();
    change(at_mut(&mut out, way)?.as_object_mut()?);
    Some(out)
}

/// The name of the member beside the one of a primitive.
fn beside(name: &str) -> String {
    name.strip_prefix('_').map_or_else(|| format!("_{name}"), str::to_owned)
}

/// Takes an element out of the object that holds it; of a list the entry.
pub(super) fn removed(root: &Value, way: &[Step]) -> Option<Value> {
    let mut out = root.clone();
    take(&mut out, way)?;
    Some(out)
}

/// Takes several elements out.
pub(super) fn all_removed(root: &Value, ways: &[Way]) -> Option<Value> {
    let mut ways: Vec<&Way> = ways.iter().collect();
    // What is behind moves up.
    ways.sort();
    let mut out = root.clone();
    ways.into_iter().rev().try_for_each(|way| take(&mut out, way))?;
    Some(out)
}

fn take(root: &mut Value, way: &[Step]) -> Option<()> {
    let (above, name, index) = holder(way)?;
    let members = at_mut(root, above)?.as_object_mut()?;
    for name in [name.to_owned(), beside(name)] {
        let is_gone = match (members.get_mut(&name), index) {
            (Some(Value::Array(entries)), Some(i)) if entries.len() > 1 => {
                if i < entries.len() {
                    entries.remove(i);
                }
                false
            }
            _ => true,
        };
        if is_gone {
            members.shift_remove(&name);
        }
    }
    Some(())
}

/// Puts a value into a member of an object, in a list behind those that are there.
pub(super) fn put(members: &mut Map<String, Value>, name: &str, value: Value, is_list: bool) {
    match members.get_mut(name) {
        Some(Value::Array(entries)) => entries.push(value),
        _ if is_list => drop(members.insert(name.to_owned(), Value::Array(vec![value]))),
        _ => drop(members.insert(name.to_owned(), value)),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::guide_test::place::way;

    #[test]
    fn both_members_of_a_primitive_go() {
        let root =
            json!({"resourceType": "P", "a": ["x", "y"], "_a": [null, {"id": "1"}], "b": "z", "_b": {"id": "2"}});
        let at = |path: &str| way(path, &root).unwrap();
        assert_eq!(removed(&root, &at("P.a[1]")).unwrap()["_a"], json!([null]));
        assert_eq!(
            removed(&root, &at("P.b")).unwrap(),
            json!({"resourceType": "P", "a": ["x", "y"], "_a": [null, {"id": "1"}]})
        );
        let none = all_removed(&root, &[at("P.a[0]"), at("P.a[1]")]).unwrap();
        assert_eq!(none, json!({"resourceType": "P", "b": "z", "_b": {"id": "2"}}));
        assert!(removed(&root, &[]).is_none());
    }
}
