//! The settings applied to a report. The verdict that is in force is drawn from all issues of the instance: they are
//! collected up to a bound, and what is beyond it counts as it is.

use fhir_accord_profiles::evaluate::Policies;
use fhir_accord_profiles::issue::{Issue, Report, RuleId, Severity, Tally, Verdict};

use super::applied::{Applied, Set, Suppressed, Why};
use super::known::Known;
use super::levels::{Levels, Made};
use super::paths::Place;
use super::shown::{Wanted, listed};
use super::suppressions::{Here, Suppressions};
use crate::render::issue_key;

/// How many issues of an instance are collected, so that settings can be applied to them. Those beyond it count as not
/// suppressed.
pub const COLLECTED: usize = 100_000;

/// The same of an instance that comes in a request.
pub const COLLECTED_OF_REQUESTS: usize = 10_000;

/// Levels, suppressions and a baseline.
#[derive(Debug)]
pub struct Filter {
    /// How many issues of an instance are collected.
    pub(super) bound: usize,
    pub(super) levels: Levels,
    pub(super) suppressions: Suppressions,
    /// Where the globs of suppressions start.
    pub(super) place: Option<Place>,
    pub(super) known: Option<Known>,
}

/// Rules that say that an instance, or a part of it, was not examined.
pub(super) fn is_limit(rule: &str) -> bool {
    rule.starts_with("limit-")
}

impl Filter {
    /// The same for instances that come in requests: no path belongs to them, and fewer of their issues are collected.
    pub fn for_requests(self) -> Filter {
        Filter { bound: COLLECTED_OF_REQUESTS, place: None, known: None, ..self }
    }

    /// Policies under which all issues are collected.
    pub fn collecting(&self, policies: Policies) -> Policies {
        Policies { level: Severity::Information, issues: policies.issues.max(self.bound), ..policies }
    }

    /// Takes the issues out that a level or a suppression leaves out of a file; fatal ones stay.
    pub fn leave_out(&self, issues: &mut Vec<Issue>, file: &str) {
        let here = self.place.as_ref().map(|p| self.suppressions.here(&p.tell(file))).unwrap_or_default();
        let is_off = |issue: &Issue| matches!(self.levels.apply(&mut issue.clone()), Made::Off(_));
        issues.retain(|i| {
            i.severity == Severity::Fatal
                || is_limit(i.rule.as_str())
                || !is_off(i) && self.suppressions.of(i, &here).is_none()
        });
    }

    /// What is in force of a report that was made under [`Filter::collecting`]. `input` is the file of the instance,
    /// and what names it within the file, where that is one of several.
    pub fn apply(&self, report: Report, input: (&str, Option<&str>), wanted: Wanted) -> Applied {
        let raw = report.verdict;
        if report.stopped.is_some() {
            self.known.iter().for_each(|k| k.unexamined(input));
            return Applied::plain(report);
        }
        let here = self.place.as_ref().map(|p| self.suppressions.here(&p.tell(input.0))).unwrap_or_default();
        let mut sifting = Sifting { filter: self, here, set: Set::default(), suppressed: Vec::new(), kept: Vec::new() };
        let mut beyond = report.tally;
        let all: Vec<Issue> = report.issues.into_iter().filter(|i| i.rule != RuleId::LIMIT_ISSUES).collect();
        all.iter().for_each(|issue| take(&mut beyond, issue));
        all.into_iter().for_each(|issue| sifting.sift(issue));
        sifting.set.beyond = beyond.up_to(Severity::Information);
        sifting.recall(input, sifting.set.beyond == 0);
        let mut tally = beyond;
        sifting.kept.iter().for_each(|issue| add(&mut tally, issue));
        let verdict = match (tally.errors, tally.questions) {
            (1.., _) => Verdict::Invalid,
            (0, 1..) => Verdict::Undetermined,
            _ => Verdict::Valid,
        };
        let Sifting { set, mut suppressed, kept, .. } = sifting;
        suppressed.truncate(wanted.issues);
        let (issues, unlisted) = listed(kept, &tally, wanted);
        Applied { report: Report { verdict, stopped: None, tally, unlisted, issues }, raw, set, suppressed }
    }
}

/// The count that an issue is part of, and whether it is an open question.
fn count<'t>(tally: &'t mut Tally, issue: &Issue) -> &'t mut u64 {
    match issue.severity {
        Severity::Fatal | Severity::Error => &mut tally.errors,
        Severity::Warning => &mut tally.warnings,
        Severity::Information => &mut tally.information,
    }
}

fn is_question(issue: &Issue) -> bool {
    issue.open && issue.severity == Severity::Warning
}

fn take(tally: &mut Tally, issue: &Issue) {
    let n = count(tally, issue);
    *n = n.saturating_sub(1);
    tally.questions = tally.questions.saturating_sub(u64::from(is_question(issue)));
}

fn add(tally: &mut Tally, issue: &Issue) {
    *count(tally, issue) += 1;
    tally.questions += u64::from(is_question(issue));
}

/// The issues of one instance, one after the other.
struct Sifting<'f> {
    filter: &'f Filter,
    here: Here,
    set: Set,
    suppressed: Vec<Suppressed>,
    kept: Vec<Issue>,
}

impl Sifting<'_> {
    fn sift(&mut self, mut issue: Issue) {
        if is_limit(issue.rule.as_str()) {
            self.kept.push(issue);
            return;
        }
        let is_fatal = issue.severity == Severity::Fatal;
        match self.filter.levels.apply(&mut issue) {
            Made::Off(line) => {
                self.set.off += 1;
                return self.leave_out(issue, Why::Off { line }, is_fatal);
            }
            Made::Changed => {
                self.set.levelled += 1;
                if is_fatal {
                    unread(&mut issue);
                }
            }
            Made::Same => {}
        }
        match self.filter.suppressions.of(&issue, &self.here) {
            Some(row) => {
                self.set.suppressed += 1;
                let why = Why::Suppressed { reason: row.reason.clone(), line: row.line };
                self.leave_out(issue, why, is_fatal);
            }
            None => self.kept.push(issue),
        }
    }

    /// Leaves an issue out. The rest of a text that could not be read is an open question, whatever is said of the
    /// place where the reading ended.
    fn leave_out(&mut self, issue: Issue, why: Why, is_fatal: bool) {
        if is_fatal {
            let mut open = issue.clone();
            unread(&mut open);
            self.kept.push(open);
        }
        self.suppressed.push(Suppressed { issue, why });
    }

    /// Leaves out what the baseline knows; `is_whole`: all issues of the instance are here.
    fn recall(&mut self, input: (&str, Option<&str>), is_whole: bool) {
        let Some(known) = &self.filter.known else { return };
        let is_cut = |i: &Issue| is_limit(i.rule.as_str());
        let mut instance = known.instance(input, is_whole && !self.kept.iter().any(is_cut));
        let counts = |i: &Issue| i.severity <= Severity::Warning && !is_cut(i);
        for issue in std::mem::take(&mut self.kept) {
            if !counts(&issue) || !instance.knows(issue_key(&issue)) {
                self.kept.push(issue);
                continue;
            }
            self.set.known += 1;
            let is_fatal = issue.severity == Severity::Fatal;
            self.leave_out(issue, Why::Known, is_fatal);
        }
        known.saw(instance);
        self.suppressed.sort_by_key(|s| s.issue.span.start);
    }
}

/// What is left of a fatal issue that does not count.
fn unread(issue: &mut Issue) {
    (issue.severity, issue.open) = (Severity::Warning, true);
}

#[cfg(test)]
#[path = "filter_tests.rs"]
mod tests;
