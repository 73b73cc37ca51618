use fhir_accord_profiles::interrupt::Interrupt;
use fhir_accord_profiles::search::Answer;
use serde_json::{Value, json};

use super::engine::Engine;
use super::{R4, letter};

fn within(engine: &Engine, resource: &Value, patient: &str) -> Answer {
    engine.in_patient_compartment(resource.to_string().as_bytes(), patient, &Interrupt::never())
}

#[track_caller]
fn told(resource: &Value, patient: &str, wanted: char) {
    let answer = within(&R4, resource, patient);
    assert_eq!(letter(&answer), wanted, "{resource} {answer:?}");
}

fn strings(value: &Value) -> impl Iterator<Item = &str> {
    value.as_array().into_iter().flatten().filter_map(Value::as_str)
}

/// Resources of a type that have one reference each, where the parameter's expression looks for it.
fn holders(parameter: &Value, resource_type: &str, reference: &str) -> Vec<Value> {
    let alternatives = parameter["expression"].as_str().unwrap().split('|').map(str::trim);
    let paths = alternatives.filter_map(|text| {
        let text = text.trim_start_matches('(').split(".where(resolve()").next()?.trim_end_matches(')');
        let (text, choice) = match text.split_once(" as Reference").or_else(|| text.split_once(".as(Reference")) {
            Some((text, _)) => (text, "Reference"),
            None => (text.split(".ofType(Reference").next()?, ""),
        };
        let path = text.strip_prefix(resource_type)?.strip_prefix('.')?;
        Some(format!("{path}{choice}"))
    });
    let holder = |path: String| {
        let leaf = json!({"reference": reference});
        let mut resource = path.rsplit('.').fold(leaf, |inner, step| json!({step: inner}));
        resource["resourceType"] = json!(resource_type);
        resource
    };
    paths.map(holder).collect()
}

/// Holds every parameter of a version's definition against resources that have its reference; how many there were.
fn holds_by_definition(engine: &Engine) -> usize {
    let mut count = 0;
    for resource in engine.compartment["resource"].as_array().unwrap() {
        let kind = resource["code"].as_str().unwrap();
        let empty = json!({"resourceType": kind});
        // A chain leads to other resources, so without another hold it is open.
        let no = if strings(&resource["param"]).any(|code| code.contains('.')) { '?' } else { 'n' };
        assert_eq!(letter(&within(engine, &empty, "1")), no, "{kind}");
        if strings(&resource["param"]).next().is_none() {
            let mut other = empty.clone();
            other["subject"] = json!({"reference": "Patient/1"});
            assert_eq!(within(engine, &other, "1"), Answer::No, "{kind}");
        }
        for code in strings(&resource["param"]).filter(|code| !code.contains('.') && *code != "{def}") {
            let parameter = engine.definition(kind, code).unwrap_or_else(|| panic!("{kind}.{code}"));
            let all = holders(parameter, kind, "Patient/1");
            assert!(!all.is_empty(), "{parameter}");
            for holder in all {
                assert_eq!(within(engine, &holder, "1"), Answer::Yes, "{holder}");
                assert_eq!(letter(&within(engine, &holder, "2")), no, "{holder}");
            }
            for (reference, wanted) in [
                ("Patient/1/_history/3", 'y'),
                ("Patient/11", no),
                ("Group/1", no),
                ("http://s/fhir/Patient/1", '?'),
                ("http://s/fhir/Patient/2", no),
                ("urn:uuid:1", '?'),
                ("Patient?identifier=1", '?'),
            ] {
                for holder in holders(parameter, kind, reference) {
                    assert_eq!(letter(&within(engine, &holder, "1")), wanted, "{holder}");
                }
            }
            count += 1;
        }
    }
    count
}

#[test]
fn every_parameter_of_the_definition_counts() {
    assert_eq!(holds_by_definition(&R4), 100);
}

