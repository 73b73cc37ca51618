//! Bounds on what is read and kept; reaching one is told.

/// The longest body of a request that is read, in bytes.
pub(super) const BODY_BYTES: usize = 64 << 20;

/// The different items that are kept.
pub(super) const ITEMS_LIMIT: usize = 10_000;

/// The most parameters of one search that are stated as a combination.
pub(super) const COMBINATION_LIMIT: usize = 32;

/// The longest name of a search parameter or an operation, in bytes.
pub(super) const NAME_BYTES: usize = 64;
