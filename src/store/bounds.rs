//! How much is kept.

/// How many negotiated sets are kept where nothing is said.
pub const KEPT_LIMIT: usize = 10_000;
/// How many bytes they may have together, as they are stored, where nothing is said.
pub const KEPT_BYTES: u64 = 128 << 20;

/// Bounds on the negotiated sets that are kept. Where they are reached new ones are refused.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Bounds {
    /// How many sets.
    pub sets: usize,
    /// How many bytes they have together, as they are stored.
    pub bytes: u64,
}

impl Default for Bounds {
    fn default() -> Bounds {
        Bounds { sets: KEPT_LIMIT, bytes: KEPT_BYTES }
    }
}
