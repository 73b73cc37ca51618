//! The end of a run: inputs by verdict, issues by severity, rules by count, time.

use std::collections::BTreeMap;
use std::time::Duration;

use fhir_accord_profiles::issue::{Report, RuleId, Tally, Verdict};

use super::args::FailOn;
use super::passed::counted;
use crate::cli::exit;
use crate::project::{Applied, Set};
use crate::render::Run;

/// The most rules that are named; with `--verbose` all are.
const MOST_RULES: usize = 10;

/// What was found in any number of inputs.
#[derive(Clone, Default)]
pub(super) struct Count {
    /// The exit code that they call for.
    pub code: u8,
    /// Inputs that were examined, by verdict: valid, undetermined, invalid.
    verdicts: [u64; 3],
    /// Inputs that a limit of intake kept from being examined.
    stopped: u64,
    tally: Tally,
    unlisted: u64,
    /// Of the issues that are listed.
    rules: BTreeMap<RuleId, u64>,
    /// What the settings of the project changed, and the verdicts without them.
    settings: (Set, [u64; 3]),
}

/// The exit code that one report calls for.
fn exit_code(report: &Report, fail_on: FailOn) -> u8 {
    if report.stopped.is_some() {
        return exit::COULD_NOT_RUN;
    }
    match report.verdict {
        Verdict::Invalid => exit::INVALID,
        _ if fail_on == FailOn::Warning && report.tally.warnings > report.tally.questions => exit::INVALID,
        Verdict::Undetermined if fail_on != FailOn::Error => exit::UNDETERMINED,
        _ => exit::OK,
    }
}

impl Count {
    /// Counts a report.
    pub fn add(&mut self, applied: &Applied, fail_on: FailOn) {
        let report = &applied.report;
        let place = |verdict| match verdict {
            Verdict::Valid => 0,
            Verdict::Undetermined => 1,
            Verdict::Invalid => 2,
        };
        let mut one = Count { code: exit_code(report, fail_on), tally: report.tally, ..Count::default() };
        match report.stopped {
            Some(_) => one.stopped = 1,
            None => {
                one.verdicts.iter_mut().skip(place(report.verdict)).take(1).for_each(|n| *n = 1);
                one.settings.1.iter_mut().skip(place(applied.raw)).take(1).for_each(|n| *n = 1);
            }
        }
        one.settings.0 = applied.set;
        one.unlisted = report.unlisted;
        self.join(&one);
        for issue in report.issues.iter().filter(|i| i.rule != RuleId::LIMIT_ISSUES) {
            *self.rules.entry(issue.rule).or_default() += 1;
        }
    }

    /// Adds what was counted elsewhere.
    pub fn join(&mut self, other: &Count) {
        self.code = exit::worse(self.code, other.code);
        self.verdicts.iter_mut().zip(other.verdicts).for_each(|(n, more)| *n += more);
        self.stopped += other.stopped;
        self.tally.errors += other.tally.errors;
        self.tally.warnings += other.tally.warnings;
        self.tally.questions += other.tally.questions;
        self.tally.information += other.tally.information;
        self.unlisted += other.unlisted;
        self.settings.0.join(&other.settings.0);
        self.settings.1.iter_mut().zip(other.settings.1).for_each(|(n, more)| *n += more);
        for (rule, n) in &other.rules {
            *self.rules.entry(*rule).or_default() += n;
        }
    }

    /// What all came to, for forms that say so: how much could not be read, why of the first, and the exit code.
    pub fn run<'a>(&'a self, failures: usize, failed: &'a [String], code: u8) -> Run<'a> {
        let Count { verdicts, stopped, tally, unlisted, ref rules, .. } = *self;
        Run { verdicts, stopped, tally, unlisted, rules, failures, failed, settings: self.settings(), code }
    }

    /// What the settings of the project changed, and the verdicts without them.
    fn settings(&self) -> Option<String> {
        let (set, [valid, undetermined, invalid]) = &self.settings;
        let told =
            || format!("settings: {set}; without them: {valid} valid, {undetermined} undetermined, {invalid} invalid");
        (!set.is_empty()).then(told)
    }

