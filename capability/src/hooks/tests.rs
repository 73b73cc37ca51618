//! Templates of every form, with and without scopes.

use std::sync::Arc;

use serde_json::{Value, json};

use super::*;
use crate::agreement::Usable;
use crate::{PackageDefinitions, Side, negotiate};

fn document(prefetch: Value) -> Value {
    json!({"services": [{"id": "s", "hook": "patient-view", "description": "d", "prefetch": prefetch}]})
}

fn server() -> Value {
    let observation = json!({"type": "Observation", "interaction": [{"code": "search-type"}],
        "searchInclude": ["Observation:subject"],
        "searchParam": [{"name": "patient", "type": "reference"}, {"name": "code", "type": "token"}]});
    let read = |name: &str| json!({"type": name, "interaction": [{"code": "read"}]});
    let resources = [read("Patient"), observation, read("MedicationRequest")];
    json!({"resourceType": "CapabilityStatement", "kind": "instance", "fhirVersion": "4.0.1",
        "rest": [{"mode": "server", "resource": resources}]})
}

/// The answers under a scope string, each beside its key.
fn told(prefetch: Value, scope: Option<&str>) -> Vec<(String, HookAnswer)> {
    let hooks = Hooks::read(&document(prefetch)).unwrap();
    let client = Side::Statement(hooks.statement().clone());
    let mut request = NegotiateRequest {
        scope: scope.map(str::to_owned),
        ..NegotiateRequest::new(client, Side::Statement(server()))
    };
    hooks.grant(&mut request);
    let agreement = negotiate(&request, &PackageDefinitions::new(Arc::default())).unwrap();
    let whole = serde_json::to_value(&agreement).unwrap();
    let answers = hooks.answers(&agreement);
    for pointer in answers.iter().flat_map(|a| &a.rows) {
        assert!(whole.pointer(pointer).is_some_and(|row| row["usable"].is_string()), "{pointer}");
    }
    answers.into_iter().map(|a| (a.prefetch.clone(), a)).collect()
}

fn usable(prefetch: &str, scope: Option<&str>) -> Usable {
    told(json!({"k": prefetch}), scope)[0].1.usable
}

#[test]
fn a_template_is_as_usable_as_the_worst_of_its_rows() {
    assert_eq!(usable("Patient/{{context.patientId}}", None), Usable::Likely);
    assert_eq!(usable("Observation?patient={{context.patientId}}&code=http://loinc.org|4548-4", None), Usable::Likely);
    assert_eq!(usable("Observation?patient={{context.patientId}}&date=gt2020", None), Usable::No);
    assert_eq!(usable("Observation?patient=1&_include=Observation:subject", None), Usable::Likely);
    assert_eq!(usable("Observation?patient=1&_include=Observation:encounter", None), Usable::No);
    assert_eq!(usable("Observation/{{context.draftOrders.entry.resource.ofType(Observation).id}}", None), Usable::No);
    assert_eq!(usable("Goal?patient={{context.patientId}}", None), Usable::No);
    assert_eq!(usable("Practitioner/{{userPractitionerId}}", None), Usable::No);
    let medication = "MedicationRequest/{{context.draftOrders.where(a = 'x?y/z').id}}";
    assert_eq!(usable(medication, None), Usable::Likely);
}

#[test]
fn reads_need_r_and_searches_need_s() {
    let of = |query: &str, scope: &str| {
        let all = told(json!({"k": query}), Some(scope));
        (all[0].1.usable, all[0].1.why.iter().map(|w| w.id()).collect::<Vec<_>>())
    };
    let read = "Patient/{{context.patientId}}";
    let search = "Observation?patient={{context.patientId}}";
    assert_eq!(of(read, "patient/Patient.r"), (Usable::Yes, vec![]));
    assert_eq!(of(read, "patient/Patient.s"), (Usable::No, vec!["not-asked"]));
    assert_eq!(of(search, "patient/Observation.s").0, Usable::Yes);
    assert!(of(search, "patient/Observation.r").1.contains(&"not-asked"));
    assert_eq!(of(search, "patient/Observation.r").0, Usable::No);
    assert_eq!(of(search, "patient/Patient.rs").0, Usable::No);
}

#[test]
fn what_cannot_be_read_is_told() {
    let odd = json!({"a": "Patient/{{context.patientId", "b": 7, "c": null, "d": "", "e": "{{context.patientId}}",
        "f": "Patent/{{context.patientId}}", "g": "Observation?={{context.patientId}}&patient=1"});
    let all = told(odd, None);
    assert_eq!(all.len(), 7);
    for (key, answer) in &all {
        assert!(answer.note.is_some(), "{key}: {answer:?}");
        assert_eq!(answer.usable, if key == "g" { Usable::Likely } else { Usable::Unknown }, "{key}: {answer:?}");
    }
}

#[test]
fn documents_of_every_shape() {
    for shape in [
        json!({"services": []}),
        json!({"services": [null, 1, "x", {"id": 3, "prefetch": []}, {"prefetch": {"k": "Patient/1"}}]}),
    ] {
        assert!(Hooks::is_discovery(&shape));
        let hooks = Hooks::read(&shape).unwrap();
        assert_eq!(hooks.statement()["resourceType"], "CapabilityStatement");
    }
    assert!(!Hooks::is_discovery(&json!({"resourceType": "Bundle", "services": []})));
    assert!(!Hooks::is_discovery(&json!([])));
    let many: serde_json::Map<String, Value> =
        (0..=PREFETCH_LIMIT).map(|i| (i.to_string(), json!("Patient/1"))).collect();
    assert!(Hooks::read(&document(many.into())).is_err());
    let (one, other) = (document(json!({"a": "Patient/1"})), document(json!({"b": "Patient/1"})));
    assert_ne!(Hooks::read(&one).unwrap().statement(), Hooks::read(&other).unwrap().statement());
}
