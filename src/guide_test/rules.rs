//! The rules that a profile adds to its base, from its differential.

use serde_json::Value;

use super::base::{same_binding, same_targets, same_types};
use super::element_id;
use super::profile::Profile;
use super::rule::{Demand, Rule};

/// The rules of a profile, in the order of its differential, each once.
pub(super) fn rules(profile: &Profile) -> Vec<Rule> {
    let mut out: Vec<Rule> = Vec::new();
    for (id, own) in &profile.own {
        let base = profile.element(id).and_then(|e| e.get("base"));
        let mut demands = cardinality(id, own, base);
        let of_type = profile.bases.get(id).unwrap_or(&Value::Null);
        demands.extend(values(own, of_type));
        demands.extend(types(id, own, of_type));
        demands.extend(invariants(own));
        for demand in demands {
            let rule = Rule { element: id.clone(), demand };
            if !out.contains(&rule) {
                out.push(rule);
            }
        }
    }
    out
}

fn text<'v>(value: &'v Value, key: &str) -> Option<&'v str> {
    value.get(key).and_then(Value::as_str)
}

/// Cardinalities that are narrower than those of the type; a root has none.
fn cardinality(id: &str, own: &Value, base: Option<&Value>) -> Vec<Demand> {
    let mut out = Vec::new();
    if element_id::parent(id).is_none() {
        return out;
    }
    // What is said of a choice's own slice is said of the choice.
    let is_slice = element_id::slice(id).is_some();
    let base_min = base.and_then(|b| b.get("min")).and_then(Value::as_u64).unwrap_or(0);
    if let Some(min) = own.get("min").and_then(Value::as_u64).filter(|m| *m > 0 && (is_slice || *m > base_min)) {
        out.push(if is_slice { Demand::SliceMin(min) } else { Demand::Min(min) });
    }
    let base_max = base.and_then(|b| text(b, "max")).unwrap_or("*");
    if let Some(max) = text(own, "max").filter(|m| *m != base_max).and_then(|m| m.parse().ok()) {
        out.push(if is_slice { Demand::SliceMax(max) } else { Demand::Max(max) });
    }
    if own.pointer("/slicing/rules").and_then(Value::as_str) == Some("closed") && !element_id::is_choice(id) {
        out.push(Demand::Closed);
    }
    out
}

/// What values must be.
fn values(own: &Value, of_type: &Value) -> Vec<Demand> {
    let mut out = Vec::new();
    let typed =
        |key: &str, of: &str| key.strip_prefix(of).is_some_and(|t| t.starts_with(|c: char| c.is_ascii_uppercase()));
    for (key, value) in own.as_object().into_iter().flatten() {
        if typed(key, "fixed") {
            out.push(Demand::Fixed(value.clone()));
        } else if typed(key, "pattern") {
            out.push(Demand::Pattern(value.clone()));
        } else if typed(key, "minValue") {
            out.push(Demand::MinValue(value.clone()));
        } else if typed(key, "maxValue") {
            out.push(Demand::MaxValue(value.clone()));
        }
    }
    let binding = own.get("binding").filter(|_| !same_binding(own, of_type));
    if let Some(binding) = binding.filter(|b| text(b, "strength") == Some("required")) {
        out.extend(text(binding, "valueSet").map(|set| Demand::Binding(set.to_owned())));
    }
    out.extend(own.get("maxLength").and_then(Value::as_u64).map(Demand::MaxLength));
    out
}

/// The types of choices, and the targets of references.
fn types(id: &str, own: &Value, of_type: &Value) -> Vec<Demand> {
    let all: Vec<&Value> = own.get("type").and_then(Value::as_array).into_iter().flatten().collect();
    let mut out = Vec::new();
    let codes: Vec<String> = all.iter().filter_map(|t| text(t, "code")).map(str::to_owned).collect();
    if element_id::is_choice(id) && !codes.is_empty() && !same_types(own, of_type) {
        out.push(Demand::Types(codes));
    }
    let targets = all.iter().filter_map(|t| t.get("targetProfile").and_then(Value::as_array)).flatten();
    let targets: Vec<String> = targets.filter_map(Value::as_str).map(str::to_owned).collect();
    let is_any =
        |t: &String| t.ends_with("/StructureDefinition/Resource") || t.ends_with("/StructureDefinition/DomainResource");
    if !targets.is_empty() && !same_targets(own, of_type) && !targets.iter().any(is_any) {
        out.push(Demand::Targets(targets));
    }
    out
}

fn invariants(own: &Value) -> Vec<Demand> {
    let one = |c: &Value| Some(Demand::Invariant(text(c, "key")?.to_owned(), text(c, "expression")?.to_owned()));
    constraints(own).filter(|c| !is_best_practice(c)).filter_map(one).collect()
}

fn constraints(own: &Value) -> impl Iterator<Item = &Value> {
    own.get("constraint").and_then(Value::as_array).into_iter().flatten()
}

/// Best practice is not checked where nobody asks for it
/// (<https://hl7.org/fhir/extensions/StructureDefinition-elementdefinition-bestpractice.html>).
fn is_best_practice(constraint: &Value) -> bool {
    let all = constraint.get("extension").and_then(Value::as_array).into_iter().flatten();
    let mut marked = all.filter(|e| text(e, "url").is_some_and(|u| u.ends_with("/elementdefinition-bestpractice")));
    marked.any(|e| e.get("valueBoolean") == Some(&Value::Bool(true)))
}

/// The keys of invariants that are best practice, with their elements.
pub(super) fn best_practice(profile: &Profile) -> Vec<String> {
    let keys = |(id, own): &(String, Value)| {
        let marked = constraints(own).filter(|c| is_best_practice(c)).filter_map(|c| text(c, "key"));
        marked.map(|key| format!("{id} {key}")).collect::<Vec<_>>()
    };
    profile.own.iter().flat_map(keys).collect()
}

#[cfg(test)]
#[path = "rules_tests.rs"]
mod tests;
