//! How much a page shows. Each bound that is reached is told on the page, with how much was left out.

/// Characters of a name or a title.
pub const NAME_CHARS: usize = 160;
/// Characters of any other text of the inputs.
pub const TEXT_CHARS: usize = 2_000;
/// Characters of a scope string, which is there to be copied.
pub const SCOPE_CHARS: usize = 20_000;
/// Bytes of a witness, as indented JSON.
pub const WITNESS_BYTES: usize = 16 * 1024;
/// Entries of a list within a cell: conditions, demands.
pub const LIST: usize = 24;
/// Rows of all tables of types together.
pub const ROWS: usize = 20_000;
/// Rows that tell their details: those that are not met.
pub const DETAILED: usize = 5_000;
/// Rows that tell their details: those that are met.
pub const DETAILED_MET: usize = 2_000;
/// Types, where each has one row.
pub const TYPES: usize = 2_000;
/// Groups of items that share their reasons.
pub const GROUPS: usize = 100;
/// Items that a group names.
pub const NAMED: usize = 60;
/// Requested scopes.
pub const SCOPES: usize = 1_024;
/// Profiles that both sides can use.
pub const PROFILES: usize = 2_000;
/// Remarks of one severity.
pub const REMARKS: usize = 500;
/// Prefetch templates of CDS Hooks services.
pub const HOOKS: usize = 1_000;
/// Rules that real answers fail, of one profile.
pub const RULES: usize = 12;
/// Servers of a matrix.
pub const SERVERS: usize = 2_000;
/// Clients of a matrix.
pub const CLIENTS: usize = 200;
/// Clients beside each other in one table of a matrix.
pub const COLUMNS: usize = 8;
/// Pairs of a client and a server that tell their reasons.
pub const PAIRS: usize = 1_000;
/// Groups of items that a pair tells, of those that fail and of those that are unknown.
pub const PAIR_GROUPS: usize = 16;
/// Items that a group of a pair names.
pub const PAIR_NAMED: usize = 12;
/// Witnesses of a pair.
pub const PAIR_WITNESSES: usize = 6;
/// Witnesses of all pairs together.
pub const WITNESSES: usize = 300;
/// Servers that a line of a matrix names.
pub const SERVERS_NAMED: usize = 12;
/// Types of a client, and requirements that are missing somewhere, each with a row.
pub const OVER: usize = 500;
/// The same of all clients together.
pub const OVER_ALL: usize = 12_000;
/// Weights that a policy changed.
pub const CHANGES: usize = 200;
