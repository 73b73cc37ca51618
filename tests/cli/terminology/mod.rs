//! `accord validate --tx`: codes that no package decides are asked of a terminology server.

mod concepts;
mod failures;
mod server;
mod service;

use std::sync::Arc;

use fhir_accord::app::{App, Request, Settings};
use fhir_accord::profiles::issue::Verdict;
use fhir_accord::remote::terminology::{self, TerminologyServer, TerminologyUrl};
use serde_json::{Value, json};

use crate::support::{Run, accord, folder, issues, path, verdict};
use server::{Server, parameter};

/// A patient with a marital status: system, code, display.
pub fn patient(system: &str, code: &str, display: Option<&str>) -> Value {
    let mut coding = json!({"system": system, "code": code});
    if let Some(display) = display {
        coding["display"] = display.into();
    }
    json!({"resourceType": "Patient", "meta": {"tag": [coding]}})
}

/// The run over one instance.
pub fn run(base: &str, instance: &Value, more: &[&str]) -> Run {
    let files = folder(&[("a.json", instance.to_string().as_bytes())]);
    let file = path(&files, "a.json");
    let arguments: Vec<&str> =
        ["validate", &file, "--format", "json", "--tx", base].iter().chain(more).copied().collect();
    accord(&arguments)
}

/// The issues and the verdict.
pub fn told(base: &str, instance: &Value, more: &[&str]) -> (Vec<String>, String) {
    let outcome = run(base, instance, more).json();
    (faults(&outcome), verdict(&outcome).to_owned())
}

/// The issues but for the note that there are none.
fn faults(outcome: &Value) -> Vec<String> {
    issues(outcome).into_iter().filter(|i| !i.starts_with("information  ")).collect()
}

#[test]
fn codes_and_displays_of_unknown_systems_are_asked() {
    let server = Server::sound();
    let said = |system, code, display| {
        let (issues, verdict) = told(&server.base, &patient(system, code, display), &[]);
        format!("{verdict} {}", issues.join("; "))
    };
    assert_eq!(said("http://tx.test/known", "good", None), "valid ");
    assert_eq!(said("http://tx.test/known", "good", Some("Right")), "valid ");
    assert_eq!(
        said("http://tx.test/known", "good", Some("Wrong")),
        "valid warning display Patient.meta.tag[0].display"
    );
    assert_eq!(said("http://tx.test/known", "bad", None), "invalid error code-unknown Patient.meta.tag[0].code");
    assert_eq!(
        said("http://tx.test/known", "good-inactive", None),
        "valid warning code-inactive Patient.meta.tag[0].code"
    );
    assert_eq!(said("http://tx.test/nobody-knows", "a", None), "valid ", "an unknown system is settled");
    let wrong = patient("http://tx.test/known", "good", Some("Wrong"));
    let outcome = run(&server.base, &wrong, &["--display", "error"]).ended(1).json();
    let text = outcome["issue"][0]["details"]["text"].as_str().unwrap();
    assert!(text.contains("`Wrong`") && text.contains("expected `Right`"), "{text}");
    server.requests();
    run(&server.base, &wrong, &["--display", "ignore"]).ended(0);
    assert_eq!(parameter(&server.requests()[0].1, "coding")["valueCoding"].get("display"), None);
}

#[test]
fn what_packages_decide_is_not_asked() {
    let server = Server::sound();
    let known = "http://terminology.hl7.org/CodeSystem/v3-MaritalStatus";
    run(&server.base, &patient(known, "M", Some("Married")), &[]).ended(0);
    run(&server.base, &patient(known, "no-such-code", None), &[]).ended(1);
    run(&server.base, &patient("urn:ietf:bcp:47", "en", None), &[]).ended(0);
    assert_eq!(server.counts(), (0, 0));
}

/// A profile of Patient with a marital status from a value set.
pub fn profile(value_set: &str, strength: &str) -> Value {
    json!({"resourceType": "StructureDefinition", "url": "http://tx.test/bound", "name": "Bound", "status": "active",
        "fhirVersion": "4.0.1", "kind": "resource", "abstract": false, "type": "Patient", "derivation": "constraint",
        "baseDefinition": "http://hl7.org/fhir/StructureDefinition/Patient",
        "differential": {"element": [{"id": "Patient.maritalStatus", "path": "Patient.maritalStatus",
            "binding": {"strength": strength, "valueSet": value_set}}]}})
}

fn married(code: &str) -> Value {
    json!({"resourceType": "Patient",
        "maritalStatus": {"coding": [{"system": "http://tx.test/known", "code": code, "display": "Right"}]}})
}

#[test]
fn members_of_value_sets_are_asked_by_url() {
    let server = Server::sound();
    let said = |value_set: &str, strength: &str, code: &str| {
        let files = folder(&[("p.json", profile(value_set, strength).to_string().as_bytes())]);
        let package = path(&files, "p.json");
        let more = ["--package", &package, "--package", "hl7.terminology.r4", "--profile", "http://tx.test/bound"];
        let (issues, verdict) = told(&server.base, &married(code), &more);
        format!("{verdict} {}", issues.join("; "))
    };
    let known = "http://tx.test/ValueSet/known";
    assert_eq!(said(known, "required", "good-in"), "valid ");
    assert_eq!(server.counts(), (1, 1), "the answer about the value set tells of the code, too");
    assert_eq!(said(known, "required", "good"), "invalid error binding-required Patient.maritalStatus");
    assert_eq!(said(known, "extensible", "good"), "valid warning binding-extensible Patient.maritalStatus");
    assert_eq!(
        said(known, "required", "bad"),
        "invalid error binding-required Patient.maritalStatus; error code-unknown Patient.maritalStatus.coding[0].code"
    );
    let unknown = said("http://tx.test/ValueSet/nobody-knows", "required", "good");
    assert_eq!(unknown, "undetermined warning binding-value-set Patient.maritalStatus");
}

