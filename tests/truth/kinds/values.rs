//! Primitives and values.

use fhir_accord::profiles::evaluate::Policies;
use fhir_accord::profiles::issue::Verdict::{Invalid, Valid};
use serde_json::{Value, json};

use super::{patient, verdicts};
use crate::support::{BASE, open, profile, text_report, verdict};

#[test]
fn what_a_primitive_needs_is_missed_without_its_extensions() {
    let slices = json!([
        {"id": "Patient.name.given.extension", "path": "Patient.name.given.extension",
            "slicing": {"discriminator": [{"type": "value", "path": "url"}], "rules": "open"}},
        {"id": "Patient.name.given.extension:q", "path": "Patient.name.given.extension", "sliceName": "q", "min": 1,
            "type": [{"code": "Extension",
                "profile": ["http://hl7.org/fhir/StructureDefinition/iso21090-EN-qualifier"]}]},
    ]);
    let app = open(&[
        profile(
            "told",
            "Patient",
            json!([{"id": "Patient.gender.extension", "path": "Patient.gender.extension", "min": 1}]),
        ),
        profile("named", "Patient", json!([{"id": "Patient.active.id", "path": "Patient.active.id", "min": 1}])),
        profile("qualified", "Patient", slices),
        profile("valued", "Patient", json!([{"id": "Patient.gender.value", "path": "Patient.gender.value", "min": 1}])),
    ]);
    let absent = json!({"extension": [{"url": "http://hl7.org/fhir/StructureDefinition/data-absent-reason",
        "valueCode": "unknown"}]});
    let gender = json!({"gender": "male", "_gender": absent});
    assert_eq!(
        verdicts(&app, "told", &[patient(json!({})), patient(json!({"gender": "male"})), patient(gender)]),
        [Valid, Invalid, Valid]
    );
    assert_eq!(
        verdicts(
            &app,
            "named",
            &[patient(json!({"active": true})), patient(json!({"active": true, "_active": {"id": "a"}}))]
        ),
        [Invalid, Valid]
    );
    let given =
        |primitive_extensions: Value| patient(json!({"name": [{"given": ["A", "B"], "_given": primitive_extensions}]}));
    let qualified = json!({"extension": [{"url": "http://hl7.org/fhir/StructureDefinition/iso21090-EN-qualifier",
        "valueCode": "BR"}]});
    assert_eq!(
        verdicts(
            &app,
            "qualified",
            &[
                given(json!([qualified, qualified])),
                given(json!([qualified, null])),
                given(json!([{"id": "a"}, qualified]))
            ]
        ),
        [Valid, Invalid, Invalid]
    );
    assert_eq!(
        verdicts(&app, "valued", &[patient(json!({"gender": "male"})), patient(json!({"_gender": absent}))]),
        [Valid, Invalid]
    );
    let xml = |inside: &str| {
        format!(r#"<Patient xmlns="http://hl7.org/fhir"><gender value="male">{inside}</gender></Patient>"#)
    };
    let told = |inside: &str| text_report(&app, xml(inside).as_bytes(), &["told"], &Policies::default()).verdict;
    assert_eq!(told(""), Invalid);
    assert_eq!(
        told(
            r#"<extension url="http://hl7.org/fhir/StructureDefinition/data-absent-reason"><valueCode value="unknown"/></extension>"#
        ),
        Valid
    );
}

#[test]
fn values_of_definitions_hold_extensions_and_precision() {
    let qualified = json!({"extension": [{"url": "http://hl7.org/fhir/StructureDefinition/iso21090-EN-qualifier",
        "valueCode": "BR"}]});
    let quantity = |value: &str| -> Value {
        serde_json::from_str(&format!(r#"{{"resourceType":"Observation","status":"final","code":{{"text":"a"}},"valueQuantity":{{"value":{value}}}}}"#)).unwrap()
    };
    let exact = |kind: &str, value: &str| -> Value {
        serde_json::from_str(&format!(r#"[{{"id":"Observation.value[x]","path":"Observation.value[x]","type":[{{"code":"Quantity"}}],"{kind}Quantity":{{"value":{value}}}}}]"#)).unwrap()
    };
    let app = open(&[
        profile(
            "pattern",
            "Patient",
            json!([{"id": "Patient.name", "path": "Patient.name", "patternHumanName": {"given": ["B"],
                "_given": [qualified]}}]),
        ),
        profile(
            "fixed",
            "Patient",
            json!([{"id": "Patient.name", "path": "Patient.name", "fixedHumanName": {"family": "B"}}]),
        ),
        profile(
            "fixed-code",
            "Patient",
            json!([{"id": "Patient.gender", "path": "Patient.gender", "fixedCode": "male"}]),
        ),
        profile("fixed-value", "Observation", exact("fixed", "2.50")),
        profile("pattern-value", "Observation", exact("pattern", "2.5")),
    ]);
    let name = |name: Value| patient(json!({"name": [name]}));
    let found = [
        json!({"given": ["A", "B"], "_given": [null, qualified], "family": "C"}),
        json!({"given": ["B"]}),
        json!({"_given": [qualified]}),
    ];
    assert_eq!(verdicts(&app, "pattern", &found.map(name)), [Valid, Invalid, Invalid]);
    let found = [
        json!({"family": "B"}),
        json!({"family": "B", "_family": qualified}),
        json!({"family": "B", "_use": qualified}),
    ];
    assert_eq!(verdicts(&app, "fixed", &found.map(name))[..2], [Valid, Invalid]);
    let absent =
        json!({"extension": [{"url": "http://hl7.org/fhir/StructureDefinition/originalText", "valueString": "M"}]});
    let found = [
        json!({"gender": "male"}),
        json!({"gender": "male", "_gender": {"id": "a"}}),
        json!({"gender": "male", "_gender": absent}),
    ];
    assert_eq!(verdicts(&app, "fixed-code", &found.map(patient)), [Valid, Valid, Invalid]);
    assert_eq!(verdicts(&app, "fixed-value", &["2.50", "2.5", "25.0e-1"].map(quantity)), [Valid, Invalid, Valid]);
    assert_eq!(verdicts(&app, "pattern-value", &["2.5", "2.50", "3"].map(quantity)), [Valid, Invalid, Invalid]);
}

#[test]
fn a_profile_keeps_to_the_values_of_its_base() {
    let app = open(&[profile(
        "coded",
        "Patient",
        json!([{"id": "Patient.gender", "path": "Patient.gender", "fixedCode": "male"},
            {"id": "Patient.maritalStatus", "path": "Patient.maritalStatus", "patternCodeableConcept": {"text": "a"}}]),
    )]);
    let derived = |path: &str, member: &str, value: Value| {
        let mut sd = profile("derived", "Patient", json!([{"id": path, "path": path, member: value}]));
        sd["baseDefinition"] = format!("{BASE}/coded").into();
        verdict(&app, &sd, &[])
    };
    assert_eq!(
        [
            derived("Patient.gender", "fixedCode", json!("male")),
            derived("Patient.gender", "fixedCode", json!("female"))
        ],
        [Valid, Invalid]
    );
    let concept = "patternCodeableConcept";
    assert_eq!(
        [
            derived("Patient.maritalStatus", concept, json!({"text": "a", "coding": [{"code": "M"}]})),
            derived("Patient.maritalStatus", concept, json!({"text": "b"}))
        ],
        [Valid, Invalid]
    );
    assert_eq!(derived("Patient.maritalStatus", "fixedCodeableConcept", json!({"text": "b"})), Invalid);
}
