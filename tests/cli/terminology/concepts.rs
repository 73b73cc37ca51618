//! Concepts with several codes: they are asked about as one, where that is less work and the server can say more of it.

use serde_json::{Value, json};

use super::server::{Reply, Server, answer, parameter};
use super::{profile, told};
use crate::support::{accord, folder, path};

const KNOWN: &str = "http://tx.test/ValueSet/known";

/// A patient whose marital status has these codes of the known system.
fn married(codes: &[&str]) -> Value {
    let codings: Vec<Value> = codes.iter().map(|c| json!({"system": "http://tx.test/known", "code": c})).collect();
    json!({"resourceType": "Patient", "maritalStatus": {"coding": codings}})
}

/// The verdict and the issues under a binding to the value set that the server knows.
fn said(server: &Server, strength: &str, instance: &Value) -> String {
    let files = folder(&[("p.json", profile(KNOWN, strength).to_string().as_bytes())]);
    let package = path(&files, "p.json");
    let more = ["--package", &package, "--package", "hl7.terminology.r4", "--profile", "http://tx.test/bound"];
    let (issues, verdict) = told(&server.base, instance, &more);
    format!("{verdict} {}", issues.join("; "))
}

#[test]
fn a_concept_is_one_question() {
    let server = Server::sound();
    assert_eq!(said(&server, "required", &married(&["good", "good-in"])), "valid ");
    let requests = server.requests();
    // That a code is not in the value set does not say that it exists, which is asked then.
    let paths: Vec<&str> = requests.iter().map(|(path, _)| path.as_str()).collect();
    assert_eq!(paths, ["/r4/ValueSet/$validate-code", "/r4/CodeSystem/$validate-code"]);
    let (path, body) = &requests[0];
    let concept = &parameter(body, "codeableConcept")["valueCodeableConcept"]["coding"];
    assert_eq!((path.as_str(), &concept[1]["code"]), ("/r4/ValueSet/$validate-code", &json!("good-in")));
    assert_eq!(
        said(&server, "required", &married(&["good", "good-out"])),
        "invalid error binding-required Patient.maritalStatus"
    );
    assert_eq!(server.counts(), (2, 3));
    // A code that does not exist is an error whatever stands beside it.
    assert_eq!(
        said(&server, "extensible", &married(&["good-in", "bad"])),
        "invalid error code-unknown Patient.maritalStatus.coding[1].code"
    );
    assert_eq!(server.counts(), (1, 1));
    let mut wrong = married(&["good", "good-in"]);
    wrong["maritalStatus"]["coding"][1]["display"] = "Wrong".into();
    assert_eq!(said(&server, "required", &wrong), "valid warning display Patient.maritalStatus.coding[1].display");
    assert_eq!(server.counts(), (2, 2));
}

#[test]
fn what_packages_decide_is_no_part_of_the_question() {
    let server = Server::sound();
    let mut instance = married(&["good-in"]);
    let marital = json!({"system": "http://terminology.hl7.org/CodeSystem/v3-MaritalStatus", "code": "M"});
    instance["maritalStatus"]["coding"].as_array_mut().unwrap().push(marital);
    // The value set is loaded: it has that code, and whatever the code system of the other has.
    let value_set = json!({"resourceType": "ValueSet", "url": KNOWN, "status": "active", "compose": {"include": [
        {"system": "http://tx.test/known"},
        {"system": "http://terminology.hl7.org/CodeSystem/v3-MaritalStatus", "concept": [{"code": "M"}]}]}});
    let bound = profile(KNOWN, "required").to_string();
    let files = folder(&[("p.json", bound.as_bytes()), ("v.json", value_set.to_string().as_bytes())]);
    let package = files.path().to_string_lossy().into_owned();
    let more = ["--package", &package, "--package", "hl7.terminology.r4", "--profile", "http://tx.test/bound"];
    assert_eq!(told(&server.base, &instance, &more), (vec![], "valid".to_owned()));
    let requests = server.requests();
    assert_eq!(requests.len(), 1, "{requests:?}");
    assert_eq!(parameter(&requests[0].1, "coding")["valueCoding"]["code"], "good-in");
}

