//! What two statements say of themselves and in prose: the differences that no row of a negotiation is about.

use rustc_hash::{FxHashMap, FxHashSet};
use serde_json::Value;

use super::outcome::{Outcome, Remark, quoted};
use crate::issue::Severity;

/// Members that rows are about, or that mean nothing beside another statement's.
const OTHERS: [&str; 11] = [
    "resourceType",
    "id",
    "meta",
    "text",
    "contained",
    "implicitRules",
    "language",
    "fhirVersion",
    "rest",
    "extension",
    "modifierExtension",
];

/// The same of `rest`; the members of its `security` are compared one by one.
const OF_REST: [&str; 8] =
    ["mode", "resource", "interaction", "searchParam", "operation", "security", "extension", "modifierExtension"];

/// Tells where the members of two statements differ, and the prose of their `rest`.
pub(super) fn compare(left: &Value, right: &Value, outcome: &mut Outcome) {
    members(left, right, "CapabilityStatement", &OTHERS, outcome);
    let of_server = |statement| {
        let all = items(statement, "rest");
        let server = all.iter().find(|r| r.get("mode").is_some_and(|m| m == "server"));
        server.or(all.first()).copied()
    };
    let (Some(left), Some(right)) = (of_server(left), of_server(right)) else { return };
    members(left, right, "CapabilityStatement.rest", &OF_REST, outcome);
    let security = |rest: &'_ Value| rest.get("security").cloned().unwrap_or_default();
    members(&security(left), &security(right), "CapabilityStatement.rest.security", &[], outcome);
    let typed = |r: &'_ Value| r.get("type").and_then(Value::as_str).map(str::to_owned);
    let others: FxHashMap<String, &Value> =
        items(right, "resource").into_iter().filter_map(|r| Some((typed(r)?, r))).collect();
    for (at, own) in items(left, "resource").into_iter().enumerate() {
        let Some(other) = typed(own).and_then(|t| others.get(&t).copied()) else { continue };
        for name in ["documentation", "referencePolicy"] {
            let path = format!("CapabilityStatement.rest.resource[{at}]");
            member(name, own.get(name), other.get(name), &path, outcome);
        }
    }
}

fn items<'v>(value: &'v Value, name: &str) -> Vec<&'v Value> {
    value.get(name).and_then(Value::as_array).into_iter().flatten().collect()
}

/// Every member of either object but those of `without`, in the order of their names.
fn members(left: &Value, right: &Value, path: &str, without: &[&str], outcome: &mut Outcome) {
    let of = |value: &Value| value.as_object().map(|m| m.keys().cloned().collect::<Vec<_>>()).unwrap_or_default();
    let mut names: Vec<String> = of(left).into_iter().chain(of(right)).collect();
    names.sort();
    names.dedup();
    for name in names.iter().filter(|n| !without.contains(&n.as_str()) && !n.starts_with('_')) {
        member(name, left.get(name), right.get(name), path, outcome);
    }
}

fn member(name: &str, left: Option<&Value>, right: Option<&Value>, path: &str, outcome: &mut Outcome) {
    if left == right {
        return;
    }
    let shown = quoted(name);
    let text = match (left, right) {
        (Some(Value::Array(a)), Some(Value::Array(b))) => listed(&shown, a, b),
        (Some(a), Some(b)) => match (scalar(a), scalar(b)) {
            (Some(a), Some(b)) => Some(format!("{shown} differs: {} in left, {} in right", quoted(&a), quoted(&b))),
            _ => Some(format!("{shown} differs")),
        },
        (Some(_), None) => Some(format!("only left has {shown}")),
        _ => Some(format!("only right has {shown}")),
    };
    let Some(text) = text else { return };
    // A statement of requirements and one of an instance mean different things by the same lists.
    let severity = if name == "kind" { Severity::Warning } else { Severity::Information };
    let fits = name.bytes().all(|b| b.is_ascii_alphanumeric());
    let expression = Some(if fits { format!("{path}.{name}") } else { path.to_owned() });
    outcome.add(&Remark { severity, expression, ..Remark::information(text) });
}

fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Bool(_) | Value::Number(_) => Some(value.to_string()),
        _ => None,
    }
}

/// The differences of two lists: which texts only one has; `None` where they have the same in another order.
fn listed(name: &str, left: &[Value], right: &[Value]) -> Option<String> {
    let texts = |list: &[Value]| list.iter().map(scalar).collect::<Option<Vec<String>>>();
    let (Some(left), Some(right)) = (texts(left), texts(right)) else { return Some(format!("{name} differs")) };
    let only = |own: &[String], other: &[String]| {
        let other: FxHashSet<&str> = other.iter().map(String::as_str).collect();
        own.iter().filter(|t| !other.contains(t.as_str())).take(10).map(|t| quoted(t)).collect::<Vec<_>>().join(", ")
    };
    let parts: Vec<String> = [("left", only(&left, &right)), ("right", only(&right, &left))]
        .into_iter()
        .filter(|(_, texts)| !texts.is_empty())
        .map(|(side, texts)| format!("only {side} has {texts}"))
        .collect();
    (!parts.is_empty()).then(|| format!("{name}: {}", parts.join("; ")))
}
