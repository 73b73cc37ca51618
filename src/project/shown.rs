//! What is listed of the issues that count.

use fhir_accord_profiles::instance::Place;
use fhir_accord_profiles::issue::{Issue, RuleId, Severity, Tally, rule};

/// What is to be listed of a report.
#[derive(Clone, Copy, Debug)]
pub struct Wanted {
    /// The lowest severity.
    pub level: Severity,
    /// The most issues.
    pub issues: usize,
}

/// The issues that are listed, the most severe first where not all are, and how many are not.
pub(super) fn listed(mut issues: Vec<Issue>, tally: &Tally, wanted: Wanted) -> (Vec<Issue>, u64) {
    issues.retain(|i| i.severity <= wanted.level);
    // That the work was broken off is told however much else was found.
    issues.sort_by_key(|i| (i.rule != RuleId::LIMIT_TIME, i.severity));
    issues.truncate(wanted.issues);
    let count = issues.len() as u64;
    let hidden = tally.up_to(wanted.level).saturating_sub(count);
    if hidden > 0 {
        issues.push(not_shown(hidden, wanted.issues));
    }
    issues
        .sort_by(|a, b| (a.span.start, a.severity, a.rule, &a.text).cmp(&(b.span.start, b.severity, b.rule, &b.text)));
    (issues, tally.up_to(Severity::Information).saturating_sub(count))
}

fn not_shown(hidden: u64, limit: usize) -> Issue {
    let row = rule(RuleId::LIMIT_ISSUES);
    let issues = if hidden == 1 { "issue" } else { "issues" };
    Issue {
        rule: RuleId::LIMIT_ISSUES,
        severity: Severity::Warning,
        open: false,
        code: row.map_or("processing", |r| r.code),
        expression: String::new(),
        span: 0..0,
        place: Place { line: 1, column: 1 },
        text: format!("{hidden} more {issues} not shown (limit {limit})"),
        help: row.map(|r| r.help.to_owned()).filter(|h| !h.is_empty()),
        profiles: Vec::new(),
        element: None,
        constraint: None,
        stated_by: None,
        evidence: Vec::new(),
    }
}
