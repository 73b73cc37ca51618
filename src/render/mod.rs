//! Reports to what callers read; never judges.

mod outcome;
mod text;

pub use outcome::{RULE_SYSTEM, VERDICT_SYSTEM, collection, line, operation_outcome};
pub use text::text;
