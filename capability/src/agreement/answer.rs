//! What a server offers, what is granted, and what follows from both.

use serde::Serialize;

use super::verdict::Finding;

/// What a server offers. Ordered from worst to best.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Answer {
    /// Its statement excludes it.
    No,
    /// Its statement says neither yes nor no.
    Unknown,
    /// Its statement offers it.
    Yes,
}

impl Answer {
    /// Whether a requirement is met where no scope is involved.
    pub fn finding(self) -> Finding {
        match self {
            Answer::Yes => Finding::Satisfied,
            Answer::No => Finding::Unmet,
            Answer::Unknown => Finding::Unknown,
        }
    }

    /// Whether a requirement is met under this grant: one that is known to be missing fails it, an unknown one does
    /// not weigh.
    pub fn finding_with_scope(self, scope: Option<ScopeAnswer>) -> Finding {
        match scope {
            Some(ScopeAnswer::NotAsked | ScopeAnswer::Missing) => Finding::Unmet,
            _ => self.finding(),
        }
    }
}

/// What is known about the grant for an interaction. Ordered from worst to best.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub enum ScopeAnswer {
    /// No requested scope covers it.
    #[serde(rename = "not asked")]
    NotAsked,
    /// Requested and not granted.
    #[serde(rename = "missing")]
    Missing,
    /// Requested, and nothing is known.
    #[serde(rename = "unknown")]
    Unknown,
    /// Requested, listed by the server, and nothing that it declares contradicts this.
    #[serde(rename = "likely")]
    Likely,
    /// A token response or a policy says so.
    #[serde(rename = "granted")]
    Granted,
}

/// Whether the app can expect to be allowed. Ordered from worst to best.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Usable {
    /// The server does not offer it, or the scope is missing.
    No,
    /// Either is unknown.
    Unknown,
    /// The server offers it, and the grant is likely.
    Likely,
    /// The server offers it, and the scope is granted.
    Yes,
}

impl Usable {
    /// Server and grant together; without a scope string (`None`) what the server offers is likely.
    pub fn of(server: Answer, scope: Option<ScopeAnswer>) -> Usable {
        match (server, scope) {
            (Answer::No, _) | (_, Some(ScopeAnswer::NotAsked | ScopeAnswer::Missing)) => Usable::No,
            (Answer::Unknown, _) | (_, Some(ScopeAnswer::Unknown)) => Usable::Unknown,
            (Answer::Yes, Some(ScopeAnswer::Granted)) => Usable::Yes,
            (Answer::Yes, _) => Usable::Likely,
        }
    }
}
