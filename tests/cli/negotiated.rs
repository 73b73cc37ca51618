//! What follows from a negotiation: the guard of writes, and the least scope string.

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::support::accord;

/// A statement of this side with these entries, as a file.
fn statement(folder: &TempDir, mode: &str, resources: Value) -> String {
    let path = folder.path().join(format!("{mode}.json"));
    let statement = json!({"resourceType": "CapabilityStatement", "status": "active", "kind": "instance",
        "fhirVersion": "4.0.1", "format": ["json"], "rest": [{"mode": mode, "resource": resources}]});
    std::fs::write(&path, statement.to_string()).unwrap();
    path.display().to_string()
}

#[test]
fn instances_are_held_against_the_negotiated_profiles() {
    let folder = TempDir::new().unwrap();
    let profile = |name: &str| format!("http://hl7.org/fhir/us/core/StructureDefinition/{name}|6.1.0");
    let entry = json!([{"type": "Patient", "supportedProfile": [profile("us-core-patient")],
        "interaction": [{"code": "read"}, {"code": "create"}]}]);
    let (client, server) = (statement(&folder, "client", entry.clone()), statement(&folder, "server", entry));
    let agreed = accord(&["negotiate", "--client", &client, "--server", &server, "--format", "json"]).ended(0);
    let result = folder.path().join("result.json");
    std::fs::write(&result, &agreed.out).unwrap();
    let guard = ["--negotiation", result.to_str().unwrap()];
    let plain = folder.path().join("plain.xml");
    let text = r#"<Patient xmlns="http://hl7.org/fhir"><active value="true"/></Patient>"#;
    std::fs::write(&plain, text).unwrap();
    let plain = plain.to_str().unwrap();
    accord(&["validate", plain]).ended(0);
    let refused = accord(&[&["validate", plain], &guard[..]].concat()).ended(1);
    assert!(refused.out.contains("Patient.identifier"), "{}", refused.out);
    accord(&[&["validate", "examples/us-core-patient.json"], &guard[..]].concat()).ended(0);
    // Of a type that was not negotiated nothing more is demanded.
    accord(&[&["validate", "examples/laboratory-glucose.json"], &guard[..]].concat()).ended(0);
    let other = accord(&["validate", plain, "--negotiation", "examples/client.json"]).ended(3);
    assert!(other.err.contains("is not a result of `accord negotiate --format json`"), "{}", other.err);
}

#[test]
fn the_least_scope_string_of_a_client() {
    let folder = TempDir::new().unwrap();
    let client = statement(
        &folder,
        "client",
        json!([{"type": "Goal", "interaction": [{"code": "update"}]},
        {"type": "Patient", "interaction": [{"code": "read"}]}]),
    );
    let least = accord(&["scope", "minimum", "--client", &client]).ended(0);
    assert_eq!(least.out, "launch/patient patient/Goal.u patient/Patient.r\n");
    let server = statement(&folder, "server", json!([{"type": "Patient", "interaction": [{"code": "read"}]}]));
    let arguments = ["scope", "minimum", "--client", &client, "--server", &server, "--format", "json"];
    let told = accord(&[&arguments[..], &["--scope", "patient/Patient.rs", "--flow", "ehr"]].concat()).ended(0).json();
    assert_eq!(told["scope"], "launch patient/Patient.r");
    assert_eq!(told["beyond"], json!([{"token": "patient/Patient.s", "why": "not-needed"}]));
}
