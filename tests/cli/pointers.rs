//! The JSON pointers that the worked example names lead to what it says: in its files, and in what its commands answer.

use serde_json::{Value, json};

use crate::support::{accord, root};

const APP: &str = "examples/realms/app.json";
const US: &str = "examples/realms/us-server.json";
const CA: &str = "examples/realms/ca-server.json";

fn file(path: &str) -> Value {
    serde_json::from_slice(&std::fs::read(root().join(path)).unwrap()).unwrap()
}

fn answer(arguments: &[&str]) -> Value {
    accord(&[arguments, &["--format", "json"]].concat()).json()
}

/// Each pointer leads to the value.
fn lead(of: &Value, pointers: &[(&str, Value)]) {
    for (pointer, value) in pointers {
        assert_eq!(of.pointer(pointer), Some(value), "{pointer}");
    }
}

#[test]
fn pointers_into_files() {
    let [app, us, ca] = [APP, US, CA].map(file);
    for (at, name) in ["patient", "immunization", "allergyintolerance"].into_iter().enumerate() {
        let pointer = format!("/rest/0/resource/{at}/supportedProfile/0");
        let own = json!(format!("http://hl7.org/fhir/us/core/StructureDefinition/us-core-{name}|6.1.0"));
        let canadian = json!(format!("http://hl7.org/fhir/ca/baseline/StructureDefinition/profile-{name}"));
        let found = [&app, &us, &ca].map(|of| of.pointer(&pointer));
        assert_eq!(found, [Some(&own), Some(&own), Some(&canadian)]);
    }
    let of_search = |at: usize| {
        [("interaction/0/code", "search-type"), ("searchParam/0/name", "patient")]
            .map(|(below, value)| (format!("/rest/0/resource/{at}/{below}"), value))
    };
    for (pointer, value) in of_search(1).into_iter().chain(of_search(2)) {
        lead(&app, &[(&pointer, json!(value))]);
    }
    lead(
        &app,
        &[
            ("/rest/0/resource/0/interaction/0/code", json!("read")),
            ("/rest/0/resource/0/interaction/0/extension/0/valueCode", json!("SHALL")),
            ("/rest/0/resource/2/extension/0/valueCode", json!("SHOULD")),
        ],
    );
    let lakeside = file("examples/realms/smart/lakeside.json");
    lead(&lakeside, &[("/capabilities/6", json!("permission-v1")), ("/issuer", us["implementation"]["url"].clone())]);
}

#[test]
fn pointers_into_matrices() {
    let asked = ["matrix", "--client", APP, "--server", US, CA, "--smart", "examples/realms/smart"];
    let matrix = answer(&asked);
    let types = json!({"client": 3, "server": 3, "whole": 3});
    lead(
        &matrix,
        &[
            ("/cells/0/verdict", json!("degraded")),
            ("/cells/1/verdict", json!("incompatible")),
            ("/cells/0/types", types.clone()),
            ("/cells/1/types", types),
            ("/reports/0/works", json!([0])),
            ("/cells/0/open/0/part", json!("Immunization.create")),
            ("/reports/0/changes/0", json!({"without": ["*:*"], "scope": null, "givesUp": 4, "unlocks": [1]})),
            ("/servers/0/smart", json!("examples/realms/smart/lakeside.json")),
        ],
    );
    let open = matrix["cells"][1]["open"].as_array().unwrap();
    assert!(open.len() == 4 && open.iter().all(|r| r["kind"] == "profile" && r["why"] == json!(["counterexample"])));
    let without = answer(&[&asked[..], &["--without", "*:*"]].concat());
    lead(&without, &[("/cells/1/verdict", json!("compatible"))]);
}

#[test]
fn pointers_into_negotiations_and_pairs() {
    let scope = "launch patient/Patient.read patient/Immunization.read patient/Immunization.write \
                 patient/AllergyIntolerance.read openid fhirUser";
    let lakeside = ["--smart", "examples/realms/smart/lakeside.json", "--flow", "ehr", "--scope", scope];
    let v1 = answer(&[&["negotiate", "--client", APP, "--server", US], &lakeside[..]].concat());
    let beyond = |token: &str| json!({"token": token, "why": "not-needed"});
    let all = ["patient/Patient.s", "patient/Immunization.crud", "patient/AllergyIntolerance.r"].map(beyond);
    lead(
        &v1,
        &[
            ("/scopes/1/normalised", json!("patient/Patient.rs")),
            ("/scopes/3/normalised", json!("patient/Immunization.cud")),
            ("/ask/beyond", json!(all)),
        ],
    );
    let bridge = answer(&["negotiate", "--client", APP, "--server", CA]);
    lead(
        &bridge,
        &[
            ("/resources/0/profiles/0/bridge/4", json!("Patient.identifier: at least 1")),
            ("/resources/0/profiles/0/bridge/6", json!("Patient.gender: at least 1")),
            ("/resources/0/profiles/0/witness", json!({"resourceType": "Patient"})),
            ("/resources/1/profiles/1/direction", json!("write")),
            ("/resources/1/profiles/1/bridge/0", json!("Immunization.occurrence[x]: no entries that are in no slice")),
        ],
    );
    let us = "http://hl7.org/fhir/us/core/StructureDefinition/us-core-immunization|6.1.0";
    let ca = "http://hl7.org/fhir/ca/baseline/StructureDefinition/profile-immunization";
    let pairs = answer(&["satisfies", us, ca, "--both"]);
    lead(
        &pairs,
        &[
            ("/pairs/0/validity", json!("refuted")),
            ("/pairs/1/validity", json!("refuted")),
            ("/pairs/0/witness/issues/0/rule", json!("slice-closed")),
            ("/pairs/0/witness/issues/0/element", json!("Immunization.occurrence[x]")),
            ("/pairs/1/witness/issues/0/rule", json!("reference-profile")),
            ("/pairs/1/open/0/element", json!("Immunization.patient")),
            ("/pairs/1/open/5/element", json!("Patient.identifier")),
            ("/pairs/1/open/7/element", json!("Patient.gender")),
        ],
    );
}
