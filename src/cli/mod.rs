//! The command line: one file a subcommand.

pub mod agreement_text;
pub mod negotiate;
pub mod scope;
