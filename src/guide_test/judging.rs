//! Instances beside what is expected of them.

use fhir_accord_profiles::evaluate::{Evaluator, Memory, Policies};
use fhir_accord_profiles::fhirpath::Temporal;
use fhir_accord_profiles::issue::{RuleId, Severity, Verdict};
use fhir_accord_profiles::plan::Handle;

use super::bounds::LISTED;
use super::expectation::{Expectation, Expected, Others};
use super::guide::Instance;
use super::names::is_negative;
use super::pairing::Pairs;
use super::seen::{Seen, seen};
use crate::app::App;

/// How a test ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ended {
    Passed,
    /// Nothing is wrong, and it is not known to be right.
    Undetermined,
    Failed,
    /// It was not examined.
    Skipped,
}

/// What became of one instance.
#[derive(Clone, Debug)]
pub(super) struct Tested {
    pub ended: Ended,
    /// `None` where it was not validated.
    pub verdict: Option<Verdict>,
    /// What is not as expected.
    pub why: Vec<String>,
    pub seen: Vec<Seen>,
    /// The issues that an expectation names, by their place in `seen`.
    pub named: Vec<usize>,
    /// The profiles that it was validated against, beside those that it claims.
    pub profiles: Vec<String>,
}

impl Tested {
    /// One that was not examined, with the reason.
    pub fn skipped(why: String) -> Tested {
        let (seen, named, profiles) = (Vec::new(), Vec::new(), Vec::new());
        Tested { ended: Ended::Skipped, verdict: None, why: vec![why], seen, named, profiles }
    }

    /// Whether it shows how things should be: it is not invalid, nor expected to be.
    pub fn is_example(&self) -> bool {
        matches!(self.verdict, Some(Verdict::Valid | Verdict::Undetermined)) && self.ended != Ended::Failed
    }
}

/// What a thread validates with.
pub(super) struct Validator<'a> {
    app: &'a App,
    evaluator: Evaluator<'a>,
    memory: Memory,
    pub policies: Policies,
    now: Option<Temporal>,
}

impl<'a> Validator<'a> {
    pub fn new(app: &'a App, now: Option<Temporal>) -> Validator<'a> {
        let policies = Policies { issues: LISTED, level: Severity::Information, ..Policies::default() };
        Validator { app, evaluator: app.evaluator(), memory: Memory::default(), policies, now }
    }

    /// What `now()` tells.
    pub fn now(&self) -> Option<Temporal> {
        self.now
    }

    /// The root elements of profiles.
    ///
    /// # Errors
    /// A message where one is not known.
    pub fn roots(&self, profiles: &[String]) -> Result<Vec<Handle>, String> {
        self.app.profiles(profiles).map_err(|e| e.to_string())
    }

    /// The verdict and the issues of an instance under profiles; an instance that a limit stopped has no verdict.
    pub fn judge(&mut self, text: &[u8], asked: &[Handle]) -> (Option<Verdict>, Vec<Seen>) {
        let report = self.app.check(&self.evaluator, text, asked, &self.policies, self.now, &mut self.memory);
        (Some(report.verdict).filter(|_| report.stopped.is_none()), seen(&report))
    }

    /// Tests one instance.
    pub fn test(&mut self, at: usize, instance: &Instance, pairs: &Pairs) -> Tested {
        if let Some(why) = pairs.broken.get(&at) {
            return Tested { ended: Ended::Failed, ..Tested::skipped(why.clone()) };
        }
        let expectation = pairs.all.get(&at);
        let told = expectation.map(|e| e.profiles.as_slice()).unwrap_or_default();
        let profiles: Vec<String> = told.iter().chain(&instance.example_of).cloned().collect();
        let asked = match self.roots(&profiles) {
            Ok(asked) => asked,
            Err(why) => return Tested { ended: Ended::Failed, ..Tested::skipped(why) },
        };
        let (verdict, seen) = self.judge(&instance.text, &asked);
        let Some(verdict) = verdict else {
            let why = seen.first().map_or_else(String::new, |s| s.text.clone());
            return Tested::skipped(format!("it was not examined: {why}"));
        };
        let (ended, why, named) = match expectation {
            Some(expectation) => held_against(expectation, verdict, &seen),
            None => without(instance, verdict, &seen),
        };
        Tested { ended, verdict: Some(verdict), why, seen, named, profiles }
    }
}

/// An instance of which nothing is written.
fn without(instance: &Instance, verdict: Verdict, seen: &[Seen]) -> (Ended, Vec<String>, Vec<usize>) {
    let is_negative = is_negative(&instance.name, &instance.kind);
    let (ended, why) = match (is_negative, verdict) {
        (false, Verdict::Valid) | (true, Verdict::Invalid) => (Ended::Passed, Vec::new()),
        (_, Verdict::Undetermined) => {
            (Ended::Undetermined, seen.iter().filter(|s| s.is_open).map(told).take(1).collect())
        }
        (false, Verdict::Invalid) => (Ended::Failed, seen.iter().filter(|s| s.is_error).map(told).collect()),
        (true, Verdict::Valid) => (Ended::Failed, vec!["it is valid, and by its name it must not be".to_owned()]),
    };
    (ended, why, Vec::new())
}

fn told(seen: &Seen) -> String {
    format!("{}: {} [{}]", seen.path, seen.text, seen.rule)
}

fn held_against(expectation: &Expectation, verdict: Verdict, seen: &[Seen]) -> (Ended, Vec<String>, Vec<usize>) {
    let mut why = Vec::new();
    let expected = match expectation.verdict {
        Expected::Valid => Verdict::Valid,
        Expected::Undetermined => Verdict::Undetermined,
        Expected::Invalid => Verdict::Invalid,
    };
    if verdict != expected {
        why.push(format!("it is {}, and {} is expected", verdict.code(), expected.code()));
    }
    let mut named = Vec::new();
    for entry in &expectation.must {
        let meant: Vec<usize> = seen.iter().enumerate().filter(|(_, s)| entry.means(s)).map(|(i, _)| i).collect();
        if meant.is_empty() {
            why.push(format!("it lacks the issue {}", entry.named()));
        }
        named.extend(meant);
    }
    named.sort_unstable();
    named.dedup();
    for entry in &expectation.must_not {
        if let Some(found) = seen.iter().find(|s| entry.means(s)) {
            why.push(format!("it has the issue {}, which must not come: {}", entry.named(), told(found)));
        }
    }
    if expectation.others == Others::Refuse {
        let unnamed = seen.iter().enumerate().filter(|(i, s)| s.is_error && named.binary_search(i).is_err());
        why.extend(unnamed.map(|(_, s)| format!("it has an error that the expectation does not name: {}", told(s))));
    }
    if !why.is_empty() {
        return (Ended::Failed, why, named);
    }
    let looks_at_all = expectation.others == Others::Refuse || !expectation.must_not.is_empty();
    if looks_at_all && seen.iter().any(|s| s.rule == RuleId::LIMIT_ISSUES.as_str()) {
        let why = format!("it has more than {LISTED} issues, and whether one of the others must not come is open");
        return (Ended::Undetermined, vec![why], named);
    }
    (Ended::Passed, why, named)
}

#[cfg(test)]
#[path = "judging_tests.rs"]
mod tests;
