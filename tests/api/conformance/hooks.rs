//! CDS Hooks discovery documents as clients of `POST /negotiate`.

use serde_json::{Value, json};

use super::{SERVER, service, statement};

#[test]
fn services_negotiate_by_their_templates() {
    let document = json!({"services": [{"id": "s", "hook": "patient-view", "description": "d", "prefetch": {
        "a": "Patient/{{context.patientId}}", "b": "Goal?patient={{context.patientId}}", "c": "Patient/{{open"}}]});
    let has = statement("server", json!([{"type": "Patient", "interaction": [{"code": "read"}]}]));
    let mut body = json!({"client": document, "server": has, "scope": "patient/Patient.r"});
    let post = |body: &Value| service().post("/negotiate", body.to_string());
    let answer = post(&body);
    assert_eq!(answer.status, 200, "{}", String::from_utf8_lossy(&answer.body));
    let told = answer.json();
    let schema: Value = serde_json::from_slice(include_bytes!("../../../src/schema/negotiate-result.json")).unwrap();
    let faults: Vec<String> = jsonschema::draft202012::options()
        .build(&schema)
        .unwrap()
        .iter_errors(&told)
        .map(|e| format!("{}: {e}", e.instance_path()))
        .collect();
    assert_eq!(faults, [""; 0]);
    let usable: Vec<&str> = told["hooks"].as_array().unwrap().iter().map(|h| h["usable"].as_str().unwrap()).collect();
    assert_eq!(usable, ["yes", "no", "unknown"]);
    assert!(told["hooks"][2]["note"].as_str().unwrap().contains("}}"));

    // Another document with the same needs is another negotiation.
    body["client"]["services"][0]["id"] = "t".into();
    assert_ne!(post(&body).json()["id"], told["id"]);
    body["server"] = json!(SERVER);
    assert_eq!(post(&body).status, 422);
    body["server"] = body["client"].clone();
    assert_eq!(post(&body).status, 422);
}
