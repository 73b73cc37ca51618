//! Bounds on the work for one instance. What a bound kept from being examined is an open question that names it, never
//! an error of the instance and never silence.

use crate::instance::Limits;
use crate::interrupt::Interrupt;

/// Bounds of work, each with the rule id that its question carries.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Work {
    /// Nodes visited, trials included (`limit-visits`).
    pub nodes: u64,
    /// Trials inside trials: profiles of targets, of slices and of `conformsTo()` (`limit-trials`).
    pub trials: u32,
    /// Steps of one FHIRPath expression at one node (`limit-expression`).
    pub expression: u64,
    /// Steps of all FHIRPath expressions together (`limit-expression`).
    pub expressions: u64,
    /// Nodes that an instance may have (`limit-nodes`): with more of them it is not examined.
    pub intake: usize,
    /// Breaks the work off (`limit-time`).
    pub interrupt: Interrupt,
}

/// Nodes that are visited between two looks at the interrupt.
pub(super) const LOOK: u64 = 128;

impl Default for Work {
    fn default() -> Self {
        Work {
            nodes: 200_000_000,
            trials: 24,
            expression: 50_000_000,
            expressions: 200_000_000,
            intake: Limits::default().nodes,
            interrupt: Interrupt::default(),
        }
    }
}
