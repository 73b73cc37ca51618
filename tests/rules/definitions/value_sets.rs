//! Value sets that are implicit or contained, and a concept that stands for many codes.

use serde_json::{Value, json};

use super::{found, observation, open, profile};

#[test]
fn implicit_value_sets_may_be_bound() {
    let bound = |set: &str| {
        json!([{"id": "Observation.code", "path": "Observation.code",
        "binding": {"strength": "required", "valueSet": set}}])
    };
    let app = open(&[profile("ucum", "Observation", bound("http://unitsofmeasure.org/vs"))]);
    let of = |code: &str| {
        found(&app, "ucum", &observation(json!({"coding": [{"system": "http://unitsofmeasure.org", "code": code}]})))
    };
    assert_eq!(of("mg/dL"), [""; 0]);
    assert_eq!(
        of("furlong-ish"),
        ["binding-required Observation.code", "code-unknown Observation.code.coding[0].code"]
    );
}

#[test]
fn contained_value_sets_may_be_bound_and_give_names() {
    let v2 = "http://terminology.hl7.org/CodeSystem/v2-0131";
    let mut definition = profile(
        "contact",
        "Patient",
        json!([{"id": "Patient.contact.relationship", "path": "Patient.contact.relationship",
            "binding": {"strength": "required", "valueSet": "#own"}}]),
    );
    definition["contained"] = json!([{"resourceType": "ValueSet", "id": "own", "status": "draft",
        "compose": {"include": [{"system": v2, "concept": [
        {"code": "C", "display": "in case of need"}, {"code": "N", "designation": [{"language": "de",
            "value": "Nächste"}]}]}]}}]);
    let app = open(&[definition]);
    let of = |coding: Value| {
        found(
            &app,
            "contact",
            &json!({"resourceType": "Patient", "contact": [{"name": {"text": "a"},
                "relationship": [{"coding": [coding]}]}]}),
        )
    };
    assert_eq!(of(json!({"system": v2, "code": "C", "display": "in case of need"})), [""; 0]);
    assert_eq!(of(json!({"system": v2, "code": "C", "display": "Emergency Contact"})), [""; 0]);
    assert_eq!(of(json!({"system": v2, "code": "N", "display": "Nächste"})), [""; 0]);
    assert_eq!(
        of(json!({"system": v2, "code": "N", "display": "in case of need"})),
        ["display Patient.contact[0].relationship[0].coding[0].display"]
    );
    assert_eq!(of(json!({"system": v2, "code": "E"})), ["binding-required Patient.contact[0].relationship[0]"]);
}

#[test]
fn one_concept_stands_for_the_codes_of_all_countries() {
    let app = open(&[profile("any", "Patient", json!([{"id": "Patient", "path": "Patient"}]))]);
    let of = |code: &str| {
        found(
            &app,
            "any",
            &json!({"resourceType": "Patient",
                "identifier": [{"type": {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/v2-0203",
                    "code": code}]}}]}),
        )
    };
    let unknown = "code-unknown Patient.identifier[0].type.coding[0].code".to_owned();
    assert!(!of("NNFIN").contains(&unknown));
    for code in ["NNfin", "NNFI", "PPFIN"] {
        assert!(of(code).contains(&unknown), "{code}");
    }
}