    /// Whether an issue of this rule is listed.
    pub fn has(&self, rule: RuleId) -> bool {
        self.rules.contains_key(&rule)
    }

    /// How many inputs there were.
    pub fn inputs(&self) -> u64 {
        self.verdicts.iter().sum::<u64>() + self.stopped
    }

    /// The summary, in lines; `failures` is how much could not be read.
    pub fn summary(&self, failures: usize, time: Duration, verbose: bool) -> String {
        let [valid, undetermined, invalid] = self.verdicts;
        let of = |n: u64, one: &str, many: &str| counted(usize::try_from(n).unwrap_or(usize::MAX), one, many);
        let inputs = of(self.inputs(), "input", "inputs");
        let mut out = format!("{inputs}: {valid} valid, {undetermined} undetermined, {invalid} invalid");
        if self.stopped > 0 {
            out += &format!(", {} beyond a limit of intake", self.stopped);
        }
        if failures > 0 {
            out += &format!("; {failures} could not be read");
        }
        let Tally { errors, warnings, information, .. } = self.tally;
        let (errors, warnings) = (of(errors, "error", "errors"), of(warnings, "warning", "warnings"));
        out += &format!("\nissues: {errors}, {warnings}, {}", of(information, "note", "notes"));
        if self.unlisted > 0 {
            out += &format!("; {} of them not listed", self.unlisted);
        }
        if let Some(settings) = self.settings() {
            out += &format!("\n{settings}");
        }
        let mut rules: Vec<(&RuleId, &u64)> = self.rules.iter().collect();
        rules.sort_by(|a, b| b.1.cmp(a.1).then(a.0.cmp(b.0)));
        let shown = if verbose { rules.len() } else { MOST_RULES };
        let width = rules.iter().take(shown).map(|(rule, _)| rule.as_str().len()).max().unwrap_or_default();
        if !rules.is_empty() {
            out += "\nlisted, by rule:";
        }
        for (rule, n) in rules.iter().take(shown) {
            out += &format!("\n  {:width$}  {n}", rule.as_str());
        }
        if rules.len() > shown {
            out += &format!("\n  and {}; --verbose names all", counted(rules.len() - shown, "more rule", "more rules"));
        }
        let seconds = time.as_secs_f64();
        out += &format!("\n{seconds:.1} s, {:.0} inputs a second", self.inputs() as f64 / seconds.max(1e-9));
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report(verdict: Verdict, warnings: u64, questions: u64) -> Applied {
        let tally = Tally { errors: u64::from(verdict == Verdict::Invalid), warnings, questions, information: 3 };
        let report = Report { verdict, stopped: None, tally, unlisted: 3, issues: Vec::new() };
        Applied::plain(report)
    }

    #[test]
    fn all_is_counted() {
        let mut count = Count::default();
        count.add(&report(Verdict::Valid, 0, 0), FailOn::Error);
        count.add(&report(Verdict::Undetermined, 2, 1), FailOn::Undetermined);
        assert_eq!(count.code, exit::UNDETERMINED);
        count.add(&report(Verdict::Invalid, 0, 0), FailOn::Error);
        let mut stopped = report(Verdict::Undetermined, 1, 1);
        stopped.report.stopped = Some(RuleId::LIMIT_BYTES);
        count.add(&stopped, FailOn::Error);
        assert_eq!((count.code, count.inputs()), (exit::COULD_NOT_RUN, 4));
        assert_eq!(
            count.summary(1, Duration::from_secs(2), false),
            "4 inputs: 1 valid, 1 undetermined, 1 invalid, 1 beyond a limit of intake; 1 could not be read\n\
             issues: 1 error, 3 warnings, 12 notes; 12 of them not listed\n2.0 s, 2 inputs a second"
        );
    }

    #[test]
    fn a_warning_counts_where_it_is_asked_for() {
        let code = |fail_on| {
            let mut count = Count::default();
            count.add(&report(Verdict::Valid, 1, 0), fail_on);
            count.code
        };
        assert_eq!((code(FailOn::Error), code(FailOn::Warning)), (exit::OK, exit::INVALID));
    }
}
