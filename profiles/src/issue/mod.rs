//! Findings about an instance: rule ids, severities, issues, verdicts, reports, and the catalogue of rules.
//! Imports nothing but the place of an issue.

mod catalogue;

use std::ops::Range;

pub use catalogue::{RULES, Rule, rule};

use crate::instance::Place;

/// The stable id of a rule (`slice-min`, `binding-required`, …); its meaning stands in [`RULES`].
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct RuleId(pub &'static str);

impl RuleId {
    /// The id of a rule that no catalogue holds: a site's own, `namespace/name`. It lives as long as the process, so it is
    /// made once a rule, where its script is loaded.
    pub fn of_site(id: &str) -> RuleId {
        RuleId(String::leak(id.to_owned()))
    }
}

/// OperationOutcome severities (https://hl7.org/fhir/R4/valueset-issue-severity.html).
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum Severity {
    Fatal,
    Error,
    Warning,
    Information,
}

impl Severity {
    /// The code of the severity.
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
    pub rule: RuleId,
    pub severity: Severity,
    /// An open question that could become an error.
    pub open: bool,
    /// IssueType code (https://hl7.org/fhir/R4/valueset-issue-type.html).
    pub code: &'static str,
    /// FHIRPath expression of the place (`Patient.name[0].family`).
    pub expression: String,
    /// Byte range in the instance's text.
    pub span: Range<u32>,
    /// Line and column of the start of the span, from 1.
    pub place: Place,
    /// Lower case, no full stop.
    pub text: String,
    /// What can be done about it, where that is known.
    pub help: Option<String>,
    /// The profiles (`url|version`) that demand it, sorted.
    pub profiles: Vec<String>,
    /// The id of the element definition that demands it (`Patient.extension:race`).
    pub element: Option<String>,
    /// The key of the invariant, where the rule is one.
    pub constraint: Option<String>,
    /// What was found and what was wanted; for slices each slice tried and why it did not match.
    pub evidence: Vec<Evidence>,
}

/// One piece of evidence: what it is about (`found`, `wanted`, `slice race`) and what it says.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Evidence {
    pub about: String,
    pub says: String,
}

/// What is said of an instance as a whole.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum Verdict {
    /// Nothing to object to.
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

/// The result of validating one instance: issues in the order of the text.
#[derive(Clone, PartialEq, Debug)]
pub struct Report {
    pub verdict: Verdict,
    pub issues: Vec<Issue>,
}

impl Report {
    /// Whether any issue is an open question that could become an error.
    pub fn is_open(&self) -> bool {
        self.verdict == Verdict::Undetermined
    }
}
