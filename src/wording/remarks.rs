//! Remarks on the inputs: the same remark about several places is one.

use rustc_hash::FxHashMap;

use crate::capability::agreement::Agreement;
use crate::capability::issue::{Issue, Severity};

/// A remark, with the first of its places.
#[derive(Debug)]
pub struct Remark<'a> {
    /// The remark at its first place.
    pub issue: &'a Issue,
    /// How many places it is about, the first among them.
    pub places: usize,
}

/// The remarks of one severity, in the order in which they were made.
pub fn remarks(agreement: &Agreement, severity: Severity) -> Vec<Remark<'_>> {
    let mut chosen: Vec<Remark<'_>> = Vec::new();
    let mut known: FxHashMap<_, usize> = FxHashMap::default();
    for issue in agreement.issues.iter().filter(|i| i.severity == severity) {
        let at = *known.entry((issue.party as u8, issue.text.as_str())).or_insert(chosen.len());
        match chosen.get_mut(at) {
            Some(remark) => remark.places += 1,
            None => chosen.push(Remark { issue, places: 1 }),
        }
    }
    chosen
}
