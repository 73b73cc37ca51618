//! What the service adds to a report: remarks on the request, the id that an update needs, places in the body.

use std::borrow::Cow;

use fhir_accord_profiles::instance::LineIndex;
use fhir_accord_profiles::issue::{Issue, Report, RuleId, Severity, Tally, Verdict};

use crate::http::fault::FAULT_SYSTEM;
use crate::http::parameters::{Head, Inner};
use crate::render::Note;

/// Nothing is kept that could be deleted.
pub(super) static DELETION: Note = mode("this service stores no resources, so that nothing prevents the deletion");

/// An update has an address.
pub(super) static ADDRESS: Note =
    mode("the mode `update` belongs at the address of an instance; only what does not need the address was checked");

const fn mode(text: &'static str) -> Note {
    Note { system: FAULT_SYSTEM, code: "mode", text: Cow::Borrowed(text) }
}

/// The report on nothing.
pub(super) fn nothing() -> Report {
    Report { verdict: Verdict::Valid, stopped: None, tally: Tally::default(), unlisted: 0, issues: Vec::new() }
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
        stated_by: None,
        evidence: Vec::new(),
    };
    report.tally.errors += 1;
    report.issues.insert(0, issue);
}

/// Turns places inside the resource into places inside the body.
pub(super) fn shift(report: &mut Report, body: &[u8], inner: &Inner) {
    let lines = LineIndex::new(body);
    for issue in &mut report.issues {
        issue.span = inner.place_in_body(issue.span.start)..inner.place_in_body(issue.span.end);
        issue.place = lines.place(issue.span.start);
    }
}
