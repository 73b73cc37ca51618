//! Reports to what callers read; never judges.

mod csv;
mod excerpt;
mod github;
mod issue_key;
mod junit;
mod official;
mod origin;
mod outcome;
mod run;
pub mod sarif;
mod text;

pub use csv::{csv, csv_end, csv_header};
pub use excerpt::{Excerpt, excerpt};
pub use github::{github, github_end};
pub use issue_key::{issue_key, without_indices};
pub use junit::{JUNIT_END, junit, junit_end, junit_start};
pub use official::{constraint_id, message_id, message_of};
pub use origin::Origin;
pub use outcome::{
    COLLECTION_START, MESSAGE_SYSTEM, Note, Outcome, RAW_VERDICT_SYSTEM, RULE_SYSTEM, VERDICT_SYSTEM, line, outcome,
};
pub use run::Run;
pub(crate) use run::counted;
pub use text::text;
