//! The official suites, each with its committed ledger of what differs and why. `ACCORD_SUITE=DIR` runs another copy of
//! the suites (no ledger then); `ACCORD_BLESS=1` rewrites the ledgers.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

use std::process::ExitCode;

mod archive;
mod examples;
mod fhirpath;
mod formats;
#[path = "../harness/mod.rs"]
mod harness;
mod ledger;
mod snapshots;
mod validator;

fn main() -> ExitCode {
    harness::main(&[
        examples::TESTS,
        fhirpath::TESTS,
        formats::TESTS,
        snapshots::TESTS,
        snapshots::published::TESTS,
        validator::TESTS,
        validator::place::TESTS,
        ledger::TESTS,
    ])
}
