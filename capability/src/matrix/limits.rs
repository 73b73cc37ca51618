//! What a matrix holds at most.

/// Pairs of a client and a server.
pub const CELLS_LIMIT: usize = 10_000;

/// Rows of all cells together.
pub const ROWS_LIMIT: usize = 4_000_000;

/// Pairs of a client and a server that one request may name.
pub const MATRIX_PAIRS: usize = 256;

/// Rows of all cells of one request together.
pub const MATRIX_ROWS: usize = 400_000;

/// Changes that are tried by negotiating again, for each client.
pub(super) const TRIALS: usize = 8;

/// Changes that are told for each client, the best first.
pub(super) const CHANGES: usize = 5;
