//! `$validate?_details=true`: all that is known of an issue, as an extension of it, for programs that show issues.

use fhir_accord_profiles::issue::{Issue, Report};
use serde_json::{Value, json};

use crate::render::Outcome;

/// The extension that carries all that is known of an issue.
const DETAILS: &str = "https://accord.example/StructureDefinition/issue-details";

/// The outcome of a report, each issue with the extension.
pub(super) fn detailed(outcome: &Outcome<'_>, report: &Report) -> Value {
    let mut value = serde_json::to_value(outcome).unwrap_or_default();
    let told = value.get_mut("issue").and_then(Value::as_array_mut).into_iter().flatten();
    // Remarks stand behind the issues.
    for (told, issue) in told.zip(&report.issues) {
        if let Some(extensions) = told.get_mut("extension").and_then(Value::as_array_mut) {
            extensions.push(json!({"extension": parts(issue), "url": DETAILS}));
        }
    }
    value
}

/// Whether it is an open question, where it begins and ends in bytes, who demands what, and what was found.
fn parts(issue: &Issue) -> Vec<Value> {
    let text = |url: &str, value: &str| json!({"url": url, "valueString": value});
    let mut parts = vec![
        json!({"url": "open", "valueBoolean": issue.open}),
        json!({"url": "start", "valueInteger": issue.span.start}),
        json!({"url": "end", "valueInteger": issue.span.end}),
    ];
    parts.extend(issue.profiles.iter().map(|profile| text("profile", profile)));
    parts.extend(issue.element.iter().map(|element| text("element", element)));
    parts.extend(issue.constraint.iter().map(|key| text("constraint", key)));
    parts.extend(issue.evidence.iter().map(|evidence| {
        json!({"extension": [text("about", &evidence.about), text("says", &evidence.says)], "url": "evidence"})
    }));
    parts.extend(issue.help.iter().map(|help| text("help", help)));
    parts
}
