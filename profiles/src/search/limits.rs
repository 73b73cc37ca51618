//! How much of a search is done in memory. Beyond each of them the answer is unknown, and names the limit.

/// The longest query that is read, in bytes.
pub const QUERY_BYTES: usize = 64 << 10;
/// The most pairs of a query.
pub const PAIRS: usize = 1_000;
/// The most values of a query, of all its pairs together.
pub const VALUES: usize = 10_000;
/// The steps of one question: operations of FHIRPath, comparisons, and texts that are folded, by their length.
pub const STEPS: u64 = 4_000_000;
/// The steps between two looks at the interrupt.
pub(super) const LOOK: u64 = 2_048;
/// The bytes of text that count as one step.
pub(super) const BYTES_A_STEP: usize = 16;
