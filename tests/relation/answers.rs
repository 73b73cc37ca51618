//! Partial answers, coverage, witnesses by targets, contradictions.

use fhir_accord::profiles::evaluate::ProfileJudge;
use fhir_accord::profiles::relation::{Coverage, Relations, Validity};
use serde_json::json;

use crate::{BASE, open, patient, profile, root};

#[test]
fn a_code_is_a_condition_and_a_part_of_the_use() {
    let code = |code: &str| {
        json!([{"id": "Observation.code", "path": "Observation.code", "patternCodeableConcept":
            {"coding": [{"system": "http://loinc.org", "code": code}]}}])
    };
    let app = open(&[
        profile("Observation", "weight", &code("29463-7")),
        profile("Observation", "height", &code("8302-2")),
        profile("Observation", "any", &json!([])),
    ]);
    let mut relations = Relations::new(app.plans(), ProfileJudge::new(app.plans()));
    let [weight, height, any] = ["weight", "height", "any"].map(|name| root(&app, name));
    let wide = relations.compare(any, weight).unwrap();
    assert_eq!(wide.validity, Validity::Partial);
    assert_eq!(wide.conditions, [r#"`Observation.code` is {coding: {system: "http://loinc.org", code: "29463-7"}}"#]);
    assert!(wide.witness.is_some());
    assert_eq!(relations.compare(weight, any).unwrap().validity, Validity::Proven);
    assert_eq!(relations.compare(height, weight).unwrap().validity, Validity::Refuted);
    assert_eq!(relations.coverage(weight, any), Some(Coverage::All));
    assert_eq!(relations.coverage(any, weight).unwrap().name(), "part");
}

#[test]
fn what_a_target_lacks_is_shown_by_a_contained_one() {
    let subject = |target: &str| {
        json!([{"id": "Observation.subject", "path": "Observation.subject", "min": 1, "type":
            [{"code": "Reference", "targetProfile": [format!("{BASE}{target}")]}]}])
    };
    let named = json!([{"id": "Patient.name", "path": "Patient.name", "min": 1}]);
    let app = open(&[
        patient("named", &named),
        patient("plain", &json!([])),
        profile("Observation", "of-named", &subject("named")),
        profile("Observation", "of-plain", &subject("plain")),
    ]);
    let mut relations = Relations::new(app.plans(), ProfileJudge::new(app.plans()));
    let [named, plain] = ["of-named", "of-plain"].map(|name| root(&app, name));
    assert_eq!(relations.compare(named, plain).unwrap().validity, Validity::Proven);
    let refuted = relations.compare(plain, named).unwrap();
    assert_eq!(refuted.validity, Validity::Refuted);
    let witness = refuted.witness.unwrap().instance;
    assert_eq!(witness["contained"][0]["resourceType"], "Patient");
    assert_eq!(witness["subject"]["reference"], "#target");
}

#[test]
fn contradictions_are_found_and_nothing_else() {
    let names = |min: u32, max: &str| json!([{"id": "Patient.name", "path": "Patient.name", "min": min, "max": max}]);
    let active =
        |value: bool| json!([{"id": "Patient.active", "path": "Patient.active", "min": 1, "fixedBoolean": value}]);
    let app = open(&[
        patient("none", &names(0, "0")),
        patient("one", &names(1, "1")),
        patient("two", &names(2, "2")),
        patient("yes", &active(true)),
        patient("no", &active(false)),
    ]);
    let mut relations = Relations::new(app.plans(), ProfileJudge::new(app.plans()));
    let all = ["none", "one", "two", "yes", "no"].map(|name| root(&app, name));
    let mut apart = Vec::new();
    for (i, a) in all.iter().enumerate() {
        for (j, b) in all.iter().enumerate() {
            if relations.contradiction(*a, *b).is_some() {
                apart.push((i, j));
            }
        }
    }
    assert_eq!(apart, [(0, 1), (0, 2), (1, 0), (1, 2), (2, 0), (2, 1), (3, 4), (4, 3)]);
}
