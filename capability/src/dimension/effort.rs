//! What one negotiation spends at most on comparing pairs, over all types together; what lies beyond is unknown.

use std::cell::Cell;

/// Bound on the pairs of a required and a declared profile whose urls and derivation are compared; beyond it only equal
/// urls are seen, and nothing is refuted.
const HEADS: usize = 50_000;

/// Bound on the work of comparing combinations: those that the client lists for a type, times the parameters in those
/// of the server.
const COMBINED: usize = 2_000_000;

/// Bound on the pairs and values of the grant's queries that are held against profiles, in all versions of each.
const NARROWED: usize = 200_000;

/// What is left of the bounds.
#[derive(Debug)]
pub struct Effort {
    heads: Cell<usize>,
    combined: Cell<usize>,
    narrowed: Cell<usize>,
}

impl Default for Effort {
    fn default() -> Effort {
        Effort { heads: Cell::new(HEADS), combined: Cell::new(COMBINED), narrowed: Cell::new(NARROWED) }
    }
}

impl Effort {
    /// True where a required profile may still be compared with so many declared ones.
    pub fn heads(&self, declared: usize) -> bool {
        take(&self.heads, declared)
    }

    /// True where so much may still be done about combinations.
    pub fn combined(&self, work: usize) -> bool {
        take(&self.combined, work)
    }

    /// True where so many pairs and values of queries may still be held against a profile.
    pub fn narrowed(&self, size: usize) -> bool {
        take(&self.narrowed, size)
    }
}

fn take(left: &Cell<usize>, wanted: usize) -> bool {
    let rest = left.get().checked_sub(wanted);
    left.set(rest.unwrap_or(left.get()));
    rest.is_some()
}
