//! What the service adds to a report: remarks on the request, the id that an update needs, places in the body.

use fhir_accord_profiles::instance::{LineIndex, Place};
use fhir_accord_profiles::issue::{Issue, Report, RuleId, Severity, Tally, Verdict};
use serde_json::{Value, json};

use crate::http::fault::FAULT_SYSTEM;
use crate::http::parameters::Head;
use crate::render::operation_outcome;

/// Nothing is kept that could be deleted.
pub(super) fn deletion() -> Value {
    let mut outcome = operation_outcome(
        &Report { verdict: Verdict::Valid, stopped: None, tally: Tally::default(), unlisted: 0, issues: Vec::new() },
        None,
    );
    note(&mut outcome, "this service stores no resources, so that nothing prevents the deletion");
    outcome
}

/// Adds a remark on the request to an outcome.
pub(super) fn note(outcome: &mut Value, text: &str) {
    let issue = json!({
        "severity": "information",
        "code": "informational",
        "details": {"coding": [{"system": FAULT_SYSTEM, "code": "mode"}], "text": text},
    });
    if let Some(issues) = outcome.get_mut("issue").and_then(Value::as_array_mut) {
        issues.push(issue);
    }
}

/// An update names its resource (<https://hl7.org/fhir/R4/http.html#update>).
pub(super) fn demand_id(report: &mut Report, head: &Head) {
    report.verdict = Verdict::Invalid;
    let issue = Issue {
        rule: RuleId::ELEMENT_MIN,
        severity: Severity::Error,
        open: false,
        code: "required",
        expression: head.resource_type.clone().unwrap_or_default(),
        span: head.span.clone(),
        place: head.place,
        text: "a resource in an update must have an `id`".to_owned(),
        help: Some("add `id`".to_owned()),
        profiles: Vec::new(),
        element: None,
        constraint: None,
        evidence: Vec::new(),
    };
    report.tally.errors += 1;
    report.issues.insert(0, issue);
}

/// Turns places inside the resource into places inside the body.
pub(super) fn shift(report: &mut Report, body: &[u8], start: usize) {
    let Place { line, column } = LineIndex::new(body).place(start as u32);
    for issue in &mut report.issues {
        if issue.place.line == 1 {
            issue.place.column = issue.place.column.saturating_add(column - 1);
        }
        issue.place.line = issue.place.line.saturating_add(line - 1);
        issue.span = issue.span.start.saturating_add(start as u32)..issue.span.end.saturating_add(start as u32);
    }
}
