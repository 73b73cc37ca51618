//! Reports to what callers read; never judges.

mod outcome;
mod text;

pub use outcome::{COLLECTION_START, Note, Outcome, RULE_SYSTEM, VERDICT_SYSTEM, line, outcome};
pub use text::text;
