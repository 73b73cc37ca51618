//! Whether two outcomes agree: the same distinct places hold errors.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::place::normal;

/// The places with an error, each with what this project's issues are called there.
fn errors(outcome: &Value) -> BTreeMap<String, BTreeSet<String>> {
    let mut places: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for issue in outcome["issue"].as_array().into_iter().flatten() {
        if matches!(issue["severity"].as_str(), Some("error" | "fatal")) {
            let place = issue["expression"][0].as_str().or_else(|| issue["location"][0].as_str());
            let rule = issue["details"]["coding"][0]["code"].as_str().unwrap_or_default();
            places.entry(normal(place)).or_default().insert(rule.to_owned());
        }
    }
    places
}

/// How the outcome differs from the recorded one, in places: `-` missed, `+` surplus with its rule; `None` where they
/// agree.
pub fn difference(truth: &Value, outcome: &Value) -> Option<String> {
    let (wanted, found) = (errors(truth), errors(outcome));
    let missed = wanted.keys().filter(|p| !found.contains_key(*p)).map(|p| format!("-{p}"));
    let surplus = found.iter().filter(|(p, _)| !wanted.contains_key(*p)).map(|(p, rules)| {
        let rules: Vec<&str> = rules.iter().map(String::as_str).collect();
        format!("+{p}({})", rules.join(","))
    });
    let all: Vec<String> = missed.chain(surplus).collect();
    if all.is_empty() { None } else { Some(all.join(" ")) }
}
