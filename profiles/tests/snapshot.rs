//! The constraints of published packages in generated snapshots, and definitions read from XML.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

use std::process::ExitCode;

#[path = "../../tests/harness/mod.rs"]
mod harness;

#[path = "snapshot/invariants.rs"]
mod invariants;
#[path = "snapshot/packages.rs"]
mod packages;
#[path = "snapshot/twins.rs"]
mod twins;

fn main() -> ExitCode {
    harness::main(&[invariants::TESTS, twins::TESTS])
}
