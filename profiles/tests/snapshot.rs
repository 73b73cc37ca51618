//! Snapshots generated from the published packages' differentials, beside the snapshots that the packages hold.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

use std::process::ExitCode;

#[path = "../../tests/harness/mod.rs"]
mod harness;

#[path = "snapshot/compare.rs"]
mod compare;
#[path = "snapshot/invariants.rs"]
mod invariants;
#[path = "snapshot/packages.rs"]
mod packages;
#[path = "snapshot/published.rs"]
mod published;
#[path = "snapshot/suite.rs"]
mod suite;

fn main() -> ExitCode {
    harness::main(&[published::TESTS, suite::TESTS, invariants::TESTS])
}
