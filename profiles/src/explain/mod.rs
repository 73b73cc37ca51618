//! The second, slow pass over what was found: places, paths, texts, evidence. Only what is shown pays for it.

mod fault;
mod foreign;
mod path;
mod shown;

use rustc_hash::FxHashMap;

use crate::assertion::{self, MessageContext};
use crate::evaluate::Judgement;
use crate::instance::{Fault, FaultKind, LineIndex, Tape};
use crate::issue::{Evidence, Issue, Report, RuleId, Severity, Tally, Verdict, rule};
use crate::judge::{Counts, Detail, Finding, Policies, Truth, Weight};
use crate::plan::ImageSet;

pub use fault::fault_text;
pub use path::expression;

use path::Ordinals;
use shown::printable;

/// What a report lists: a syntax fault, or a finding.
#[derive(Clone, Copy)]
enum Item<'a> {
    Fault(&'a Fault),
    Finding(&'a Finding),
}

/// The report on one instance: the faults of its syntax and what was found in it, in the order of the text.
///
/// The verdict follows from the counts, not from what is listed: `policies.issues` and `policies.level` bound what is
/// shown. An instance that a limit of intake kept from being read is undetermined, and that limit is its only issue.
pub fn report(tape: &Tape<'_>, set: &ImageSet, judgement: &Judgement, policies: &Policies) -> Report {
    if let Some(limit) = tape.faults().iter().find(|f| f.kind.is_limit()) {
        let mut issue = printable(Teller::new(tape, set).fault(limit));
        (issue.severity, issue.open) = (Severity::Warning, true);
        let tally = Tally { warnings: 1, questions: 1, ..Tally::default() };
        return Report {
            verdict: Verdict::Undetermined,
            stopped: Some(issue.rule),
            tally,
            unlisted: 0,
            issues: vec![issue],
        };
    }
    let told = foreign::told(tape, set);
    let tally = tally(tape, &told, &judgement.counts);
    let mut items: Vec<(Severity, Item<'_>)> =
        told.faults.iter().map(|f| (fault_severity(tape, f), Item::Fault(f))).collect();
    items.extend(judgement.findings.iter().map(|f| (severity(f.weight), Item::Finding(f))));
    items.retain(|(severity, _)| *severity <= policies.level);
    // That the work was broken off is told however much else was found.
    let is_cut = |item: &Item<'_>| matches!(item, Item::Finding(f) if f.rule == RuleId::LIMIT_TIME);
    items.sort_by_key(|(severity, item)| (!is_cut(item), *severity));
    items.truncate(policies.issues);
    let wanted = tally.up_to(policies.level);
    let hidden = wanted.saturating_sub(items.len() as u64);
    let unlisted = tally.up_to(Severity::Information).saturating_sub(items.len() as u64);
    if items.is_empty() && hidden == 0 {
        return Report {
            verdict: verdict(tape, &judgement.counts),
            stopped: None,
            tally,
            unlisted,
            issues: Vec::new(),
        };
    }
    let mut teller = Teller::new(tape, set);
    let mut issues = teller.all(&items, told.foreign);
    if hidden > 0 {
        let mut last = plain(RuleId::LIMIT_ISSUES, Severity::Warning, &teller.lines, 0..0);
        last.text = not_shown(hidden, policies.issues);
        issues.push(last);
    }
    issues
        .sort_by(|a, b| (a.span.start, a.severity, a.rule, &a.text).cmp(&(b.span.start, b.severity, b.rule, &b.text)));
    Report { verdict: verdict(tape, &judgement.counts), stopped: None, tally, unlisted, issues }
}

/// What issues about one instance are made with.
struct Teller<'a, 't> {
    tape: &'t Tape<'t>,
    set: &'a ImageSet,
    lines: LineIndex<'t>,
    /// Those of the nodes that issues are about, and of the nodes that their evidence names.
    ordinals: (Ordinals<'t>, Ordinals<'t>),
    paths: FxHashMap<u32, String>,
}

impl<'a, 't> Teller<'a, 't> {
    fn new(tape: &'t Tape<'t>, set: &'a ImageSet) -> Teller<'a, 't> {
        let lines = LineIndex::new(tape.text());
        Teller { tape, set, lines, ordinals: Default::default(), paths: FxHashMap::default() }
    }

    /// The issues, in the order of the items. They are made in the order of the text, so that no array is counted
    /// through twice.
    fn all(&mut self, items: &[(Severity, Item<'_>)], foreign: bool) -> Vec<Issue> {
        let node = |item: &Item<'_>| match item {
            Item::Fault(f) => f.node,
            Item::Finding(f) => f.node,
        };
        let mut turns: Vec<(usize, &Item<'_>)> = items.iter().map(|(_, item)| item).enumerate().collect();
        turns.sort_by_key(|(_, item)| node(item));
        let mut issues: Vec<(usize, Issue)> =
            turns.into_iter().map(|(i, item)| (i, printable(self.issue(item, foreign)))).collect();
        issues.sort_by_key(|(i, _)| *i);
        issues.into_iter().map(|(_, issue)| issue).collect()
    }

    fn issue(&mut self, item: &Item<'_>, foreign: bool) -> Issue {
        match item {
            Item::Fault(f) => {
                let mut issue = self.fault(f);
                if foreign && f.kind == FaultKind::Namespace {
                    issue.text.push_str(", and what it contains was not examined");
                }
                issue
            }
            Item::Finding(f) => self.finding(f),
        }
    }
}

/// The verdict on an instance by the faults of its syntax and the counts of what was found.
fn verdict(tape: &Tape<'_>, counts: &Counts) -> Verdict {
    if tape.faults().iter().any(|f| fault_severity(tape, f).is_error()) {
        return Verdict::Invalid;
    }
    match counts.truth() {
        Truth::False => Verdict::Invalid,
        Truth::Unknown => Verdict::Undetermined,
        Truth::True => Verdict::Valid,
    }
}

fn tally(tape: &Tape<'_>, told: &foreign::Told<'_>, counts: &Counts) -> Tally {
    let warnings = told.faults.iter().filter(|f| !fault_severity(tape, f).is_error()).count() as u64;
    let faults = (told.faults.len() + told.more) as u64 - warnings;
    Tally {
        errors: faults + counts.errors,
        warnings: warnings + counts.warnings + counts.questions,
        questions: counts.questions,
        information: counts.notes,
    }
}

fn severity(weight: Weight) -> Severity {
    match weight {
        Weight::Error => Severity::Error,
        Weight::Warning | Weight::Question => Severity::Warning,
        Weight::Note => Severity::Information,
    }
}

fn not_shown(hidden: u64, limit: usize) -> String {
    let issues = if hidden == 1 { "issue" } else { "issues" };
    format!("{hidden} more {issues} not shown (limit {limit})")
}

fn plain(id: RuleId, severity: Severity, lines: &LineIndex<'_>, span: std::ops::Range<u32>) -> Issue {
    let row = rule(id);
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
        stated_by: None,
        evidence: Vec::new(),
    }
}

impl Teller<'_, '_> {
    fn fault(&mut self, f: &Fault) -> Issue {
        let tape = self.tape;
        let (id, text) = fault::fault(f, tape.is_xml());
        let mut issue = plain(id, fault_severity(tape, f), &self.lines, f.span.clone());
        issue.text = text;
        if !matches!(f.kind, FaultKind::Utf8 | FaultKind::Empty | FaultKind::NotAnObject | FaultKind::LimitBytes)
            && !tape.is_empty()
        {
            issue.expression = self.ordinals.0.expression(tape.node(f.node), self.set.model());
            // What an array is at fault for is told of the array.
            let of_array = f.kind == FaultKind::TrailingComma && !f.found.is_empty();
            if of_array || f.kind == FaultKind::PrimitiveExtensionAlignment {
                issue.expression = format!("{}.{}", issue.expression, f.found);
            }
        }
        issue
    }
}

/// A byte order mark may be passed over (<https://www.rfc-editor.org/rfc/rfc8259#section-8.1>).
fn fault_severity(tape: &Tape<'_>, f: &Fault) -> Severity {
    match f.kind {
        _ if tape.is_fatal() && tape.faults().last() == Some(f) => Severity::Fatal,
        FaultKind::ByteOrderMark => Severity::Warning,
        _ => Severity::Error,
    }
}

impl Teller<'_, '_> {
    fn finding(&mut self, f: &Finding) -> Issue {
        let (tape, set) = (self.tape, self.set);
        let node = tape.node(f.node);
        let mut span = node.span();
        if node.is_object() {
            span.end = span.end.min(span.start + 1);
        }
        let mut issue = plain(f.rule, severity(f.weight), &self.lines, span);
        issue.expression = self.path(f.node);
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
        if let Detail::Definition(faulty) = &f.detail {
            // A profile that inherits a fault is not at fault itself.
            let own = f
                .handles
                .iter()
                .filter(|h| set.structure_of(**h).is_some_and(|s| set.str(h.layer, s.url) == faulty.profile));
            issue.profiles = own.map(|h| set.canonical_of(*h)).take(1).collect();
            if issue.profiles.is_empty() {
                issue.profiles.push(faulty.profile.clone());
            }
            issue.element = Some(faulty.element.clone()).filter(|e| !e.is_empty());
        }
        let said = assertion::say(MessageContext { set, node, finding: f });
        issue.text = said.text;
        issue.constraint = said.constraint;
        issue.stated_by = said.stated_by;
        issue.evidence = said.evidence.into_iter().map(|(about, says)| Evidence { about, says }).collect();
        if let Detail::Slice { near, .. } = &f.detail {
            issue.evidence.extend(near.iter().map(|f| self.nearest(f)));
        }
        issue
    }

    /// The expression of a node, which is kept: often several issues are about one.
    fn path(&mut self, node: u32) -> String {
        let (tape, set, ordinals) = (self.tape, self.set, &mut self.ordinals.0);
        self.paths.entry(node).or_insert_with(|| ordinals.expression(tape.node(node), set.model())).clone()
    }

    /// What the entry that comes nearest to a slice lacks.
    fn nearest(&mut self, f: &Finding) -> Evidence {
        let (tape, set) = (self.tape, self.set);
        let node = tape.node(f.node);
        let said = assertion::say(MessageContext { set, node, finding: f });
        Evidence {
            about: format!("the nearest entry, at {}", self.ordinals.1.expression(node, set.model())),
            says: format!("[{}] {}", f.rule, said.text),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_is_not_several() {
        assert_eq!(not_shown(1, 20), "1 more issue not shown (limit 20)");
        assert_eq!(not_shown(3000, 1000), "3000 more issues not shown (limit 1000)");
    }
}
