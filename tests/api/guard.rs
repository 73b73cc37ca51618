//! `$validate?negotiation={id}`: decisions on requests, under a negotiation that is kept.

use std::io::Write;

use fhir_accord::store::Store;
use serde_json::{Value, json};

use crate::support::{Server, TestLoader, config, serve, with};
use crate::wire::Answer;

const ID: &str = "kept";

/// A service with the read token `reader` and the admin token `secret` that keeps one negotiation.
fn guarding() -> Server {
    let negotiation = json!({"id": ID, "fhirVersion": {"chosen": "4.0"}, "scopes": [], "profileSet": [],
        "system": {"interactions": []},
        "resources": [{"type": "Patient", "interactions": [{"code": "create", "usable": "yes"},
            {"code": "read", "usable": "likely"}, {"code": "delete", "usable": "no"},
            {"code": "patch", "usable": "yes"}]}]});
    let store = Store::temporary().unwrap();
    store.keep_negotiation(ID, negotiation.to_string().as_bytes()).unwrap();
    store.keep_negotiation("foreign", b"{\"id\":\"foreign\",\"verdict\":\"compatible\"}").unwrap();
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(b"reader\n").unwrap();
    let settings = json!({"readTokensFile": file.path()});
    serve(config(settings, Some("secret")), store, TestLoader { embedded: false })
}

fn parameters(all: &[(&str, &str)], resources: &[(&str, Value)]) -> String {
    let mut list: Vec<Value> = all.iter().map(|(n, v)| json!({"name": n, "valueString": v})).collect();
    list.extend(resources.iter().map(|(n, r)| json!({"name": n, "resource": r})));
    json!({"resourceType": "Parameters", "parameter": list}).to_string()
}

fn codes(answer: &Answer) -> Vec<String> {
    let outcome = answer.json();
    let issues = outcome["issue"].as_array().unwrap().iter();
    let code = |i: &Value| i["details"]["coding"][0]["code"].as_str().map(str::to_owned);
    issues.filter(|i| i["severity"] == "error").filter_map(code).collect()
}

#[test]
fn a_request_is_allowed_or_refused_with_its_reasons() {
    let server = guarding();
    let path = format!("/Patient/$validate?negotiation={ID}");
    let patient = json!({"resourceType": "Patient", "active": true});
    let create = |scope: &str, resource: Value| {
        let all = [("scope", scope), ("method", "POST"), ("url", "Patient")];
        server.ask_as("reader", "POST", &path, parameters(&all, &[("resource", resource)]))
    };
    let answer = create("user/Patient.c", patient.clone());
    assert_eq!((answer.status, codes(&answer)), (200, vec![]), "{}", answer.json());
    assert_eq!(answer.json()["meta"]["tag"][0]["code"], "valid");
    assert_eq!(answer.json()["issue"][0]["diagnostics"], "interaction create; type Patient; scope user/Patient.c");
    let answer = create("user/Patient.r", patient.clone());
    assert_eq!((answer.status, codes(&answer)), (200, vec!["insufficient-scope".to_owned()]));
    assert_eq!(answer.json()["meta"]["tag"][0]["code"], "invalid");
    let answer = create("user/Patient.c", json!({"resourceType": "Patient", "birthDate": "yesterday"}));
    assert!(codes(&answer).len() == 2 && codes(&answer)[1] == "body-invalid", "{}", answer.json());
    assert!(answer.json()["issue"][0]["expression"][0] == "Patient.birthDate", "{}", answer.json());
    let ask = |path: &str, method: &str, url: &str| {
        let body = parameters(&[("scope", "user/*.cruds"), ("method", method), ("url", url)], &[]);
        server.ask_as("secret", "POST", path, body)
    };
    let root = format!("/$validate?negotiation={ID}");
    assert_eq!(codes(&ask(&root, "GET", "Patient/1")), [""; 0]);
    assert_eq!(codes(&ask(&root, "DELETE", "Patient/1")), ["interaction-not-negotiated"]);
    assert_eq!(codes(&ask(&root, "POST", "")), ["body-missing"]);
    assert_eq!(codes(&ask(&root, "GET", "Patient/..")), ["address-dots"]);
    assert_eq!(codes(&ask(&path, "GET", "Patient/1")), [""; 0]);
    assert_eq!(
        (ask(&path, "GET", "Group/1").status, ask(&path, "GET", "Group/1").codes()),
        (400, vec!["type-mismatch".to_owned()])
    );
}

