//! Partial answers, coverage, witnesses by targets, contradictions.

use fhir_accord::profiles::evaluate::ProfileJudge;
use fhir_accord::profiles::relation::{Coverage, Relations, Validity, element_id, unsatisfiable};
use serde_json::{Value, json};

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

/// The element that makes a profile of Observation unsatisfiable, and why.
fn broken(elements: &Value) -> Option<String> {
    let app = open(&[profile("Observation", "broken", elements)]);
    let mut all = unsatisfiable(app.plans(), [root(&app, "broken")]);
    all.next().map(|(_, why)| format!("{}: {}", element_id(app.set(), Some(why.right)), why.reason))
}

#[test]
fn profiles_that_no_instance_can_meet_are_told() {
    let codes: Vec<String> = (0..3).map(|i| format!("c{i}")).collect();
    let mut crowded = sliced("Observation.category", "open", &codes);
    assert_eq!(broken(&json!(crowded)), None);
    crowded[0]["max"] = json!("2");
    let told = "Observation.category: at least 3 are required, and at most 2 allowed";
    assert_eq!(broken(&json!(crowded)).as_deref(), Some(told));
    let status = |code: &str| json!([{"id": "Observation.status", "path": "Observation.status", "fixedCode": code}]);
    assert_eq!(broken(&status("final")), None);
    let told = r#"Observation.status: "done" is not in the required value set"#;
    assert_eq!(broken(&status("done")).as_deref(), Some(told));
}

/// A slicing of an element by the codings of its entries, with slices that have to be there.
fn sliced(path: &str, rules: &str, codes: &[String]) -> Vec<Value> {
    let by = json!({"discriminator": [{"type": "pattern", "path": "$this"}], "rules": rules});
    let mut elements = vec![json!({"id": path, "path": path, "slicing": by})];
    elements.extend(codes.iter().map(|code| {
        json!({"id": format!("{path}:{code}"), "path": path, "sliceName": code, "min": 1,
            "patternCodeableConcept": {"coding": [{"system": "http://a.test", "code": code}]}})
    }));
    elements
}

#[test]
fn what_a_bound_keeps_from_being_seen_is_no_condition() {
    let codes: Vec<String> = (0..201).map(|i| format!("c{i}")).collect();
    let few = json!(sliced("Observation.category", "open", &codes[..2]));
    let mut many = sliced("Observation.category", "open", &codes);
    many.push(json!({"id": "Observation.issued", "path": "Observation.issued", "min": 1}));
    let app = open(&[
        profile("Observation", "any", &json!([])),
        profile("Observation", "few", &few),
        profile("Observation", "many", &json!(many)),
    ]);
    let mut relations = Relations::new(app.plans(), ProfileJudge::new(app.plans()));
    let [any, few, many] = ["any", "few", "many"].map(|name| root(&app, name));
    let told = relations.compare(any, few).unwrap();
    assert_eq!((told.validity, told.conditions.len()), (Validity::Partial, 2));
    assert_eq!(relations.compare(any, many).unwrap().validity, Validity::Refuted);
    assert_eq!(relations.coverage(any, many), Some(Coverage::Unknown));
}

#[test]
fn coverage_sees_slices_below_and_closed_ones() {
    let coding = json!([
        {"id": "Observation.code.coding", "path": "Observation.code.coding", "slicing":
            {"discriminator": [{"type": "value", "path": "system"}], "rules": "open"}},
        {"id": "Observation.code.coding:a", "path": "Observation.code.coding", "sliceName": "a", "min": 1},
        {"id": "Observation.code.coding:a.system", "path": "Observation.code.coding.system", "min": 1,
            "fixedUri": "http://a.test"}
    ]);
    let closed = json!(sliced("Observation.category", "closed", &["a".to_owned()]));
    let app = open(&[
        profile("Observation", "any", &json!([])),
        profile("Observation", "coding", &coding),
        profile("Observation", "closed", &closed),
    ]);
    let mut relations = Relations::new(app.plans(), ProfileJudge::new(app.plans()));
    let [any, coding, closed] = ["any", "coding", "closed"].map(|name| root(&app, name));
    let part = relations.coverage(any, coding).unwrap();
    assert!(part.conditions().contains(&"`Observation.code.coding:a` is present".to_owned()), "{part:?}");
    assert_eq!(relations.coverage(any, closed), Some(Coverage::Unknown));
}