#[test]
fn a_value_set_that_the_server_lacks_is_sent_along() {
    let server = Server::sound();
    let value_set = json!({"resourceType": "ValueSet", "url": "http://tx.test/ValueSet/ours", "version": "1",
        "status": "active", "text": {"status": "empty", "div": "<div xmlns=\"http://www.w3.org/1999/xhtml\"/>"},
        "compose": {"include": [{"system": "http://tx.test/known",
            "filter": [{"property": "a", "op": "=", "value": "b"}]}]}});
    let bound = profile("http://tx.test/ValueSet/ours", "required");
    let files = folder(&[("p.json", bound.to_string().as_bytes()), ("v.json", value_set.to_string().as_bytes())]);
    let package = files.path().to_string_lossy().into_owned();
    let more = ["--package", &package, "--profile", "http://tx.test/bound"];
    assert_eq!(told(&server.base, &married("good-in"), &more), (vec![], "valid".to_owned()));
    let requests = server.requests();
    let paths: Vec<&str> = requests.iter().map(|(path, _)| path.as_str()).collect();
    assert_eq!(paths, ["/r4/ValueSet/$validate-code"; 2]);
    assert_eq!(parameter(&requests[0].1, "valueSetVersion")["valueString"], "1");
    let sent = &parameter(&requests[1].1, "valueSet")["resource"];
    assert_eq!((&sent["compose"], sent.get("text")), (&value_set["compose"], None));
    assert_eq!(told(&server.base, &married("good"), &more).1, "invalid");
}

#[test]
fn an_answer_to_definitions_that_were_sent_along_holds_for_these_only() {
    let server = Server::sound();
    let url = TerminologyUrl::parse(&server.base).unwrap();
    let answerer = Arc::new(TerminologyServer::new(url, terminology::Settings::default()).unwrap());
    let mut instance = married("good-in");
    instance["meta"] = json!({"profile": ["http://tx.test/bound"]});
    let bound = profile("http://tx.test/ValueSet/ours", "required");
    let asked = |property: Option<&str>| {
        let ours = json!({"resourceType": "ValueSet", "url": "http://tx.test/ValueSet/ours", "status": "active",
            "compose": {"include": [{"system": "http://tx.test/known",
                "filter": [{"property": property, "op": "=", "value": "b"}]}]}});
        let (bound, ours) = (bound.to_string(), ours.to_string());
        let all = [("p.json", bound.as_bytes()), ("v.json", ours.as_bytes())];
        let files = folder(&all[..1 + usize::from(property.is_some())]);
        let packages = vec!["hl7.fhir.r4.core#4.0.1".to_owned(), files.path().to_string_lossy().into_owned()];
        let app = App::open(&Settings { packages, ..Settings::default() }).unwrap().with_answerer(answerer.clone());
        let report = app.validate(instance.to_string().as_bytes(), &Request::default()).unwrap();
        (report.verdict, server.requests().len())
    };
    // Without the definition the server's word that it does not know it is kept, but not for when there is one.
    assert_eq!(asked(None).0, Verdict::Undetermined);
    let first = asked(Some("a"));
    assert!(first.0 == Verdict::Valid && first.1 > 0, "{first:?}");
    assert_eq!(asked(Some("a")), (Verdict::Valid, 0));
    let other = asked(Some("c"));
    assert!(other.0 == Verdict::Valid && other.1 > 0, "{other:?}");
}

#[test]
fn ten_thousand_resources_with_three_hundred_codes_ask_three_hundred_questions() {
    let server = Server::sound();
    let line = |i: usize| patient("http://tx.test/known", &format!("good-{}", i % 300), Some("Right")).to_string();
    let text: Vec<String> = (0..10_000).map(line).collect();
    let files = folder(&[("a.ndjson", text.join("\n").as_bytes())]);
    let file = path(&files, "a.ndjson");
    let lines = accord(&["validate", &file, "--format", "ndjson", "--tx", &server.base]).ended(0).lines();
    assert_eq!(lines.len(), 10_000);
    assert!(lines[9_999].to_string().contains("a.ndjson:10000"), "{}", lines[9_999]);
    assert_eq!(server.counts(), (3, 300), "three batches of a hundred");
}

#[test]
fn without_the_option_nobody_is_asked() {
    let files = folder(&[("a.json", patient("http://tx.test/known", "bad", Some("x")).to_string().as_bytes())]);
    let outcome = accord(&["validate", &path(&files, "a.json"), "--format", "json"]).ended(0).json();
    assert_eq!((faults(&outcome), verdict(&outcome)), (vec![], "valid"));
}

#[test]
fn an_address_that_is_none_is_refused_without_its_password() {
    for url in ["ftp://me:s3cret@a.test/r4", "a.test/r4", "http://me:s3cret@"] {
        let run = run(url, &patient("a:b", "c", None), &[]).ended(3);
        assert!(run.err.contains("--tx") && !run.err.contains("s3cret"), "{run:?}");
    }
}
