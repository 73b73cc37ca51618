//! Rules and functions of a site, in Rhai: the examples of `rules/`, and what happens when a script is wrong.

mod examples;
mod failing;
mod functions;
mod places;
mod refused;

use serde_json::{Value, json};

use crate::support::{accord_reading, issues};

/// Validates a resource under the scripts; the outcome, and the issues of rules with `/` or `script-` in their ids.
fn validated(resource: &Value, rules: &str, options: &[&str]) -> (Value, Vec<String>) {
    let arguments: Vec<&str> =
        ["validate", "-", "--format", "json", "--rules", rules].iter().chain(options).copied().collect();
    let outcome = accord_reading(resource.to_string().as_bytes(), &arguments).json();
    let ours = issues(&outcome)
        .into_iter()
        .filter(|i| i.split(' ').nth(1).is_some_and(|r| r.contains('/') || r.starts_with("script-")))
        .collect();
    (outcome, ours)
}

fn found(resource: &Value, rules: &str) -> Vec<String> {
    validated(resource, rules, &[]).1
}

fn practitioner(npi: &str) -> Value {
    json!({"resourceType": "Practitioner", "identifier": [{"system": "http://other.test", "value": "1"},
        {"system": "http://hl7.org/fhir/sid/us-npi", "value": npi}]})
}

/// The rules of one script with this check.
fn script(check: &str) -> String {
    format!("const NAMESPACE = \"t\";\nconst RULES = #{{ \"r\": \"something\" }};\nfn check(r) {{ {check} }}")
}
