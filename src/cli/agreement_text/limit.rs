//! How much a text shows.

/// How many lines of one kind are written.
pub(super) const LINES_LIMIT: usize = 24;
