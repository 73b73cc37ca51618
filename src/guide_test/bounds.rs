//! The bounds of a run.

use std::time::Duration;

/// What a run may cost; what a bound leaves out is told, and counted as nothing.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    /// The most instances that are examined.
    pub instances: usize,
    /// The most mutants that are judged for one profile.
    pub mutants: usize,
    /// How long mutants are made and judged.
    pub time: Duration,
}

impl Default for Bounds {
    fn default() -> Bounds {
        Bounds { instances: 100_000, mutants: 20_000, time: Duration::from_secs(300) }
    }
}

/// The most issues of one instance that are held against an expectation.
pub(super) const LISTED: usize = 100_000;
/// The most instances in which a rule is broken.
pub(super) const BASES: usize = 8;
/// The most places of one instance at which a rule is broken.
pub(super) const SITES: usize = 4;
/// The most mutants that are judged for one rule.
pub(super) const TRIES: usize = 400;
/// The most types of a choice that are counted one by one.
pub(super) const CHOICES: usize = 12;
/// The most examples whose values are put where there is none.
pub(super) const SAMPLED: usize = 2_000;
/// What a thread has for the nesting of what it works on, in bytes; it takes only what it uses.
pub(super) const STACK: usize = 32 << 20;
