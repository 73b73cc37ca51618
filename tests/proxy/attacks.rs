//! What a hostile client sends through the proxy, with a real negotiation and the engine behind its gate: whatever is
//! not allowed by both reaches no server.

use std::sync::Arc;

use fhir_accord::app::{App, Settings};
use fhir_accord::capability::guard::Gate;
use fhir_accord::guard::Guard;
use serde_json::{Value, json};

use crate::support::{Proxy, guarded};
use crate::upstream::{Seen, Upstream, json, with};

const JSON: &str = "content-type: application/fhir+json\r\n";
const FORM: &str = "content-type: application/x-www-form-urlencoded\r\n";

fn rows(key: &str, names: &[&str]) -> Vec<Value> {
    names.iter().map(|name| json!({key: name, "usable": "yes", "server": "yes", "scope": null, "why": []})).collect()
}

/// Reads, searches and writes of Observations, reads of Patients, transactions.
fn gate() -> Arc<dyn Gate> {
    let negotiation = json!({"id": "0", "fhirVersion": {"chosen": "4.0"}, "scopes": [], "profileSet": [],
        "system": {"interactions": rows("code", &["batch", "transaction"])},
        "resources": [
            {"type": "Observation", "searchParams": rows("name", &["patient", "code"]),
                "interactions": rows("code", &["read", "search-type", "create", "update"])},
            {"type": "Binary", "interactions": rows("code", &["create"])},
            {"type": "Patient", "interactions": rows("code", &["read"])}]});
    let packages = vec!["hl7.fhir.r4.core#4.0.1".to_owned()];
    let app = App::open(&Settings { packages, ..Settings::default() }).unwrap();
    let bases = ["https://fhir.example/fhir/".to_owned()];
    Arc::new(Guard::open_at(&negotiation, Arc::new(app), &bases).unwrap())
}

fn observation(subject: &str) -> Value {
    json!({"resourceType": "Observation", "id": "o", "status": "final", "subject": {"reference": subject},
        "code": {"text": "x"}})
}

fn through(upstream: &Upstream) -> Proxy {
    guarded(upstream.address, gate(), |s| s.fhir_version = Some("4.0".to_owned()))
}

fn transaction(request: &Value, resource: &Value) -> Vec<u8> {
    let entry = json!({"request": request, "resource": resource});
    json!({"resourceType": "Bundle", "type": "transaction", "entry": [entry]}).to_string().into_bytes()
}

