//! Reports to what callers read; never judges.

mod outcome;
mod text;

pub use outcome::{COLLECTION_START, RULE_SYSTEM, VERDICT_SYSTEM, line, operation_outcome, outcome};
pub use text::text;
