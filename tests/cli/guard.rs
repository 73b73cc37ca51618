//! `accord guard`: decisions on one request.

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::support::{Run, accord};

const PROFILE: &str = "http://hl7.org/fhir/us/core/StructureDefinition/us-core-patient|6.1.0";

/// A folder with a negotiated set, `negotiated.json`.
fn negotiated() -> TempDir {
    let folder = TempDir::new().unwrap();
    let side = |mode: &str| {
        let codes = ["read", "search-type", "create", "update", "patch", "delete"];
        let interactions: Vec<Value> = codes.iter().map(|c| json!({"code": c})).collect();
        let statement = json!({"resourceType": "CapabilityStatement", "status": "active", "kind": "instance",
            "fhirVersion": "4.0.1", "format": ["json"], "rest": [{"mode": mode,
            "interaction": [{"code": "batch"}],
            "resource": [{"type": "Patient", "supportedProfile": [PROFILE], "interaction": interactions,
                "searchParam": [{"name": "name", "type": "string"}], "updateCreate": true}]}]});
        file(&folder, &format!("{mode}.json"), &statement)
    };
    let (client, server) = (side("client"), side("server"));
    let run = accord(&["negotiate", "--client", &client, "--server", &server, "--format", "json"]).ended(0);
    std::fs::write(folder.path().join("negotiated.json"), run.out).unwrap();
    folder
}

fn file(folder: &TempDir, name: &str, content: &Value) -> String {
    let path = folder.path().join(name);
    std::fs::write(&path, content.to_string()).unwrap();
    path.display().to_string()
}

fn guard(folder: &TempDir, arguments: &[&str]) -> Run {
    let negotiated = folder.path().join("negotiated.json").display().to_string();
    accord(&[&["guard", &negotiated], arguments].concat())
}

#[test]
fn a_write_is_held_against_scope_and_profile() {
    let folder = negotiated();
    let good: Value = serde_json::from_str(include_str!("../../examples/us-core-patient.json")).unwrap();
    let id = good["id"].as_str().unwrap().to_owned();
    let (good, url) = (file(&folder, "good.json", &good), format!("Patient/{id}"));
    let bad = file(&folder, "bad.json", &json!({"resourceType": "Patient", "id": id, "active": true}));
    let create = |scope: &str, body: &str| {
        guard(&folder, &["--scope", scope, "--method", "POST", "--url", "Patient", "--body", body])
    };
    let told = create("user/Patient.c", &good).ended(0).json();
    assert_eq!(
        (&told["allowed"], &told["interaction"], &told["scope"], &told["profile"], &told["verdict"]),
        (&json!(true), &json!("create"), &json!("user/Patient.c"), &json!(PROFILE), &json!("allowed"))
    );
    let told = create("user/Patient.c", &bad).ended(1).json();
    assert_eq!(
        (&told["allowed"], &told["profile"], &told["why"][0]["rule"]),
        (&json!(false), &json!(PROFILE), &json!("profile-failed"))
    );
    assert!(told["issues"].as_array().is_some_and(|all| !all.is_empty()), "{told}");
    let told = create("user/Patient.r", &good).ended(1).json();
    assert_eq!(told["why"][0]["rule"], "insufficient-scope");
    let put = |more: &[&str]| {
        let all = ["--scope", "user/Patient.u", "--method", "PUT", "--url", &url, "--body", &good];
        guard(&folder, &[&all[..], more].concat())
    };
    assert_eq!(put(&[]).ended(1).json()["why"][0]["rule"], "old-needed");
    put(&["--old", &bad]).ended(0);
    assert_eq!(put(&["--old-absent"]).ended(1).json()["why"][0]["rule"], "insufficient-scope");
}

#[test]
fn what_cannot_be_decided_is_refused() {
    let folder = negotiated();
    let ask = |scope: &str, method: &str, url: &str, more: &[&str]| {
        let all = ["--scope", scope, "--method", method, "--url", url];
        guard(&folder, &[&all[..], more].concat())
    };
    let rule = |run: Run| run.ended(1).json()["why"][0]["rule"].as_str().unwrap().to_owned();
    ask("user/Patient.r", "GET", "Patient/1", &[]).ended(0);
    ask("user/Patient.s", "GET", "Patient?name=x", &[]).ended(0);
    assert_eq!(rule(ask("user/Patient.s", "GET", "Patient?gender=male", &[])), "parameter-not-negotiated");
    ask("", "GET", "metadata", &[]).ended(0);
    assert_eq!(rule(ask("patient/Patient.r", "GET", "Patient/1", &[])), "patient-missing");
    assert_eq!(rule(ask("patient/Patient.r", "GET", "Patient/1", &["--patient", "1"])), "answer-needed");
    assert_eq!(rule(ask("user/*.cruds", "GET", "Observation/1", &[])), "interaction-not-negotiated");
    assert_eq!(rule(ask("user/*.cruds", "GET", "Patient/../x", &[])), "address-dots");
    assert_eq!(rule(ask("user/*.cruds", "GET", "Patient/1/$everything", &[])), "operation-not-negotiated");
    let body = json!({"resourceType": "Bundle", "type": "batch", "entry": [
        {"request": {"method": "GET", "url": "Patient/1"}}, {"request": {"method": "GET", "url": "Group/1"}}]});
    let body = file(&folder, "batch.json", &body);
    let told = ask("user/*.cruds", "POST", "", &["--body", &body]).ended(1).json();
    assert_eq!((&told["why"][0]["rule"], &told["entries"][0]["verdict"]), (&json!("entry-refused"), &json!("allowed")));
}

#[test]
fn what_is_unusable_is_told() {
    let folder = negotiated();
    let request = ["--scope", "user/*.r", "--method", "GET", "--url", "Patient/1"];
    for (content, told) in [
        (json!({}), "not a result of `accord negotiate --format json`: `id` is missing"),
        (json!({"resourceType": "CapabilityStatement"}), "not a result of `accord negotiate"),
        (json!({"id": "x", "fhirVersion": {"chosen": null}}), "no FHIR version in common"),
        (json!({"id": "x", "fhirVersion": {"chosen": "4.0"}}), "`system`"),
        (json!("x"), "`id` is missing"),
    ] {
        let path = file(&folder, "foreign.json", &content);
        let run = accord(&[&["guard", &path], &request[..]].concat()).ended(3);
        assert!(run.err.contains(told) && run.out.is_empty(), "{content}: {run:?}");
    }
    let path = folder.path().join("torn.json");
    std::fs::write(&path, "{\"id\": ").unwrap();
    accord(&[&["guard", path.to_str().unwrap()], &request[..]].concat()).ended(3);
    accord(&[&["guard", "no-such-file.json"], &request[..]].concat()).ended(3);
    guard(&folder, &["--scope", "x", "--method", "FETCH", "--url", "x"]).ended(3);
    guard(&folder, &[&request[..], &["--body", "no-such-file.json"]].concat()).ended(3);
    guard(&folder, &[&request[..], &["--old", "x.json", "--old-absent"]].concat()).ended(3);
}
