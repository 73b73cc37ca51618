//! What is tested with the shared folder (`../shared`, or `$ACCORD_SHARED`) and is no official suite; those are in
//! `tests/conformance/`.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

use std::process::ExitCode;

#[path = "../harness/mod.rs"]
mod harness;
mod images;
#[path = "../versions/judged.rs"]
mod judged;
#[path = "../harness/leak.rs"]
mod leak;
#[allow(dead_code, reason = "shared with tests/negotiation.rs")]
#[path = "../negotiation/support.rs"]
mod made;
mod negotiation;
mod observed;
mod packages;
#[path = "../versions/patch.rs"]
mod patch;
#[allow(dead_code, reason = "shared with tests/api")]
#[path = "../api/program.rs"]
mod program;
#[path = "../truth/properties.rs"]
mod properties;
mod r5;
mod relation;
mod stu3;
mod terminology;
mod truth;
mod upload;
#[allow(dead_code, reason = "shared with tests/api")]
#[path = "../api/wire.rs"]
mod wire;
mod wrapper;

fn main() -> ExitCode {
    harness::main(&[
        images::TESTS,
        observed::TESTS,
        packages::TESTS,
        r5::TESTS,
        relation::TESTS,
        stu3::TESTS,
        terminology::TESTS,
        truth::TESTS,
        upload::TESTS,
        wrapper::TESTS,
        negotiation::all_pairs::TESTS,
        negotiation::golden::TESTS,
        negotiation::guides::TESTS,
        negotiation::named::TESTS,
        negotiation::properties::TESTS,
        negotiation::standard::TESTS,
    ])
}