#[test]
fn a_server_that_says_less_is_asked_about_single_codes() {
    // It looks for one code that belongs, and says no more.
    let lean = |path: &str, body: &Value| {
        let is_whole = parameter(body, "codeableConcept").is_object();
        let result = parameter(&answer(path, body), "result").clone();
        is_whole.then(|| Reply::of(200, &json!({"resourceType": "Parameters", "parameter": [result]})))
    };
    let server = Server::start(move |path, body, _| lean(path, body));
    assert_eq!(said(&server, "required", &married(&["good", "good-in"])), "valid ");
    assert_eq!(said(&server, "required", &married(&["good", "good-out"])).split(' ').next(), Some("invalid"));
    // One that does not take concepts.
    let refuse = |_: &str, body: &Value, _: usize| {
        let is_whole = parameter(body, "codeableConcept").is_object();
        is_whole.then(|| Reply::of(400, &json!({"resourceType": "OperationOutcome", "issue": []})))
    };
    let server = Server::start(refuse);
    assert_eq!(said(&server, "required", &married(&["good", "good-in"])), "valid ");
    // No answer is none.
    let server = Server::start(|_, _, _| Some(Reply::of(500, &json!({}))));
    assert_eq!(said(&server, "required", &married(&["good", "good-in"])).split(' ').next(), Some("undetermined"));
}

#[test]
fn what_is_refused_of_single_codes_is_asked_of_the_concept() {
    let server = Server::start(|_, body, _| {
        let entries = body["entry"].as_array().cloned().unwrap_or_else(|| vec![json!({"resource": body})]);
        let is_single = entries.iter().all(|e| parameter(&e["resource"], "coding").is_object());
        let refused = json!({"resourceType": "OperationOutcome", "issue": [{"code": "not-found"}]});
        let each = entries.iter().map(|_| json!({"response": {"status": "404"}, "resource": refused}));
        let all: Vec<Value> = each.collect();
        let batch = json!({"resourceType": "Bundle", "type": "batch-response", "entry": all});
        is_single.then(|| if body["entry"].is_array() { Reply::of(200, &batch) } else { Reply::of(404, &refused) })
    });
    let mut instance = married(&["good", "bad"]);
    instance["maritalStatus"]["text"] = "a".into();
    let (issues, verdict) = told(&server.base, &instance, &["--package", "hl7.fhir.r4.core#4.0.1"]);
    assert_eq!(verdict, "invalid", "{issues:?}");
    assert!(issues.contains(&"error code-unknown Patient.maritalStatus.coding[1].code".to_owned()), "{issues:?}");
}

#[test]
fn many_concepts_of_few_codes_ask_no_more_than_the_codes() {
    let server = Server::sound();
    let line = |i: usize| {
        let (a, b) = (format!("good-in-{}", i % 300), format!("good-in-{}", i * 7 % 300));
        married(&[&a, &b]).to_string()
    };
    let text: Vec<String> = (0..2_000).map(line).collect();
    let bound = profile(KNOWN, "required").to_string();
    let files = folder(&[("a.ndjson", text.join("\n").as_bytes()), ("p.json", bound.as_bytes())]);
    let (file, package) = (path(&files, "a.ndjson"), path(&files, "p.json"));
    let profile = "http://tx.test/bound";
    let lines = accord(&[
        "validate",
        &file,
        "--format",
        "ndjson",
        "--tx",
        &server.base,
        "--package",
        &package,
        "--package",
        "hl7.terminology.r4",
        "--profile",
        profile,
    ])
    .ended(0)
    .lines();
    assert_eq!(lines.len(), 2_000);
    let (requests, questions) = server.counts();
    assert!(questions <= 300 && requests <= 8, "{requests} requests, {questions} questions");
}
