//! The limits of intake: how much of an instance is read.

use super::fault::FaultKind;
use crate::interrupt::Interrupt;

/// Bounds on one instance. Reaching one of bytes, depth or nodes, and being broken off, is a fatal fault that names it.
#[derive(Clone, Debug)]
pub struct Limits {
    /// The length of the text in bytes.
    pub bytes: usize,
    /// How deep objects, arrays and elements may nest.
    pub depth: usize,
    /// How many nodes the tape may hold.
    pub nodes: usize,
    /// How many faults of the syntax are kept; more are only counted.
    pub faults: usize,
    /// Whether JSON may hold comments: they are skipped.
    pub comments: bool,
    /// Breaks the reading off.
    pub interrupt: Interrupt,
}

/// Nodes that are read between two looks at the interrupt.
const LOOK: usize = 4096;

impl Default for Limits {
    fn default() -> Self {
        Limits {
            bytes: 256 << 20,
            depth: 200,
            nodes: 30_000_000,
            faults: 200,
            comments: false,
            interrupt: Interrupt::default(),
        }
    }
}

impl Limits {
    /// The number of nodes at which a reader looks for the first time whether it may go on.
    pub(super) fn first_look(&self) -> usize {
        self.nodes.min(LOOK)
    }

    /// The number of nodes at which a reader that has so many looks again.
    ///
    /// # Errors
    /// What ends the reading, with what it found.
    pub(super) fn look(&self, nodes: usize) -> Result<usize, (FaultKind, String)> {
        if nodes >= self.nodes {
            return Err((FaultKind::LimitNodes, self.nodes.to_string()));
        }
        if self.interrupt.is_raised() {
            return Err((FaultKind::LimitTime, String::new()));
        }
        Ok(nodes.saturating_add(LOOK).min(self.nodes))
    }
}
