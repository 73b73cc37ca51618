//! The expansion that a value set carries (<https://hl7.org/fhir/R4/valueset-definitions.html#ValueSet.expansion>).

use serde_json::Value;

use super::include::names_of;
use super::reason::Reason;
use super::set::{CodeSet, ConceptInfo, Membership};

/// What an expansion that the value set carries adds: its codes are members; where it is whole, nothing else is.
pub(super) fn with_stated(set: &CodeSet, stated: &Value, url: &str) -> CodeSet {
    let mut listed = CodeSet::default();
    let mut pending: Vec<&Value> =
        stated.get("contains").and_then(Value::as_array).into_iter().flatten().rev().collect();
    let mut count = 0usize;
    while let Some(entry) = pending.pop() {
        count += 1;
        pending.extend(entry.get("contains").and_then(Value::as_array).into_iter().flatten().rev());
        let text = |key: &str| entry.get(key).and_then(Value::as_str);
        let flag = |key: &str| entry.get(key).and_then(Value::as_bool).unwrap_or(false);
        let (Some(system), Some(code)) = (text("system"), text("code")) else { continue };
        if flag("abstract") {
            continue;
        }
        let info = ConceptInfo {
            display: text("display").map(str::to_owned),
            names: names_of(entry).map(str::to_owned).collect(),
            inactive: flag("inactive"),
            ..ConceptInfo::default()
        };
        listed.systems.entry(system.to_owned()).or_default().name(code, Membership::In, info);
    }
    match count {
        0 if set.systems.is_empty() => CodeSet::unknown(Reason::NoDefinition(url.to_owned())),
        0 => set.clone(),
        _ if is_whole(stated, count) => listed,
        _ => set.union(&listed),
    }
}

/// Whether an expansion says of itself that codes are missing: unclosed, a page of it, or limited.
fn is_whole(stated: &Value, count: usize) -> bool {
    let list = |key: &str| stated.get(key).and_then(Value::as_array).into_iter().flatten();
    let unclosed = list("extension").any(|e| {
        let url = e.get("url").and_then(Value::as_str).unwrap_or_default();
        (url.ends_with("valueset-unclosed") || url.ends_with("valueset-toocostly"))
            && e.get("valueBoolean").and_then(Value::as_bool) != Some(false)
    });
    let limited = list("parameter").any(|p| match p.get("name").and_then(Value::as_str) {
        Some("offset") => p.get("valueInteger").and_then(Value::as_u64).unwrap_or(0) > 0,
        Some("limitedExpansion") => p.get("valueBoolean").and_then(Value::as_bool).unwrap_or(false),
        _ => false,
    });
    let total = stated.get("total").and_then(Value::as_u64).unwrap_or(0);
    !unclosed && !limited && total <= count as u64
}
