//! How an item of an agreement stands, and whether it stands better than before.

use serde::Serialize;
use serde_json::Value;

use super::limits::{TEXT_LIMIT, short};
use crate::agreement::Kind;

/// Which way something went.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Direction {
    /// More of it works, or is known to.
    Better,
    /// Less of it works, or is known to.
    Worse,
    /// Neither.
    Other,
}

/// How an item stands in an agreement, in the words of the published result.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Standing {
    /// `ok`, `unknown`, `failed` or `told`; of the entry of a type null, since its verdict is that of the whole type.
    pub verdict: Option<String>,
    /// What it weighs.
    pub weighs: Option<String>,
    /// What the server offers.
    pub server: Option<String>,
    /// What is granted.
    pub scope: Option<String>,
    /// What follows from both.
    pub usable: Option<String>,
    /// Of a profile, whether it is met.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
    /// Of a flag, the value that the client states.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
}

/// What can be compared, from the worst to the best; what is not listed is neither.
const VERDICTS: &[&str] = &["failed", "unknown", "ok"];
const STATUSES: &[&str] = &["refuted", "unknown", "partial", "claimed", "proven"];
const SERVER: &[&str] = &["no", "unknown", "yes"];
const SCOPES: &[&str] = &["not asked", "missing", "unknown", "likely", "granted"];
const USABLE: &[&str] = &["no", "unknown", "likely", "yes"];

impl Standing {
    /// How a row stands.
    pub(super) fn of(kind: Kind, row: &Value) -> Standing {
        let text = |name: &str| row.get(name).and_then(Value::as_str).map(str::to_owned);
        Standing {
            verdict: text("verdict").filter(|_| kind != Kind::Type),
            weighs: text("weighs"),
            server: text("server"),
            scope: text("scope"),
            usable: text("usable"),
            status: text("status").filter(|_| kind == Kind::Profile),
            value: text("value").filter(|_| kind == Kind::Flag),
        }
    }

    /// The same as it is told: the value, which the client chooses, not longer than [`TEXT_LIMIT`].
    pub(super) fn told(&self) -> Standing {
        let value = self.value.as_deref().map(|value| short(value, TEXT_LIMIT).to_owned());
        let (verdict, weighs, server) = (self.verdict.clone(), self.weighs.clone(), self.server.clone());
        let (scope, usable, status) = (self.scope.clone(), self.usable.clone(), self.status.clone());
        Standing { verdict, weighs, server, scope, usable, status, value }
    }
}

/// Which way an item went: the first of verdict, status, server, scope and usability that went anywhere decides.
pub(super) fn compare(from: &Standing, to: &Standing) -> Direction {
    let pairs = [
        (VERDICTS, &from.verdict, &to.verdict),
        (STATUSES, &from.status, &to.status),
        (SERVER, &from.server, &to.server),
        (SCOPES, &from.scope, &to.scope),
        (USABLE, &from.usable, &to.usable),
    ];
    let mut ways = pairs.into_iter().map(|(ranks, from, to)| way(ranks, from.as_deref(), to.as_deref()));
    ways.find(|way| *way != Direction::Other).unwrap_or(Direction::Other)
}

/// Which way something went whose states have these ranks, from the worst to the best.
pub(super) fn way(ranks: &[&str], from: Option<&str>, to: Option<&str>) -> Direction {
    let rank = |text: Option<&str>| ranks.iter().position(|r| Some(*r) == text);
    match (rank(from), rank(to)) {
        (Some(from), Some(to)) if to > from => Direction::Better,
        (Some(from), Some(to)) if to < from => Direction::Worse,
        _ => Direction::Other,
    }
}
