//! The properties of verdicts, over the official examples of US Core.

use std::io::Read;
use std::sync::OnceLock;

use crate::harness::{Test, shared, tests};
use crate::properties;

const US_CORE: &str = "packages/hl7.fhir.us.core-6.1.0.tgz";

pub const TESTS: &[Test] = tests! {
    US_CORE => capping_what_is_listed_changes_no_verdict_and_no_count,
        a_valid_collection_takes_valid_entries_of_their_own,
        an_answer_replaced_by_unknown_makes_nothing_valid, only_the_listed_rules_find_what_changes_nothing;
};

/// The examples of the package, in its order.
fn examples() -> &'static [Vec<u8>] {
    static EXAMPLES: OnceLock<Vec<Vec<u8>>> = OnceLock::new();
    EXAMPLES.get_or_init(|| {
        let file = std::fs::File::open(shared().join(US_CORE)).unwrap();
        let mut out = Vec::new();
        for entry in tar::Archive::new(flate2::read::GzDecoder::new(file)).entries().unwrap() {
            let mut entry = entry.unwrap();
            let name = entry.path().unwrap().to_string_lossy().into_owned();
            if name.starts_with("package/example/") && name.ends_with(".json") && !name.contains("/.") {
                let mut text = Vec::new();
                entry.read_to_end(&mut text).unwrap();
                out.push(text);
            }
        }
        assert!(out.len() > 100, "{} examples", out.len());
        out
    })
}

fn capping_what_is_listed_changes_no_verdict_and_no_count() {
    properties::capping(examples());
}

fn a_valid_collection_takes_valid_entries_of_their_own() {
    properties::collections(examples());
}

fn an_answer_replaced_by_unknown_makes_nothing_valid() {
    properties::withheld_answers(examples());
}

fn only_the_listed_rules_find_what_changes_nothing() {
    properties::notes(examples());
}
