//! The second, slow pass over what the walk found: places, paths, texts, evidence. Only failing nodes pay for it.

mod fault;
mod narrative;
mod path;
mod slices;
mod text;

use rustc_hash::FxHashMap;

use crate::evaluate::{Detail, Finding, Weight};
use crate::instance::{FaultKind, LineIndex, Tape};
use crate::issue::{Evidence, Issue, Report, RuleId, Severity, Verdict, rule};
use crate::plan::ImageSet;

pub use fault::fault_text;
pub use path::expression;

/// The report on one instance: the faults of its syntax and the findings of the walk, in the order of the text.
pub fn report(tape: &Tape<'_>, set: &ImageSet, findings: &[Finding], limit: usize) -> Report {
    let lines = LineIndex::new(tape.text());
    let mut paths = FxHashMap::default();
    let mut issues: Vec<Issue> = tape.faults().iter().map(|f| fault(tape, set, &lines, f)).collect();
    for f in findings {
        issues.push(issue(tape, set, &lines, &mut paths, f));
    }
    let error = issues.iter().any(|i| i.severity.is_error());
    let open = findings.iter().any(|f| f.weight == Weight::Question);
    if issues.len() > limit {
        let dropped = issues.len() - limit;
        issues.sort_by_key(|i| i.severity);
        issues.truncate(limit);
        let mut last = plain(RuleId::LIMIT_ISSUES, Severity::Warning, &lines, 0..0);
        last.text = left_out(dropped, limit);
        issues.push(last);
    }
    issues.sort_by(|a, b| (a.span.start, a.severity, a.rule, &a.text).cmp(&(b.span.start, b.severity, b.rule, &b.text)));
    let verdict = match (error, open) {
        (true, _) => Verdict::Invalid,
        (false, true) => Verdict::Undetermined,
        _ => Verdict::Valid,
    };
    Report { verdict, issues }
}

fn left_out(dropped: usize, limit: usize) -> String {
    let issues = if dropped == 1 { "issue is" } else { "issues are" };
    format!("{dropped} further {issues} left out: the limit is {limit}")
}

fn plain(id: RuleId, severity: Severity, lines: &LineIndex<'_>, span: std::ops::Range<u32>) -> Issue {
    let row = rule(id.0);
    Issue {
        rule: id,
        severity,
        open: false,
        code: row.map_or("processing", |r| r.code),
        expression: String::new(),
        place: lines.place(span.start),
        span,
        text: String::new(),
        help: row.map(|r| r.help.to_owned()).filter(|h| !h.is_empty()),
        profiles: Vec::new(),
        element: None,
        constraint: None,
        evidence: Vec::new(),
    }
}

fn fault(tape: &Tape<'_>, set: &ImageSet, lines: &LineIndex<'_>, f: &crate::instance::Fault) -> Issue {
    let (id, text) = fault::fault(f, tape.is_xml());
    let fatal = tape.is_fatal() && tape.faults().last() == Some(f);
    let mut issue = plain(id, fault_severity(f, fatal), lines, f.span.clone());
    issue.text = text;
    if !matches!(f.kind, FaultKind::Utf8 | FaultKind::Empty | FaultKind::NotAnObject | FaultKind::LimitBytes) && !tape.is_empty() {
        issue.expression = expression(tape.node(f.node), set.model());
        if f.kind == FaultKind::TwinAlignment {
            issue.expression = format!("{}.{}", issue.expression, f.found);
        }
    }
    issue
}

/// A byte order mark may be passed over (https://www.rfc-editor.org/rfc/rfc8259#section-8.1).
fn fault_severity(f: &crate::instance::Fault, fatal: bool) -> Severity {
    match f.kind {
        _ if fatal => Severity::Fatal,
        FaultKind::ByteOrderMark => Severity::Warning,
        _ => Severity::Error,
    }
}

fn issue(tape: &Tape<'_>, set: &ImageSet, lines: &LineIndex<'_>, paths: &mut FxHashMap<u32, String>, f: &Finding) -> Issue {
    let node = tape.node(f.node);
    let severity = match f.weight {
        Weight::Error => Severity::Error,
        Weight::Warning | Weight::Question => Severity::Warning,
        Weight::Note => Severity::Information,
    };
    let mut span = node.span();
    if node.is_object() {
        span.end = span.end.min(span.start + 1);
    }
    let mut issue = plain(f.rule, severity, lines, span);
    issue.expression = paths.entry(f.node).or_insert_with(|| expression(node, set.model())).clone();
    issue.open = f.weight == Weight::Question;
    if let Detail::Site(site) = &f.detail {
        issue.code = site.code;
        issue.help = Some(site.help.clone()).filter(|h| !h.is_empty());
    }
    if issue.open && issue.code != "not-found" {
        issue.code = "incomplete";
    }
    let mut profiles: Vec<String> = f.handles.iter().map(|h| set.canonical_of(*h)).collect();
    profiles.sort();
    profiles.dedup();
    issue.profiles = profiles;
    issue.element = f.handles.first().and_then(|h| set.element(*h).map(|e| set.str(h.layer, e.id).to_owned()));
    let said = text::finding(set, node, f);
    issue.text = said.text;
    issue.constraint = said.constraint;
    issue.evidence = said.evidence.into_iter().map(|(about, says)| Evidence { about, says }).collect();
    issue
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_is_not_several() {
        assert_eq!(left_out(1, 20), "1 further issue is left out: the limit is 20");
        assert_eq!(left_out(2, 20), "2 further issues are left out: the limit is 20");
    }
}
