//! Bounds on scope strings. What lies beyond one is told with the rule `scope-limit`: it grants nothing and is covered
//! by nothing.

/// The tokens of one string that are read; each beyond them is a fault.
pub const TOKENS_LIMIT: usize = 1024;
/// The tokens beyond [`TOKENS_LIMIT`] that are told one by one; what follows them is told as one.
pub const FAULTS_LIMIT: usize = 16_384;
/// The pairs of one token's query; a token with more is a fault.
pub const PAIRS_LIMIT: usize = 32;
/// The values of one pair; a token with more is a fault.
pub const VALUES_LIMIT: usize = 256;
/// The scopes of a SMART configuration that are read; whether it lists others is unknown.
pub const LISTED_LIMIT: usize = 4096;
/// The pairs of a requested and a granted scope that are looked at together in one negotiation; what further requests
/// have in common with the grant is not spelled out.
pub const OVERLAPS_LIMIT: usize = 8192;
/// The bytes of what they have in common.
pub const OVERLAPS_BYTES: usize = 4 << 20;
/// The types that are proposed in place of one wildcard.
pub const PROPOSED_LIMIT: usize = 256;
/// The bytes of all that is proposed in one negotiation.
pub const PROPOSED_BYTES: usize = 1 << 20;

/// The alternatives of all queries together that are distinguished.
const ALTERNATIVES_LIMIT: usize = 8192;
/// The bytes of all alternatives together.
const ALTERNATIVES_BYTES: usize = 4 << 20;
/// The alternatives of one query that are distinguished.
const ALTERNATIVES_OF_ONE: usize = 64;

/// How many alternatives of one query are distinguished where `count` scopes of `bytes` bytes in all are compared with
/// each other; a query with more counts as a whole.
pub fn alternatives_limit(count: usize, bytes: usize) -> usize {
    let of_all = (ALTERNATIVES_LIMIT / count.max(1)).min(ALTERNATIVES_BYTES / bytes.max(1));
    of_all.clamp(1, ALTERNATIVES_OF_ONE)
}
