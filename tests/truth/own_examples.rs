//! The properties of verdicts, over the project's own examples.

use std::path::Path;

use crate::properties;

/// The examples; the first is valid.
fn examples() -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    ["us-core-patient.json", "us-core-patient-race.json", "us-core-patient-invalid.json"]
        .map(|name| std::fs::read(folder.join(name)).unwrap())
        .into()
}

#[test]
fn capping_what_is_listed_changes_no_verdict_and_no_count() {
    properties::capping(&examples());
}

#[test]
fn a_valid_collection_takes_valid_entries_of_their_own() {
    properties::collections(&examples());
}

#[test]
fn an_answer_replaced_by_unknown_makes_nothing_valid() {
    properties::withheld_answers(&examples());
}

#[test]
fn only_the_listed_rules_find_what_changes_nothing() {
    properties::notes(&examples());
}
