//! Whether a resource meets a search query and is in a patient's compartment: tables of questions and answers, by the
//! definitions of the embedded packages.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

#[path = "search/compartment.rs"]
mod compartment;
#[path = "search/dates.rs"]
mod dates;
#[path = "search/engine.rs"]
mod engine;
#[path = "search/general.rs"]
mod general;
#[path = "search/malice.rs"]
mod malice;
#[path = "search/numbers.rs"]
mod numbers;
#[path = "search/references.rs"]
mod references;
#[path = "search/texts.rs"]
mod texts;
#[path = "search/tokens.rs"]
mod tokens;

use std::sync::LazyLock;

use engine::Engine;
use fhir_accord_profiles::interrupt::Interrupt;
use fhir_accord_profiles::search::Answer;
use serde_json::Value;

/// The engine of R4 and a guide.
static R4: LazyLock<Engine> =
    LazyLock::new(|| Engine::open(true, &["hl7.fhir.r4.core-4.0.1", "hl7.fhir.us.core-6.1.0"]));

/// An answer in one letter.
fn letter(answer: &Answer) -> char {
    match answer {
        Answer::Yes => 'y',
        Answer::No => 'n',
        Answer::Unknown(why) => {
            assert!(!why.is_empty());
            '?'
        }
    }
}

/// The answer to a query.
fn meets(resource: &Value, query: &str) -> Answer {
    R4.meets(resource.to_string().as_bytes(), query, &Interrupt::never())
}

/// Asks each query of a resource, and compares the answers.
#[track_caller]
fn table(resource: &Value, rows: &[(&str, char)]) {
    let wrong: Vec<String> = rows
        .iter()
        .filter_map(|(query, wanted)| {
            let answer = meets(resource, query);
            (letter(&answer) != *wanted).then(|| format!("{query}: {answer:?}, not {wanted}"))
        })
        .collect();
    assert!(wrong.is_empty(), "{resource}\n{}", wrong.join("\n"));
}

/// Why a query of a resource cannot be told.
#[track_caller]
fn why(resource: &Value, query: &str) -> String {
    match meets(resource, query) {
        Answer::Unknown(why) => why,
        other => panic!("{query}: {other:?}"),
    }
}