#[test]
fn a_patch_is_judged_by_what_it_makes() {
    let server = guarding();
    let old = json!({"resourceType": "Patient", "id": "1", "active": true});
    let ask = |scope: &str, method: &str, patch: &str, more: &[(&str, Value)]| {
        let all = [("scope", scope), ("method", method), ("url", "Patient/1"), ("patch", patch), ("patient", "1")];
        server.ask_as("reader", "POST", &format!("/$validate?negotiation={ID}"), parameters(&all, more))
    };
    let good = r#"[{"op": "replace", "path": "/active", "value": false}]"#;
    let stands = [("old", old.clone())];
    let codes_of = |scope, patch| codes(&ask(scope, "PATCH", patch, &stands));
    assert_eq!(codes_of("user/Patient.ru", good), [""; 0]);
    assert_eq!(codes_of("user/Patient.r", good), ["insufficient-scope"]);
    let invalid = codes_of("user/Patient.u", r#"[{"op": "add", "path": "/birthDate", "value": "soon"}]"#);
    assert!(invalid.contains(&"body-invalid".to_owned()), "{invalid:?}");
    assert_eq!(codes_of("user/Patient.u", r#"[{"op": "replace", "path": "/id", "value": "2"}]"#), ["body-id"]);
    assert_eq!(codes_of("user/Patient.u", r#"[{"op": "remove", "path": "/name"}]"#), ["patch-failed"]);
    assert_eq!(codes_of("user/Patient.u", "{}"), ["patch-unjudged"]);
    assert_eq!(codes(&ask("user/Patient.u", "PATCH", good, &[])), ["old-needed"]);
    for (method, more) in [("PUT", vec![]), ("PATCH", vec![("resource", old.clone())])] {
        let answer = ask("user/Patient.u", method, good, &more);
        assert_eq!((answer.status, answer.codes()), (400, vec!["parameters".to_owned()]), "{method}");
    }
}

/// What is below the server's own base is its own; any other absolute reference leads nowhere that is known.
#[test]
fn the_base_of_the_server_is_known_by_its_parameter() {
    let server = guarding();
    let other = |of: &str| {
        let link = json!([{"other": {"reference": format!("{of}/Patient/1")}, "type": "seealso"}]);
        json!({"resourceType": "Patient", "link": link})
    };
    let ask = |bases: &[&str], of: &str| {
        let mut all = vec![("scope", "patient/Patient.c"), ("method", "POST"), ("url", "Patient"), ("patient", "1")];
        all.extend(bases.iter().map(|base| ("base", *base)));
        let body = parameters(&all, &[("resource", other(of))]);
        codes(&server.ask_as("reader", "POST", &format!("/$validate?negotiation={ID}"), body))
    };
    let own = "https://fhir.example/r4";
    assert_eq!(ask(&[own], own), [""; 0]);
    assert_eq!(ask(&["https://else.example", "https://fhir.example/r4/"], own), [""; 0]);
    assert_eq!(ask(&[], own), ["access-undetermined"]);
    assert_eq!(ask(&[own], "https://fhir.example/r4/tenant"), ["access-undetermined"]);
    assert_eq!(ask(&[own], "http://fhir.example/r4"), ["access-undetermined"]);
}

#[test]
fn only_those_who_are_known_are_answered() {
    let body = parameters(&[("scope", "user/*.r"), ("method", "GET"), ("url", "Patient/1")], &[]);
    let server = guarding();
    let path = format!("/$validate?negotiation={ID}");
    for token in ["", "other", "secre"] {
        let answer = server.ask_as(token, "POST", &path, &body);
        assert_eq!((answer.status, answer.header("www-authenticate")), (401, Some("Bearer")), "{token}");
    }
    assert_eq!(server.ask("POST", &path, &[], body.as_bytes()).status, 401);
    let open = with(json!({}));
    let answer = open.post(&path, &body);
    assert_eq!((answer.status, answer.codes()), (403, vec!["switched-off".to_owned()]));
}

#[test]
fn only_what_is_kept_is_a_guard() {
    let server = guarding();
    let body = parameters(&[("scope", "user/*.r"), ("method", "GET"), ("url", "Patient/1")], &[]);
    let ask = |id: &str| {
        let answer = server.ask_as("reader", "POST", &format!("/$validate?negotiation={id}"), &body);
        (answer.status, answer.codes().join(" "))
    };
    assert_eq!(ask(ID).0, 200);
    assert_eq!(ask("unheard-of"), (404, "negotiation-unknown".to_owned()));
    assert_eq!(ask(""), (404, "negotiation-unknown".to_owned()));
    assert_eq!(ask("foreign"), (422, "negotiation".to_owned()));
    let held = server.ask_as("reader", "POST", "/negotiate", r#"{"client":"ig:a#1","server":"ig:b#1"}"#);
    let id = held.json()["id"].as_str().unwrap().to_owned();
    assert_eq!(ask(&id), (409, "negotiation-held".to_owned()));
    assert_eq!(server.ask_as("secret", "DELETE", &format!("/negotiate/{ID}"), "").status, 204);
    assert_eq!(ask(ID), (404, "negotiation-unknown".to_owned()));
}

#[test]
fn what_is_asked_badly_is_refused() {
    let server = guarding();
    let path = format!("/$validate?negotiation={ID}");
    let whole = [("scope", "user/*.r"), ("method", "GET"), ("url", "Patient/1")];
    for without in ["scope", "method", "url"] {
        let all: Vec<(&str, &str)> = whole.iter().copied().filter(|(n, _)| *n != without).collect();
        let answer = server.ask_as("reader", "POST", &path, parameters(&all, &[]));
        assert_eq!((answer.status, answer.codes()), (400, vec!["parameters".to_owned()]), "{without}");
    }
    let twice = parameters(&[&whole[..], &[("scope", "user/*.cruds")]].concat(), &[]);
    let odd = parameters(&[&whole[..], &[("scopes", "user/*.cruds")]].concat(), &[]);
    let method = parameters(&[("scope", "x"), ("method", "FETCH"), ("url", "x")], &[]);
    let both =
        parameters(&[&whole[..], &[("oldAbsent", "true")]].concat(), &[("old", json!({"resourceType": "Patient"}))]);
    let patient = json!({"resourceType": "Patient"}).to_string();
    let torn = parameters(&whole, &[]).replace("}]}", "");
    let deep = format!("{}{}", "{\"parameter\":".repeat(100_000), "}".repeat(100_000));
    for body in [twice, odd, method, both, patient, torn, deep, String::new(), "[]".to_owned()] {
        let answer = server.ask_as("reader", "POST", &path, &body);
        assert!((400..=413).contains(&answer.status), "{}: {}", answer.status, &body[..body.len().min(100)]);
    }
    let xml = [("authorization", "Bearer reader"), ("content-type", "application/fhir+xml")];
    assert_eq!(server.ask("POST", &path, &xml, b"<Parameters xmlns=\"http://hl7.org/fhir\"/>").status, 415);
}
