//! The bounds of scripts, by name.

/// Operations of one call of a function from outside.
pub const OPERATIONS: u64 = 500_000;
/// Operations of all calls on one instance, or in one negotiation.
pub const ALL_OPERATIONS: u64 = 100_000_000;
/// FHIRPath steps of all expressions that scripts evaluate on one instance.
pub const FHIRPATH_STEPS: u64 = 100_000_000;
/// FHIRPath steps of one expression of a script.
pub const EXPRESSION_STEPS: u64 = 5_000_000;
/// Calls of script functions inside each other.
pub const CALLS: usize = 16;
/// Scripts that run inside each other: a script's expression calls a function, whose expression calls another …
pub const NESTING: u32 = 3;
/// The depth of expressions and blocks.
pub const DEPTH: usize = 40;
/// The depth of lists and maps inside each other.
pub const NESTED: usize = 24;
/// Variables that live at once.
pub const VARIABLES: usize = 100;
/// Functions of one script.
pub const FUNCTIONS: usize = 200;
/// Bytes of a string, or of all strings inside one value.
pub const STRING: usize = 16 << 10;
/// Entries of a list or of a map, nested ones included.
pub const ENTRIES: usize = 1024;
/// Bytes of one script.
pub const SCRIPT: usize = 256 << 10;
/// Scripts that are loaded together.
pub const SCRIPTS: usize = 256;
/// Reports of one check of one resource.
pub const REPORTS: usize = 1000;
/// Characters of the message of a report.
pub const MESSAGE: usize = 1000;
/// Different FHIRPath expressions of all scripts together.
pub const EXPRESSIONS: usize = 4096;
/// Failures of one script on one instance; after the last it does not run again there.
pub const FAILURES: u32 = 10;
