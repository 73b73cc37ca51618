//! Report to OperationOutcome (https://hl7.org/fhir/R4/operationoutcome.html).

use fhir_accord_profiles::issue::{Issue, Report};
use serde_json::{Map, Value, json};

/// The system of the verdict tag in `meta.tag`.
pub const VERDICT_SYSTEM: &str = "https://accord.example/verdict";
/// The system of rule ids in `details.coding`.
pub const RULE_SYSTEM: &str = "https://accord.example/rule";

/// An OperationOutcome with the verdict as `meta.tag`; `source` is the file name, where there is one.
pub fn operation_outcome(report: &Report, source: Option<&str>) -> Value {
    let mut issues: Vec<Value> = report.issues.iter().map(|i| issue(i, source)).collect();
    if issues.is_empty() {
        issues.push(json!({"severity": "information", "code": "informational", "details": {"text": "no issues"}}));
    }
    json!({
        "resourceType": "OperationOutcome",
        "meta": {"tag": [{"system": VERDICT_SYSTEM, "code": report.verdict.code()}]},
        "issue": issues,
    })
}

fn issue(i: &Issue, source: Option<&str>) -> Value {
    let tools = "http://hl7.org/fhir/StructureDefinition/";
    let mut extensions = vec![
        json!({"url": format!("{tools}operationoutcome-issue-line"), "valueInteger": i.place.line}),
        json!({"url": format!("{tools}operationoutcome-issue-col"), "valueString": i.place.column.to_string()}),
        json!({"url": format!("{tools}operationoutcome-message-id"), "valueCode": i.rule.0}),
    ];
    if let Some(source) = source {
        extensions.push(json!({"url": format!("{tools}operationoutcome-issue-source"), "valueString": source}));
    }
    let mut out = Map::new();
    out.insert("extension".into(), extensions.into());
    out.insert("severity".into(), i.severity.code().into());
    out.insert("code".into(), i.code.into());
    out.insert("details".into(), json!({"coding": [{"system": RULE_SYSTEM, "code": i.rule.0}], "text": i.text}));
    if let Some(d) = diagnostics(i) {
        out.insert("diagnostics".into(), d.into());
    }
    out.insert("expression".into(), json!([i.expression]));
    Value::Object(out)
}

/// Profiles, element id, constraint, evidence and help in one text.
fn diagnostics(i: &Issue) -> Option<String> {
    let mut lines: Vec<String> = Vec::new();
    if !i.profiles.is_empty() {
        lines.push(format!("demanded by {}", i.profiles.join(", ")));
    }
    if let Some(e) = &i.element {
        lines.push(format!("element {e}"));
    }
    if let Some(c) = &i.constraint {
        lines.push(format!("constraint {c}"));
    }
    lines.extend(i.evidence.iter().map(|e| format!("{}: {}", e.about, e.says)));
    lines.extend(i.help.clone());
    (!lines.is_empty()).then(|| lines.join("; "))
}

/// A collection Bundle of outcomes, `fullUrl` = source.
pub fn collection(outcomes: &[(String, Value)]) -> Value {
    let entries: Vec<Value> = outcomes.iter().map(|(source, o)| json!({"fullUrl": source, "resource": o})).collect();
    json!({"resourceType": "Bundle", "type": "collection", "entry": entries})
}
