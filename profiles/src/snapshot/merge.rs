//! What a differential says of an element, merged into what the base says of it.

use serde_json::Value;

use super::Problem;
use super::element::{Element, Members, choice_base};

/// A fault that a merge met.
pub(super) type Fault = (Problem, String);

/// Lays `said` over `element`. `profile` becomes the source of constraints that name none.
pub(super) fn merge(element: &mut Element, said: &Members, profile: &str) {
    let members = element.change();
    for (key, value) in said {
        match key.as_str() {
            "id" | "path" | "sliceName" | "base" => {}
            "extension" => union(members, key, value, same_extension),
            "alias" | "condition" => union(members, key, value, |a, b| a == b),
            "code" => union(members, key, value, |a, b| a == b),
            "mapping" => union(members, key, value, |a, b| {
                a.get("identity") == b.get("identity") && a.get("map") == b.get("map")
            }),
            "constraint" => union(members, key, &with_source(value, profile), |a, b| a.get("key") == b.get("key")),
            "short" | "definition" | "comment" | "requirements" | "meaningWhenMissing" => text(members, key, value),
            "binding" => binding(members, value),
            "slicing" => slicing(members, value),
            // Neither a minimum below the base's nor a maximum above it changes anything.
            "min"
                if members
                    .get(key)
                    .and_then(Value::as_u64)
                    .is_some_and(|old| value.as_u64().is_some_and(|new| new < old)) => {}
            "max" if max_of(members.get(key)).is_some_and(|old| max_of(Some(value)).is_some_and(|new| new > old)) => {}
            // What modifies in the base cannot cease to.
            "isModifier" if members.get(key) == Some(&Value::Bool(true)) => {}
            _ => set(members, key, value),
        }
    }
}

/// Sets a member; one of a choice puts out what the choice held.
fn set(members: &mut Members, key: &str, value: &Value) {
    if let Some(base) = choice_base(key.strip_prefix('_').unwrap_or(key)) {
        let is_sibling = |k: &str| k.strip_prefix('_') == Some(key) || key.strip_prefix('_') == Some(k);
        members.retain(|k, _| choice_base(k.strip_prefix('_').unwrap_or(k)) != Some(base) || k == key || is_sibling(k));
    }
    members.insert(key.to_owned(), value.clone());
}

/// Adds what a list does not have yet.
fn union(members: &mut Members, key: &str, value: &Value, same: impl Fn(&Value, &Value) -> bool) {
    let Some(added) = value.as_array() else { return };
    let list = members.entry(key.to_owned()).or_insert_with(|| Value::Array(Vec::new()));
    let Some(list) = list.as_array_mut() else { return };
    for item in added {
        if !list.iter().any(|old| same(old, item)) {
            list.push(item.clone());
        }
    }
}

fn same_extension(a: &Value, b: &Value) -> bool {
    a == b
}

/// Constraints with the profile as their source where they name none.
fn with_source(constraints: &Value, profile: &str) -> Value {
    let mut constraints = constraints.clone();
    for constraint in constraints.as_array_mut().into_iter().flatten().filter_map(Value::as_object_mut) {
        if !constraint.contains_key("source") && !profile.is_empty() {
            constraint.insert("source".into(), profile.into());
        }
    }
    constraints
}

/// A text that begins with `...` goes on where the base's ends.
fn text(members: &mut Members, key: &str, value: &Value) {
    let more = value.as_str().and_then(|t| t.strip_prefix("..."));
    let whole = match (more, members.get(key).and_then(Value::as_str)) {
        (Some(more), Some(base)) => Value::String(format!("{base}\n{more}")),
        (Some(more), None) => Value::String(more.to_owned()),
        (None, _) => value.clone(),
    };
    members.insert(key.to_owned(), whole);
}

/// A binding is replaced; strength and value set stay where the new one does not name them. A required one does not get
/// weaker.
fn binding(members: &mut Members, value: &Value) {
    if loosens(members.get("binding"), value) {
        return;
    }
    let mut value = value.clone();
    if let (Some(new), Some(old)) = (value.as_object_mut(), members.get("binding").and_then(Value::as_object)) {
        if old.contains_key("valueSet") {
            modernize(new);
        }
        for key in ["strength", "valueSet", "valueSetUri", "valueSetReference"] {
            let named = new.keys().any(|k| k == key || (key.starts_with("valueSet") && k.starts_with("valueSet")));
            if let Some(kept) = old.get(key).filter(|_| !named) {
                new.insert(key.to_owned(), kept.clone());
            }
        }
    }
    members.insert("binding".to_owned(), value);
}

