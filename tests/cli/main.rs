//! The command line as a user meets it: the built binary, its output and its exit codes.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

mod baseline;
mod bulk;
mod client;
mod commands;
mod constraints;
mod diff;
mod envelope;
mod exit;
mod explain;
mod faulty;
mod fetch;
mod fixing;
mod format;
mod forms;
mod generate;
mod guard;
mod held;
mod hl7;
mod hl7_entries;
mod hooks;
mod hostile;
#[path = "../harness/leak.rs"]
mod leak;
mod lsp;
mod matrix;
mod matrix_page;
mod negotiated;
mod observed;
mod package;
mod page;
mod pointers;
mod policy;
mod project;
mod resources;
mod result;
mod scripting;
mod service;
mod shell;
mod snapshot;
mod support;
#[path = "../harness/terminology/mod.rs"]
mod terminologies;
mod terminology;
mod testing;
mod xml;
