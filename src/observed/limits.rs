//! What is read of real answers at most. What lies beyond is counted as unread: nothing is known of it.

/// Files.
pub(super) const FILES_LIMIT: usize = 100_000;

/// Bytes of a JSON file, or of a line of an NDJSON file.
pub(super) const BYTES_LIMIT: usize = 256 << 20;

/// Different rules that are counted of one profile.
pub(super) const RULES_LIMIT: usize = 10_000;

/// Rules that are told of one profile, the most frequent first.
pub(super) const RULES_TOLD: usize = 5;

/// Places that are told of a witness.
pub(super) const PATHS_TOLD: usize = 5;

/// Versions that a profile named without one is held against.
pub(super) const VERSIONS_LIMIT: usize = 16;
