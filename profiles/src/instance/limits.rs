//! The limits of intake: how much of an instance is read.

/// Bounds on one instance. Reaching one of bytes, depth or nodes is a fatal fault that names it.
#[derive(Clone, Copy, Debug)]
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
}

impl Default for Limits {
    fn default() -> Self {
        Limits { bytes: 256 << 20, depth: 200, nodes: 30_000_000, faults: 200, comments: false }
    }
}
