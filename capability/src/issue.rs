//! Remarks of a negotiation on its inputs.

use crate::reason::Reason;
use serde::Serialize;

/// How severe an issue is. Ordered from most to least severe.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// A part of an input is unusable.
    Error,
    /// Something in an input is probably not as intended.
    Warning,
    /// Good to know.
    Information,
}

/// Whose input an issue is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Party {
    /// The client's statement.
    Client,
    /// The server's statement.
    Server,
    /// The scope string.
    Scope,
    /// The SMART configuration.
    Smart,
    /// The policy, or its script.
    Policy,
    /// The request itself: what it requires, the flow, the client type.
    Request,
    /// Both statements.
    Both,
}

/// One remark, with its rule and its place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Issue {
    /// How severe it is.
    pub severity: Severity,
    /// A rule id, see [`crate::rules`].
    pub rule: Reason,
    /// Whose input it is about.
    pub party: Party,
    /// The element of the party's input, as `rest[0].resource[3].supportedProfile[0]`; empty for the whole.
    pub path: String,
    /// The remark, for people.
    pub text: String,
}

impl Issue {
    /// An issue that makes a part of an input unusable.
    pub fn error(rule: Reason, party: Party, path: impl Into<String>, text: impl Into<String>) -> Issue {
        Issue { severity: Severity::Error, rule, party, path: path.into(), text: text.into() }
    }

    /// An issue about something that is probably not as intended.
    pub fn warning(rule: Reason, party: Party, path: impl Into<String>, text: impl Into<String>) -> Issue {
        Issue { severity: Severity::Warning, rule, party, path: path.into(), text: text.into() }
    }

    /// An issue that is good to know.
    pub fn information(rule: Reason, party: Party, path: impl Into<String>, text: impl Into<String>) -> Issue {
        Issue { severity: Severity::Information, rule, party, path: path.into(), text: text.into() }
    }
}
