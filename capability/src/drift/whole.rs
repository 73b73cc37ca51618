//! What changed of an agreement as a whole: how many requirements are met, and what was remarked on the inputs.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;

use super::limits::{TEXT_LIMIT, short};

/// The weights of requirements.
const WEIGHTS: [&str; 3] = ["SHALL", "SHOULD", "MAY"];
/// What is found of requirements.
const FINDINGS: [&str; 3] = ["ok", "failed", "unknown"];

/// How many requirements of a weight are met, failed or unknown, before and after.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TallyDrift {
    /// `SHALL`, `SHOULD` or `MAY`.
    pub weighs: &'static str,
    /// `ok`, `failed` or `unknown`.
    pub finding: &'static str,
    /// How many before; null where they were not counted.
    pub from: Option<u64>,
    /// How many after.
    pub to: Option<u64>,
}

/// How many errors or warnings of a rule there are about an input, before and after.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct IssueDrift {
    /// `error` or `warning`.
    pub severity: String,
    /// The rule.
    pub rule: String,
    /// Whose input it is about.
    pub party: String,
    /// How many before.
    pub from: usize,
    /// How many after.
    pub to: usize,
}

/// The counts of findings that changed.
pub(super) fn tallies(old: &Value, new: &Value) -> Vec<TallyDrift> {
    let count = |agreement: &Value, weighs: &str, finding: &str| {
        agreement.pointer(&format!("/counts/{weighs}/{finding}")).and_then(Value::as_u64)
    };
    let all = WEIGHTS.into_iter().flat_map(|weighs| FINDINGS.into_iter().map(move |finding| (weighs, finding)));
    let told = all.map(|(weighs, finding)| TallyDrift {
        weighs,
        finding,
        from: count(old, weighs, finding),
        to: count(new, weighs, finding),
    });
    told.filter(|tally| tally.from != tally.to).collect()
}

/// The errors and warnings of which there are more or fewer, by severity and rule; the first `limit`.
pub(super) fn issues(old: &Value, new: &Value, limit: usize) -> Vec<IssueDrift> {
    let mut all: BTreeMap<[&str; 3], (usize, usize)> = BTreeMap::new();
    for issue in remarks(old) {
        all.entry(issue).or_default().0 += 1;
    }
    for issue in remarks(new) {
        all.entry(issue).or_default().1 += 1;
    }
    let told = |text: &str| short(text, TEXT_LIMIT).to_owned();
    let changed = all.into_iter().filter(|(_, (from, to))| from != to).take(limit);
    let drift = changed.map(|([severity, rule, party], (from, to))| IssueDrift {
        severity: told(severity),
        rule: told(rule),
        party: told(party),
        from,
        to,
    });
    drift.collect()
}

/// Severity, rule and party of the errors and warnings of an agreement.
fn remarks(agreement: &Value) -> impl Iterator<Item = [&str; 3]> {
    let all = agreement.get("issues").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    let told = all.iter().map(|issue| {
        ["severity", "rule", "party"].map(|name| issue.get(name).and_then(Value::as_str).unwrap_or_default())
    });
    told.filter(|[severity, ..]| matches!(*severity, "error" | "warning"))
}
