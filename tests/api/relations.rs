//! Questions about profiles: the answers, and what is refused.

use serde_json::{Value, json};

use crate::support::{shared, with};
use crate::wire::Answer;

const PATIENT: &str = "http://hl7.org/fhir/us/core/StructureDefinition/us-core-patient";

fn ask(path: &str, body: &Value) -> Answer {
    shared().ask("POST", path, &[("content-type", "application/json")], body.to_string().as_bytes())
}

/// The answer to a question that is answered.
fn told(path: &str, body: &Value) -> Value {
    let answer = ask(path, body);
    assert_eq!(answer.status, 200, "{}", String::from_utf8_lossy(&answer.body));
    answer.json()
}

/// The status of a refusal, and the place in the body that it names.
fn refused(path: &str, body: &Value) -> (u16, String) {
    let answer = ask(path, body);
    let issue = &answer.json()["issue"][0];
    (answer.status, issue["extension"][0]["valueString"].as_str().unwrap_or_default().to_owned())
}

#[test]
fn whether_one_profile_satisfies_another() {
    let versions = [format!("{PATIENT}|6.1.0"), format!("{PATIENT}|8.0.0")];
    let matrix = told("/satisfies", &json!({"left": versions[0], "right": versions[0], "explain": true}));
    assert_eq!(matrix["pairs"][0]["validity"], "proven");
    assert!(matrix["pairs"][0]["proof"].is_string());
    let matrix = told("/satisfies", &json!({"left": versions[0], "right": versions[1], "both": true}));
    assert_eq!(matrix["pairs"].as_array().unwrap().len(), 2);
    assert_eq!(matrix["pairs"][1]["left"], versions[1]);
}

#[test]
fn what_has_changed() {
    let body = json!({"old": format!("{PATIENT}|6.1.0"), "new": format!("{PATIENT}|8.0.0"), "witnesses": false});
    let report = told("/diff", &body);
    assert_eq!(report["new"], format!("{PATIENT}|8.0.0"));
    assert!(report["profiles"][0]["changes"].as_array().is_some_and(|c| !c.is_empty()), "{report}");
    assert!(report["worst"].is_string());
}

#[test]
fn instances_of_a_profile() {
    let made = told("/generate", &json!({"profile": PATIENT, "seed": 3}));
    assert_eq!(made["instances"][0]["resourceType"], "Patient");
    let made = told("/generate", &json!({"profile": PATIENT, "kind": "boundary", "count": 4}));
    assert!((2..=4).contains(&made["instances"].as_array().unwrap().len()));
}

#[test]
fn packages_may_be_named() {
    let body = json!({"profile": PATIENT, "packages": ["hl7.fhir.us.core#3.1.1"]});
    assert_eq!(told("/generate", &body)["instances"][0]["resourceType"], "Patient");
}

#[test]
fn what_is_refused_names_its_place() {
    assert_eq!(refused("/satisfies", &json!({"left": PATIENT})), (422, "/right".to_owned()));
    assert_eq!(
        refused("/satisfies", &json!({"left": PATIENT, "right": "http://none.test/x"})),
        (422, "/right".to_owned())
    );
    assert_eq!(refused("/diff", &json!({"old": "/etc/passwd", "new": PATIENT})), (422, "/old".to_owned()));
    assert_eq!(refused("/diff", &json!({"old": PATIENT, "new": PATIENT, "more": 1})), (422, "/more".to_owned()));
    let body = json!({"profile": PATIENT, "packages": ["./folder"]});
    assert_eq!(refused("/generate", &body), (422, "/packages/0".to_owned()));
    assert_eq!(refused("/generate", &json!({"profile": PATIENT, "count": 101})), (422, "/count".to_owned()));
    assert_eq!(
        refused("/generate", &json!({"profile": PATIENT, "fhirVersion": "R9"})),
        (422, "/fhirVersion".to_owned())
    );
    assert_eq!(shared().post("/diff", "{").status, 400);
    assert_eq!(shared().get("/diff").status, 405);
}

#[test]
fn what_takes_too_long_ends() {
    let server = with(json!({"limits": {"workTimeoutMs": 300}}));
    let body = json!({"left": "hl7.fhir.us.core#6.1.0", "right": "hl7.fhir.us.core#8.0.0"}).to_string();
    let ask = |path: &str| server.ask("POST", path, &[("content-type", "application/json")], body.as_bytes());
    let answer = ask("/satisfies");
    assert_eq!(answer.status, 503, "{}", String::from_utf8_lossy(&answer.body));
    assert_eq!(answer.json()["resourceType"], "OperationOutcome");
}
