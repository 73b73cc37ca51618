//! `POST /StructureDefinition/$snapshot`.

use serde_json::{Value, json};

use crate::support::shared;

const AT: &str = "/StructureDefinition/$snapshot";

/// A profile of Patient with these elements.
fn profile(elements: Value) -> Value {
    json!({
        "resourceType": "StructureDefinition", "url": "http://example.org/mine", "name": "Mine", "status": "draft",
        "kind": "resource", "abstract": false, "type": "Patient", "derivation": "constraint",
        "baseDefinition": "http://hl7.org/fhir/StructureDefinition/Patient", "differential": { "element": elements }
    })
}

fn element<'v>(definition: &'v Value, id: &str) -> &'v Value {
    let all = definition["snapshot"]["element"].as_array().unwrap();
    all.iter().find(|e| e["id"] == id).unwrap_or_else(|| panic!("no element {id}"))
}

#[test]
fn a_definition_comes_back_with_its_snapshot() {
    let mine = profile(json!([{ "id": "Patient.birthDate", "path": "Patient.birthDate", "min": 1 }]));
    let answer = shared().post(AT, mine.to_string());
    assert_eq!(answer.status, 200);
    let definition = answer.json();
    assert_eq!(element(&definition, "Patient.birthDate")["min"], 1);
    assert_eq!(element(&definition, "Patient.gender")["min"], 0);
    assert_eq!(definition["differential"], mine["differential"]);
    let parameters = json!({"resourceType": "Parameters", "parameter": [{"name": "definition", "resource": mine}]});
    assert_eq!(shared().post(AT, parameters.to_string()).json(), definition);
    let named = shared().post(&format!("{AT}?url=http://hl7.org/fhir/StructureDefinition/bmi"), "").json();
    assert_eq!((named["id"].as_str(), element(&named, "Observation.status")["min"].as_u64()), (Some("bmi"), Some(1)));
}

#[test]
fn faults_name_their_elements() {
    let wrong = profile(json!([
        { "id": "Patient.birthDat", "path": "Patient.birthDat", "min": 1 },
        { "path": "Patient.name", "type": [{ "code": "string" }] },
    ]));
    let answer = shared().post(AT, wrong.to_string());
    assert_eq!(answer.status, 422);
    let outcome = answer.json();
    let places: Vec<&str> =
        outcome["issue"].as_array().unwrap().iter().map(|i| i["expression"][0].as_str().unwrap()).collect();
    let at = |inside: &str| format!("StructureDefinition.differential.element.where({inside})");
    assert_eq!(places, [at("id = 'Patient.birthDat'"), at("path = 'Patient.name'")]);
    assert_eq!(outcome["issue"][0]["severity"], "error");
}

#[test]
fn what_changes_nothing_is_told_beside_the_snapshot() {
    let twisted = profile(json!([
        { "id": "Patient.birthDate", "path": "Patient.birthDate", "min": 1 },
        { "id": "Patient.name", "path": "Patient.name", "min": 1 },
    ]));
    let answer = shared().post(AT, twisted.to_string());
    assert_eq!(answer.status, 200);
    let parameters = answer.json();
    assert_eq!(
        (&parameters["parameter"][0]["name"], &parameters["parameter"][1]["name"]),
        (&json!("return"), &json!("outcome"))
    );
    assert_eq!(element(&parameters["parameter"][0]["resource"], "Patient.name")["min"], 1);
    assert_eq!(parameters["parameter"][1]["resource"]["issue"][0]["severity"], "warning");
}

#[test]
fn other_calls_are_refused() {
    assert_eq!(shared().post(AT, "").status, 400);
    assert_eq!(shared().post(AT, r#"{"resourceType":"Patient"}"#).status, 400);
    assert_eq!(shared().post(&format!("{AT}?profile=x"), "").status, 400);
    assert_eq!(shared().post(&format!("{AT}?url=http://nowhere.example/p"), "").status, 422);
    let mut orphan = profile(json!([]));
    orphan["baseDefinition"] = "http://nowhere.example/base".into();
    let answer = shared().post(AT, orphan.to_string());
    assert_eq!(answer.status, 422);
    assert!(answer.json().to_string().contains("http://nowhere.example/base"));
    assert_eq!(shared().ask("GET", AT, &[], b"").status, 405);
}

#[test]
fn the_statement_lists_it() {
    let statement = shared().get("/metadata").json();
    let resource = statement["rest"][0]["resource"].as_array().unwrap();
    let own = resource.iter().find(|r| r["type"] == "StructureDefinition").unwrap();
    assert!(own["operation"].as_array().unwrap().iter().any(|o| o["name"] == "snapshot"), "{own}");
}