#[test]
fn nothing_that_is_not_negotiated_reaches_the_server() {
    let upstream = Upstream::start(|_| json(200, "{}"));
    let proxy = through(&upstream);
    let mine = observation("Patient/1").to_string();
    let cases: &[(&str, &str, &str, &str)] = &[
        ("GET", "/fhir/Observation?patient=1&value-string=x", "", ""),
        ("GET", "/fhir/Observation?patient=1&_include=Observation:subject", "", ""),
        ("GET", "/fhir/Observation?patient=1&_method=DELETE", "", ""),
        ("GET", "/fhir/Observation/o?_format=application/fhir%2Bjson;fhirVersion%3D5.0", "", ""),
        ("GET", "/fhir/Observation/o", "accept: application/fhir+json; fhirVersion=5.0\r\n", ""),
        ("GET", "/fhir/Patient?name=x", "", ""),
        ("GET", "/fhir/Patient/1/*", "", ""),
        ("GET", "/fhir/_history", "", ""),
        ("GET", "/fhir/$meta", "", ""),
        ("GET", "/fhir/Observation/o/$meta", "", ""),
        ("GET", "/fhir/Observation/../Patient", "", ""),
        ("GET", "/fhir/Observation%2fo", "", ""),
        ("GET", "/fhir/Observation%252fo", "", ""),
        ("OPTIONS", "/fhir/Observation", "", ""),
        ("TRACE", "/fhir/Observation", "", ""),
        ("POST", "/fhir/Observation/_search?patient=1", FORM, "_include=*"),
        ("POST", "/fhir/Observation/_search?patient=1", FORM, "_has:Provenance:target:agent=x"),
        ("POST", "/fhir/Observation", "content-type: application/fhir+json; fhirVersion=3.0\r\n", &mine),
        ("POST", "/fhir/Observation", "content-type: application/fhir+json; charset=utf-16\r\n", &mine),
        ("POST", "/fhir/Patient", JSON, r#"{"resourceType":"Patient"}"#),
        ("POST", "/fhir/Observation", JSON, r#"{"resourceType":"Observation","status":"final"}"#),
        ("POST", "/fhir/Observation", JSON, r#"{"resourceType":"Patient"}"#),
        ("DELETE", "/fhir/Observation/o", "", ""),
        ("PATCH", "/fhir/Observation/o", "content-type: application/json-patch+json\r\n", "[]"),
    ];
    for (method, path, headers, body) in cases {
        let answer = proxy.ask_as("user/*.cruds", method, path, headers, body.as_bytes());
        assert!((400..500).contains(&answer.status), "{method} {path}: {answer:?}");
    }
    for request in [
        json!({"method": "DELETE", "url": "Observation/o"}),
        json!({"method": "GET", "url": "https://fhir.example/fhir/Patient/1"}),
        json!({"method": "GET", "url": "Patient?name=x"}),
        json!({"method": "GET", "url": "metadata/../Patient"}),
        json!({"method": "POST", "url": "Observation/$meta-add"}),
        json!({"method": "PUT", "url": "Observation/other"}),
    ] {
        let body = transaction(&request, &observation("Patient/1"));
        let answer = proxy.ask_as("user/*.cruds", "POST", "/fhir", JSON, &body);
        assert!((400..500).contains(&answer.status), "{request}: {answer:?}");
    }
    let seen: Vec<String> = upstream.seen().into_iter().map(|s| s.line).collect();
    assert_eq!(seen, Vec::<String>::new());
    assert_eq!(proxy.ask_as("user/*.cruds", "POST", "/fhir/Observation", JSON, mine.as_bytes()).status, 200);
}

/// What stands on the server for an entry is read; under a scope with limits its version has to be named.
#[test]
fn entries_are_judged_by_what_stands_on_the_server() {
    let owner = |seen: &Seen| if seen.line.contains("/o ") { "Patient/1" } else { "Patient/2" };
    let upstream = Upstream::start(move |seen| {
        let id = if seen.line.contains("/o ") { "o" } else { "p" };
        let mut stands = observation(owner(seen));
        stands["id"] = id.into();
        match seen.line.starts_with("GET ") {
            true if seen.line.contains("/none ") => json(404, "{}"),
            true => with(200, &format!("{JSON}etag: W/\"7\"\r\n"), stands.to_string().as_bytes()),
            false => json(200, r#"{"resourceType":"Bundle","type":"transaction-response","entry":[{}]}"#),
        }
    });
    let proxy = through(&upstream);
    let put = |scope: &str, id: &str, if_match: Option<&str>, subject: &str| {
        let mut request = json!({"method": "PUT", "url": format!("Observation/{id}")});
        if let Some(version) = if_match {
            request["ifMatch"] = version.into();
        }
        let mut resource = observation(subject);
        resource["id"] = id.into();
        let answer = proxy.ask_as(scope, "POST", "/fhir", JSON, &transaction(&request, &resource));
        if answer.status == 200 { (200, String::new()) } else { answer.refusal() }
    };
    let mine = "user/Observation.cu?subject=Patient/1";
    let seven = Some("W/\"7\"");
    // The negotiation does not list `updateCreate`: that there is something to update has to be known.
    assert_eq!(put("user/Observation.cu", "o", None, "Patient/1").0, 200);
    assert_eq!(put("user/Observation.cu", "none", None, "Patient/1"), (403, "entry-refused".to_owned()));
    assert_eq!(put(mine, "o", seven, "Patient/1").0, 200);
    assert_eq!(put(mine, "o", seven, "https://fhir.example/fhir/Patient/1").0, 200);
    assert_eq!(put(mine, "o", None, "Patient/1"), (403, "old-state".to_owned()));
    assert_eq!(put(mine, "o", Some("W/\"6\""), "Patient/1"), (403, "old-state".to_owned()));
    assert_eq!(put(mine, "p", seven, "Patient/1"), (403, "entry-refused".to_owned()));
    assert_eq!(put(mine, "o", seven, "Patient/2"), (403, "entry-refused".to_owned()));
    assert_eq!(put(mine, "o", seven, "https://other.example/fhir/Patient/1"), (403, "entry-refused".to_owned()));
    let writes = upstream.seen().iter().filter(|s| s.line.starts_with("POST ")).count();
    assert_eq!(writes, 3);
}

/// The content of a Binary passes unseen, where no scope has a limit to hold it against.
#[test]
fn content_passes_as_it_is() {
    let upstream = Upstream::start(|_| json(201, ""));
    let proxy = through(&upstream);
    let pdf = "content-type: application/pdf\r\n";
    let sent = |scope: &str, headers: &str| proxy.ask_as(scope, "POST", "/fhir/Binary", headers, b"%PDF").status;
    assert_eq!(sent("user/Binary.c", pdf), 201);
    assert_eq!(sent("patient/Binary.c", pdf), 403);
    assert_eq!(sent("user/Binary.c?_id=1", pdf), 403);
    assert_eq!(sent("user/Observation.c", pdf), 403);
    assert_eq!(sent("user/Binary.c", "content-type: image/png, application/fhir+json\r\n"), 403);
    let seen: Vec<Vec<u8>> = upstream.seen().into_iter().map(|s| s.body).collect();
    assert_eq!(seen, [b"%PDF"]);
}

/// A scope in its URI form has limits as well; reads that each come in time may together take too long.
#[test]
fn versions_are_named_and_reads_end() {
    let upstream = Upstream::start(|seen| {
        std::thread::sleep(std::time::Duration::from_millis(300));
        let id = seen.line.split(['/', ' ']).nth(4).unwrap_or_default().to_owned();
        let mut stands = observation("Patient/1");
        stands["id"] = id.into();
        with(200, &format!("{JSON}etag: W/\"7\"\r\n"), stands.to_string().as_bytes())
    });
    let proxy = guarded(upstream.address, gate(), |s| s.timeout = std::time::Duration::from_millis(1000));
    let put = |scope: &str, count: usize| {
        let entries: Vec<Value> = (0..count)
            .map(|i| {
                let mut resource = observation("Patient/1");
                resource["id"] = format!("o{i}").into();
                json!({"request": {"method": "PUT", "url": format!("Observation/o{i}")}, "resource": resource})
            })
            .collect();
        let body = json!({"resourceType": "Bundle", "type": "transaction", "entry": entries}).to_string();
        proxy.ask_as(scope, "POST", "/fhir", JSON, body.as_bytes())
    };
    let limited = "http://smarthealthit.org/fhir/scopes/user/Observation.cu?subject=Patient/1";
    assert_eq!(put(limited, 1).refusal(), (403, "old-state".to_owned()));
    assert_eq!(put("user/Observation.cu", 1).status, 200);
    assert_eq!(put("user/Observation.cu", 10).refusal(), (504, "upstream-slow".to_owned()));
    assert_eq!(upstream.seen().iter().filter(|s| s.line.starts_with("POST ")).count(), 1);
}
