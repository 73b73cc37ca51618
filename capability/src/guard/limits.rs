//! Bounds on what one decision looks at. Beyond one of them a request is refused, by a reason that names the bound.

/// The bytes of a request's path and query.
pub const ADDRESS_BYTES: usize = 8192;
/// The pairs of one query, those of its form included.
pub const PAIRS_LIMIT: usize = 256;
/// The parameters that one chain, with the reverse chains in it, goes through.
pub const CHAIN_LIMIT: usize = 8;
/// The entries of a batch or a transaction.
pub const ENTRIES_LIMIT: usize = 1000;
/// The entries of one answer.
pub const ANSWER_ENTRIES_LIMIT: usize = 10_000;
/// The scopes with a patient or a filter that one resource is held against; more are as if they were not granted.
pub const LIMITED_SCOPES: usize = 64;
/// How often one decision asks whether a resource meets a filter or is a patient's.
pub const QUESTIONS_LIMIT: usize = 100_000;
/// The operations of one JSON Patch.
pub const PATCH_OPERATIONS: usize = 1000;
/// The values that a patched resource may have at any time: a patch may copy what it has copied.
pub const PATCHED_VALUES: usize = 1_000_000;
/// The bytes of a body, of an old state or of an answer.
pub const DOCUMENT_BYTES: usize = 64 << 20;
/// How deep a document may nest.
pub const DOCUMENT_DEPTH: usize = 100;
/// The values of a document.
pub const DOCUMENT_VALUES: usize = 4_000_000;
