//! What a negotiation has to say beside its findings.

use serde::Serialize;

/// How grave an issue is. An error makes a part of an input unusable.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    Error,
    Warning,
    Information,
}

/// Whose input an issue speaks of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Party {
    Client,
    Server,
    /// The scope string.
    Scope,
    /// The SMART configuration.
    Smart,
    Policy,
    /// The request itself: what is singled out, the flow, the client type.
    Request,
    /// Both statements.
    Both,
}

/// One remark, with the rule it follows from and the place it speaks of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Issue {
    pub severity: Severity,
    /// A rule id, see [`crate::rules`].
    pub rule: &'static str,
    pub party: Party,
    /// The element of the party's input, as `rest[0].resource[3].supportedProfile[0]`; empty for the whole.
    pub path: String,
    pub text: String,
}

impl Issue {
    pub fn error(rule: &'static str, party: Party, path: impl Into<String>, text: impl Into<String>) -> Issue {
        Issue { severity: Severity::Error, rule, party, path: path.into(), text: text.into() }
    }

    pub fn warning(rule: &'static str, party: Party, path: impl Into<String>, text: impl Into<String>) -> Issue {
        Issue { severity: Severity::Warning, rule, party, path: path.into(), text: text.into() }
    }

    pub fn information(rule: &'static str, party: Party, path: impl Into<String>, text: impl Into<String>) -> Issue {
        Issue { severity: Severity::Information, rule, party, path: path.into(), text: text.into() }
    }
}
