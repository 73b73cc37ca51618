//! Requested scopes whose outcome changed.

use rustc_hash::{FxHashMap, FxHashSet};
use serde::Serialize;
use serde_json::Value;

use super::limits::{TEXT_LIMIT, short};
use super::standing::{Direction, way};

/// The outcomes of a token, from the worst to the best; `upgraded` is neither.
const OUTCOMES: &[&str] = &["rejected", "dropped", "unknown", "downscoped", "granted"];

/// The outcome of a requested scope, before and after.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ScopeDrift {
    /// The token as it was requested.
    pub requested: String,
    /// Whether that is better.
    pub direction: Direction,
    /// The outcome before; null where it was not requested.
    pub from: Option<String>,
    /// The outcome after; null where it is not requested.
    pub to: Option<String>,
}

/// Requested scopes whose outcome changed, the first `limit`: those of the newer agreement in its order, then those
/// that are requested no longer.
pub(super) fn scopes(old: &Value, new: &Value, limit: usize) -> Vec<ScopeDrift> {
    let (before, after) = (outcomes(old), outcomes(new));
    let (known, kept): (FxHashMap<_, _>, FxHashMap<_, _>) =
        (before.iter().copied().collect(), after.iter().copied().collect());
    let gone = before.iter().filter(|(token, _)| !kept.contains_key(token));
    let mut seen = FxHashSet::default();
    let all = after.iter().chain(gone).map(|(token, _)| *token).filter(|token| seen.insert(*token));
    let changed = all.filter(|token| known.get(token) != kept.get(token));
    let drift = changed.map(|token| {
        let (from, to) = (known.get(token).copied(), kept.get(token).copied());
        let direction = way(OUTCOMES, from, to);
        ScopeDrift {
            requested: short(token, TEXT_LIMIT).to_owned(),
            direction,
            from: from.map(str::to_owned),
            to: to.map(str::to_owned),
        }
    });
    drift.take(limit).collect()
}

/// The requested tokens of an agreement with their outcomes, in its order.
fn outcomes(agreement: &Value) -> Vec<(&str, &str)> {
    let all = agreement.get("scopes").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    all.iter().filter_map(|s| Some((s.get("requested")?.as_str()?, s.get("outcome")?.as_str()?))).collect()
}
