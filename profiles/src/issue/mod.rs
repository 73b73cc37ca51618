//! Findings about an instance: rule ids, severities, issues, verdicts, reports, and the catalogue of rules.
//! Imports nothing but the place of an issue.

mod catalogue;
mod id;
mod id_text;

use std::ops::Range;

pub use catalogue::{RULES, Rule, Usual, find_rule, rule};
pub use id::RuleId;

use crate::instance::Place;

/// OperationOutcome severities (<https://hl7.org/fhir/R4/valueset-issue-severity.html>).
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum Severity {
    /// The rest of the text could not be read.
    Fatal,
    /// The instance is invalid.
    Error,
    /// Worth attention, or an open question that could become an error.
    Warning,
    /// For information only; an open question that could not become an error is among these.
    Information,
}

impl Severity {
    /// The OperationOutcome code: `fatal`, `error`, `warning` or `information`.
    pub fn code(self) -> &'static str {
        match self {
            Severity::Fatal => "fatal",
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Information => "information",
        }
    }

    /// Whether the severity makes an instance invalid.
    pub fn is_error(self) -> bool {
        matches!(self, Severity::Fatal | Severity::Error)
    }
}

/// One finding, ready to be rendered.
#[derive(Clone, PartialEq, Debug)]
pub struct Issue {
    /// The rule that it violates.
    pub rule: RuleId,
    /// How severe it is under the policies in force.
    pub severity: Severity,
    /// An open question that could become an error.
    pub open: bool,
    /// IssueType code (<https://hl7.org/fhir/R4/valueset-issue-type.html>).
    pub code: &'static str,
    /// FHIRPath expression of the place (`Patient.name[0].family`).
    pub expression: String,
    /// Byte range in the instance's text.
    pub span: Range<u32>,
    /// Line and column of the start of the span, from 1.
    pub place: Place,
    /// The message: lower case, no full stop.
    pub text: String,
    /// What can be done about it, where that is known.
    pub help: Option<String>,
    /// The profiles (`url|version`) that demand it, sorted.
    pub profiles: Vec<String>,
    /// The id of the element definition that demands it (`Patient.extension:race`).
    pub element: Option<String>,
    /// The key of the invariant, where the rule is one.
    pub constraint: Option<String>,
    /// The canonical of the definition that states the invariant first (`ElementDefinition.constraint.source`), where
    /// that is told.
    pub stated_by: Option<String>,
    /// What was expected and what was found; for slices, each slice tried and why it did not match.
    pub evidence: Vec<Evidence>,
}

/// One piece of evidence: what it is about (`found`, `expected`, `slice race`) and what it says.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Evidence {
    /// What it is about.
    pub about: String,
    /// What was expected or found there.
    pub says: String,
}

/// What is said of an instance as a whole.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum Verdict {
    /// No problems found.
    Valid,
    /// No error, but an open question that could become one.
    Undetermined,
    /// At least one error.
    Invalid,
}

impl Verdict {
    /// `valid`, `undetermined` or `invalid`.
    pub fn code(self) -> &'static str {
        match self {
            Verdict::Valid => "valid",
            Verdict::Undetermined => "undetermined",
            Verdict::Invalid => "invalid",
        }
    }
}

/// How many issues there are of each severity, those that are not listed included.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Tally {
    /// Issues of severity fatal or error.
    pub errors: u64,
    /// Issues of severity warning, open questions included.
    pub warnings: u64,
    /// The open questions among the warnings.
    pub questions: u64,
    /// Issues of severity information.
    pub information: u64,
}

impl Tally {
    /// How many are at least this severe.
    pub fn up_to(&self, level: Severity) -> u64 {
        let warnings = if level >= Severity::Warning { self.warnings } else { 0 };
        let information = if level >= Severity::Information { self.information } else { 0 };
        self.errors + warnings + information
    }
}

/// The result of validating one instance: issues in the order of the text.
#[derive(Clone, PartialEq, Debug)]
pub struct Report {
    /// Follows from `tally`, never from what is listed.
    pub verdict: Verdict,
    /// The limit of intake that kept the instance from being examined; `None`: it was examined.
    pub stopped: Option<RuleId>,
    /// How many issues there are, listed or not.
    pub tally: Tally,
    /// How many issues are not listed: those below the level asked for, and those beyond the limit.
    pub unlisted: u64,
    /// The issues listed, in the order of the text.
    pub issues: Vec<Issue>,
}

impl Report {
    /// Whether any issue is an open question that could become an error.
    pub fn is_open(&self) -> bool {
        self.verdict == Verdict::Undetermined
    }
}