#[test]
fn stu3_by_its_own_definition() {
    let engine = Engine::open(true, &["hl7.fhir.r3.core-3.0.2"]);
    assert!(holds_by_definition(&engine) > 80);
    // A chain is among the parameters: it leads elsewhere.
    let provenance = json!({"resourceType": "Provenance", "target": [{"reference": "Observation/1"}]});
    assert_eq!(letter(&within(&engine, &provenance, "1")), '?');
}

#[test]
fn a_patient_is_in_its_own() {
    told(&json!({"resourceType": "Patient", "id": "1"}), "1", 'y');
    told(&json!({"resourceType": "Patient", "id": "2"}), "1", 'n');
    told(&json!({"resourceType": "Patient"}), "1", 'n');
    told(&json!({"resourceType": "Patient", "id": 1}), "1", '?');
    told(&json!({"resourceType": "Observation", "id": "1"}), "1", 'n');
    for patient in ["", "a/b", "Patient/1", "../1", &"1".repeat(65)] {
        told(&json!({"resourceType": "Patient", "id": patient}), patient, '?');
    }
}

#[test]
fn what_stands_outside() {
    told(&json!({"resourceType": "Medication", "subject": {"reference": "Patient/1"}}), "1", 'n');
    told(&json!({"resourceType": "Device", "patient": {"reference": "Patient/1"}}), "1", 'n');
    told(&json!({"resourceType": "Nosuch", "subject": {"reference": "Patient/1"}}), "1", '?');
    told(&json!({"resourceType": "Observation", "note": [{"authorReference": {"reference": "Patient/1"}}]}), "1", 'n');
    told(
        &json!({"resourceType": "Observation", "extension": [{"url": "http://x",
        "valueReference": {"reference": "Patient/1"}}]}),
        "1",
        'n',
    );
}

#[test]
fn references_that_only_a_server_can_follow() {
    let of = |subject: Value| json!({"resourceType": "Observation", "subject": subject});
    told(&of(json!({"identifier": {"value": "1"}})), "1", '?');
    told(&of(json!({"identifier": {"value": "1"}, "reference": "Patient/1"})), "1", 'y');
    told(&of(json!({"identifier": {"value": "1"}, "reference": "Patient/2"})), "1", 'n');
    told(&of(json!({"display": "Peter"})), "1", 'n');
    told(&of(json!({"reference": "/Patient/1"})), "1", '?');
    told(&of(json!({"reference": "fhir/Patient/1"})), "1", '?');
    told(&of(json!({"reference": "patient/1"})), "1", '?');
    told(&of(json!({"reference": "Patient/1/"})), "1", '?');
    told(&of(json!({"reference": "Patient/1#x"})), "1", '?');
    told(&of(json!("Patient/1")), "1", '?');
    told(&of(json!({"reference": ["Patient/2", "Patient/1"]})), "1", '?');
    told(&of(json!([{"reference": "Patient/2"}, {"reference": "Patient/1"}])), "1", '?');
    told(&of(json!({"reference": "http://s/fhir/Patient/1/"})), "1", '?');
    told(&of(json!({"reference": "http://s/fhir/Patient/1?x"})), "1", '?');
    told(&of(json!({"reference": "http://s/fhir/Patient%2F1"})), "1", '?');
    told(&of(json!({"reference": "http://s/x"})), "1", 'n');
    told(&of(json!({"reference": "HTTP://s/fhir/Patient/1"})), "1", '?');
    let mut observation = of(json!({"reference": "#p"}));
    told(&observation, "1", '?');
    observation["contained"] = json!([{"resourceType": "Patient", "id": "p"}]);
    told(&observation, "1", '?');
    observation["contained"] = json!([{"resourceType": "Group", "id": "p"}]);
    told(&observation, "1", 'n');
    observation["performer"] = json!([{"reference": "Practitioner/1"}, {"reference": "Patient/1"}]);
    told(&observation, "1", 'y');
    let provenance = json!({"resourceType": "Provenance", "target": [{"reference": "#p"}],
        "contained": [{"resourceType": "Patient", "id": "p"}]});
    told(&provenance, "1", '?');
}
