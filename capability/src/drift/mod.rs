//! What got better and worse between two agreements of the same parties: by type, kind and item; and what changed
//! between two documents of one party. Pure: the same inputs give the same bytes, in time linear in their size.
//!
//! Agreements are read in their published JSON, so that one which an earlier version made can be set beside a new one.

mod documents;
mod item;
mod limits;
mod rows;
mod scopes;
mod standing;
mod whole;

#[cfg(test)]
mod tests;

pub use documents::DocumentChanges;
pub use item::ItemDrift;
pub use limits::{ITEMS_LIMIT, PATHS_LIMIT, TEXT_LIMIT};
pub use scopes::ScopeDrift;
pub use standing::{Direction, Standing};
pub use whole::{IssueDrift, TallyDrift};

use serde::Serialize;
use serde_json::Value;

use limits::short;
use rows::{pairs, rows};
use standing::compare;

/// Something before and after.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct FromTo {
    /// Before; null where it was not there.
    pub from: Option<String>,
    /// After; null where it is not there.
    pub to: Option<String>,
}

/// How many items drifted, whether or not they are listed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct DriftCounts {
    /// That got better.
    pub better: usize,
    /// That got worse.
    pub worse: usize,
    /// That changed without a better or a worse: in what they weigh, for example.
    pub other: usize,
    /// That the client did not require before.
    pub added: usize,
    /// That the client requires no longer.
    pub removed: usize,
}

/// What changed between two agreements.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Drift {
    /// The verdict.
    pub verdict: FromTo,
    /// The FHIR version that both sides speak.
    pub fhir_version: FromTo,
    /// The scope string to send.
    pub ask: FromTo,
    /// Of all items.
    pub counts: DriftCounts,
    /// What got better, in the order of the newer agreement; the first [`ITEMS_LIMIT`], as in each list.
    pub better: Vec<ItemDrift>,
    /// What got worse.
    pub worse: Vec<ItemDrift>,
    /// What changed otherwise.
    pub other: Vec<ItemDrift>,
    /// What the client did not require before.
    pub added: Vec<ItemDrift>,
    /// What the client requires no longer, in the order of the older agreement.
    pub removed: Vec<ItemDrift>,
    /// Requested scopes whose outcome changed.
    pub scopes: Vec<ScopeDrift>,
    /// The counts of all findings that changed.
    pub findings: Vec<TallyDrift>,
    /// The errors and warnings of which there are more or fewer.
    pub issues: Vec<IssueDrift>,
}

impl Drift {
    /// What changed from the agreement `old` to `new`, both in the shape of the published result of a negotiation.
    pub fn between(old: &Value, new: &Value) -> Drift {
        let text = |value: &Value, pointer: &str| {
            value.pointer(pointer).and_then(Value::as_str).map(|text| short(text, TEXT_LIMIT).to_owned())
        };
        let pair = |pointer: &str| FromTo { from: text(old, pointer), to: text(new, pointer) };
        let mut drift = Drift {
            verdict: pair("/verdict"),
            fhir_version: pair("/fhirVersion/chosen"),
            ask: pair("/ask/scope"),
            counts: DriftCounts::default(),
            better: Vec::new(),
            worse: Vec::new(),
            other: Vec::new(),
            added: Vec::new(),
            removed: Vec::new(),
            scopes: scopes::scopes(old, new, ITEMS_LIMIT),
            findings: whole::tallies(old, new),
            issues: whole::issues(old, new, ITEMS_LIMIT),
        };
        let (before, after) = (rows(old), rows(new));
        let (paired, gone) = pairs(&before, &after);
        for (row, was) in paired {
            drift.tell(&row.key, was.map(|was| &was.standing), Some(&row.standing));
        }
        for row in gone {
            drift.tell(&row.key, Some(&row.standing), None);
        }
        drift
    }

    /// Whether anything changed that it tells.
    pub fn is_empty(&self) -> bool {
        let same = |pair: &FromTo| pair.from == pair.to;
        self.counts == DriftCounts::default()
            && self.scopes.is_empty()
            && self.findings.is_empty()
            && self.issues.is_empty()
            && [&self.verdict, &self.fhir_version, &self.ask].into_iter().all(same)
    }

    fn tell(&mut self, key: &rows::Key, from: Option<&Standing>, to: Option<&Standing>) {
        let (count, list) = match (from, to) {
            (None, _) => (&mut self.counts.added, &mut self.added),
            (_, None) => (&mut self.counts.removed, &mut self.removed),
            (Some(from), Some(to)) if from == to => return,
            (Some(from), Some(to)) => match compare(from, to) {
                Direction::Better => (&mut self.counts.better, &mut self.better),
                Direction::Worse => (&mut self.counts.worse, &mut self.worse),
                Direction::Other => (&mut self.counts.other, &mut self.other),
            },
        };
        *count += 1;
        if list.len() < ITEMS_LIMIT {
            list.push(ItemDrift::of(key, from, to));
        }
    }
}