/// Writes the value set of a binding in STU3's form as later versions do.
fn modernize(binding: &mut Members) {
    let reference = binding.get("valueSetReference").and_then(|r| r.get("reference"));
    let named = reference.or_else(|| binding.get("valueSetUri")).filter(|v| v.is_string()).cloned();
    if let Some(named) = named {
        binding.shift_remove("valueSetReference");
        binding.shift_remove("valueSetUri");
        binding.insert("valueSet".to_owned(), named);
    }
}

/// Whether a binding that the differential names is weaker than the base's required one.
pub(super) fn loosens(base: Option<&Value>, said: &Value) -> bool {
    let strength = |binding: &Value| binding.get("strength").and_then(Value::as_str).map(str::to_owned);
    base.and_then(strength).as_deref() == Some("required") && strength(said).is_some_and(|new| new != "required")
}

/// Slicing rules are overridden one by one; discriminators add up.
fn slicing(members: &mut Members, value: &Value) {
    let Some(new) = value.as_object() else { return };
    let Some(old) = members.get_mut("slicing").and_then(Value::as_object_mut) else {
        members.insert("slicing".to_owned(), value.clone());
        return;
    };
    for (key, value) in new {
        match key.as_str() {
            "discriminator" => union(old, key, value, |a, b| a == b),
            _ => {
                old.insert(key.clone(), value.clone());
            }
        }
    }
}

/// The number that a `max` stands for; `*` is the greatest.
pub(super) fn max_of(value: Option<&Value>) -> Option<u64> {
    match value?.as_str()? {
        "*" => Some(u64::MAX),
        number => number.parse().ok(),
    }
}

/// Adds the constraints of a type to an element of that type.
pub(super) fn inherit_constraints(element: &mut Element, root: &Element) {
    if let Some(value) = root.get("constraint") {
        union(element.change(), "constraint", value, |a, b| a.get("key") == b.get("key"));
    }
}

/// What the root of a datatype's profile adds to an element of that type.
pub(super) fn overlay_datatype(element: &mut Element, root: &Element) {
    let binding = root.get("binding").filter(|_| element.get("binding").is_none()).cloned();
    let members = element.change();
    if let Some(value) = root.get("condition") {
        union(members, "condition", value, |a, b| a == b);
    }
    if let Some(binding) = binding {
        members.insert("binding".to_owned(), binding);
    }
}

/// An extension's element is described by the root of the extension's definition.
pub(super) fn overlay_extension(element: &mut Element, root: &Element) {
    let mut members = root.members();
    let max = max_of(element.get("max")).unwrap_or(u64::MAX).min(max_of(members.get("max")).unwrap_or(u64::MAX));
    for key in ["id", "path", "sliceName", "slicing", "base", "extension", "mustSupport", "binding"] {
        members.shift_remove(key);
    }
    for key in ["id", "path", "extension", "sliceName", "slicing", "base", "min", "type", "mustSupport"] {
        if let Some(kept) = element.get(key) {
            members.insert(key.to_owned(), kept.clone());
        }
    }
    let max = if max == u64::MAX { "*".to_owned() } else { max.to_string() };
    members.insert("max".to_owned(), Value::String(max));
    *element = Element::own(members);
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_value_set_in_the_form_of_stu3_is_kept() {
        let of_base = json!({ "binding": { "strength": "extensible", "valueSet": "http://x.example/a" } });
        let reference = ("valueSetReference", json!({ "reference": "http://x.example/b" }));
        for (key, value) in [reference, ("valueSetUri", json!("http://x.example/b"))] {
            let said = json!({ "binding": { "strength": "required", key: value } });
            let mut element = Element::own(of_base.as_object().cloned().unwrap_or_default());
            merge(&mut element, &said.as_object().cloned().unwrap_or_default(), "http://x.example/mine");
            let wanted = json!({ "strength": "required", "valueSet": "http://x.example/b" });
            assert_eq!(element.get("binding"), Some(&wanted));
        }
    }
}
