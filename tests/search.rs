//! Searches of one resource and compartments by the definitions of loaded packages; what each kind of parameter means
//! is held in `profiles/tests/search/`.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

use std::time::{Duration, Instant};

use fhir_accord::app::{Answer, App, Settings};
use fhir_accord::profiles::interrupt::Interrupt;
use serde_json::{Value, json};

/// The engine over these packages.
fn open(packages: &[&str]) -> App {
    let packages = packages.iter().map(|p| (*p).to_owned()).collect();
    App::open(&Settings { packages, ..Settings::default() }).unwrap()
}

/// An answer in one letter.
fn letter(answer: &Answer) -> char {
    match answer {
        Answer::Yes => 'y',
        Answer::No => 'n',
        Answer::Unknown(_) => '?',
    }
}

/// Asks each query of a resource, and compares the answers.
#[track_caller]
fn table(app: &App, resource: &Value, rows: &[(&str, char)]) {
    for (query, wanted) in rows {
        let answer = app.meets(resource.to_string().as_bytes(), query, &Interrupt::never());
        assert_eq!(letter(&answer), *wanted, "{query}: {answer:?}");
    }
}

fn within(app: &App, resource: &Value, patient: &str) -> char {
    letter(&app.in_patient_compartment(resource.to_string().as_bytes(), patient, &Interrupt::never()))
}

#[test]
fn r4_with_a_guide() {
    let app = open(&["hl7.fhir.us.core#6.1.0"]);
    let observation = json!({"resourceType": "Observation", "status": "final", "subject": {"reference": "Patient/1"},
        "category": [{"coding": [{"system": "http://terminology.hl7.org/CodeSystem/observation-category",
            "code": "laboratory"}]}],
        "code": {"coding": [{"code": "bp"}]},
        "component": [{"code": {"coding": [{"code": "sys"}]}, "valueQuantity": {"value": 120}}]});
    table(
        &app,
        &observation,
        &[
            ("category=http://terminology.hl7.org/CodeSystem/observation-category|laboratory", 'y'),
            ("category=http://terminology.hl7.org/CodeSystem/observation-category|vital-signs", 'n'),
            ("component-code-value-quantity=sys$120", 'y'),
            ("component-code-value-quantity=sys$80", 'n'),
            ("code:in=http://v", '?'),
            ("patient=1", 'y'),
            ("nosuch=1", '?'),
        ],
    );
    assert_eq!([within(&app, &observation, "1"), within(&app, &observation, "2")], ['y', 'n']);
    assert_eq!(within(&app, &json!({"resourceType": "Medication", "subject": {"reference": "Patient/1"}}), "1"), 'n');
    let race = "http://hl7.org/fhir/us/core/StructureDefinition/us-core-race";
    let patient = json!({"resourceType": "Patient", "id": "1", "extension": [{"url": race, "extension": [
        {"url": "ombCategory", "valueCoding": {"code": "2106-3"}}]}]});
    table(&app, &patient, &[("race=2106-3", 'y'), ("race=1002-5", 'n'), ("_id=1", 'y')]);
}

/// What a proxy asks before each write must not be what it waits for.
#[test]
fn questions_are_quick() {
    let app = open(&["hl7.fhir.us.core#6.1.0"]);
    let text = json!({"resourceType": "Observation", "status": "final", "subject": {"reference": "Patient/1"},
        "category": [{"coding": [{"system": "http://s", "code": "laboratory"}]}],
        "code": {"coding": [{"system": "http://loinc.org", "code": "1-1"}]}, "valueQuantity": {"value": 1}})
    .to_string();
    let never = Interrupt::never();
    let ask = || {
        assert_eq!(app.meets(text.as_bytes(), "category=http://s|laboratory", &never), Answer::Yes);
        assert_eq!(app.in_patient_compartment(text.as_bytes(), "1", &never), Answer::Yes);
    };
    let began = Instant::now();
    ask();
    let first = began.elapsed();
    let began = Instant::now();
    (0..1_000).for_each(|_| ask());
    let others = began.elapsed();
    println!("the first {first:?}, each of the others {:?}", others / 1_000);
    assert!(others < Duration::from_secs(5), "{others:?}");
}

#[test]
fn stu3_by_its_own_definitions() {
    let app = open(&["hl7.fhir.r3.core#3.0.2"]);
    let observation = json!({"resourceType": "Observation", "status": "final", "valueQuantity": {"value": 1},
        "code": {"coding": [{"code": "c"}]}, "subject": {"reference": "Patient/1"},
        "context": {"reference": "Encounter/1"}});
    table(
        &app,
        &observation,
        &[("code=c", 'y'), ("value-quantity=1", 'y'), ("encounter=1", 'y'), ("encounter=2", 'n')],
    );
    assert_eq!([within(&app, &observation, "1"), within(&app, &observation, "2")], ['y', 'n']);
}

#[test]
fn dstu2_by_its_paths() {
    let app = open(&["fhir.argonaut.r2#1.0.0"]);
    let observation = json!({"resourceType": "Observation", "status": "final", "valueQuantity": {"value": 1},
        "code": {"coding": [{"code": "c"}]}, "subject": {"reference": "Patient/1"}});
    table(
        &app,
        &observation,
        &[
            ("code=c", 'y'),
            ("code=d", 'n'),
            ("value-quantity=1", 'y'),
            ("value-quantity=2", 'n'),
            ("subject=Patient/1", 'y'),
            ("code-value-quantity=c$1", '?'),
        ],
    );
    // Its package has no definitions of compartments.
    assert_eq!(within(&app, &observation, "1"), '?');
    assert_eq!(within(&app, &json!({"resourceType": "Patient", "id": "1"}), "1"), 'y');
}
