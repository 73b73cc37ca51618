//! Content types, methods, request ids, gzip.

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::json;

use crate::support::{PATIENT, shared, with};

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn what_is_taken_and_given() {
    let post = |name, value, body: &str| shared().ask("POST", "/$validate", &[(name, value)], body.as_bytes());
    assert_eq!(post("content-type", "application/json", PATIENT).status, 200);
    for wrong in ["text/plain", "application/x-www-form-urlencoded", "application/json; charset=latin1"] {
        let answer = post("content-type", wrong, PATIENT);
        assert_eq!((answer.status, answer.codes()), (415, vec!["content-type".to_owned()]));
    }
    let answer = post("accept", "text/turtle", PATIENT);
    assert_eq!((answer.status, answer.codes()), (406, vec!["format".to_owned()]));
    assert!(
        post("accept", "application/json", PATIENT).header("content-type").unwrap().starts_with("application/json")
    );
    assert_eq!(shared().get("/metadata?_format=ttl").status, 406);
    assert_eq!(shared().get("/metadata?_format=json").status, 200);
}

#[test]
fn instances_in_xml() {
    let post = |path: &str, body: &str| {
        shared().ask("POST", path, &[("content-type", "application/fhir+xml")], body.as_bytes())
    };
    let good = r#"<Patient xmlns="http://hl7.org/fhir"><id value="p"/><active value="true"/></Patient>"#;
    assert_eq!(post("/Patient/p/$validate", good).verdict(), "valid");
    assert_eq!(post("/Patient/q/$validate", good).status, 400);
    let bad = r#"<Patient xmlns="http://hl7.org/fhir"><active value="yes"/><id value="p"/></Patient>"#;
    assert_eq!(post("/$validate", bad).codes(), ["primitive-format", "xml-order"]);
    assert_eq!(post("/$validate", "<Patient").codes(), ["xml-unexpected-end"]);
    assert_eq!(post("/$validate", r#"<Parameters xmlns="http://hl7.org/fhir"/>"#).status, 400);
}

#[test]
fn answers_in_xml_are_indented_where_that_is_asked_for() {
    let text = |path: &str| String::from_utf8(shared().get(path).body).unwrap();
    let flat = text("/metadata?_format=xml");
    let indented = text("/metadata?_format=xml&_pretty=true");
    assert!(!flat.contains('\n'), "{flat}");
    assert!(indented.starts_with("<CapabilityStatement xmlns=\"http://hl7.org/fhir\">\n  <"), "{indented}");
    assert_eq!(indented.lines().map(str::trim).collect::<String>(), flat);
    let refused = text("/nothing?_format=xml&_pretty=true");
    assert!(refused.starts_with("<OperationOutcome xmlns=\"http://hl7.org/fhir\">\n  <issue>\n"), "{refused}");
}

#[test]
fn methods_and_addresses_that_are_not_there() {
    let answer = shared().get("/$validate");
    assert_eq!((answer.status, answer.header("allow")), (405, Some("POST")));
    assert_eq!(answer.codes(), ["method"]);
    assert_eq!(shared().ask("DELETE", "/packages", &[], b"").header("allow"), Some("GET, HEAD, POST"));
    for path in ["/nothing", "/", "/Patient/a/b/c", "/patient/$validate", "/Patient/x%00/$validate", "/../etc/passwd"] {
        let answer = shared().get(path);
        assert_eq!(
            (answer.status, answer.json()["resourceType"].as_str().unwrap().to_owned()),
            (404, "OperationOutcome".to_owned()),
            "{path}"
        );
    }
}

#[test]
fn request_ids_are_echoed_or_made() {
    let ask = |id: &str| shared().ask("GET", "/health/live", &[("x-request-id", id)], b"");
    assert_eq!(ask("abc-1").header("x-request-id"), Some("abc-1"));
    let made = ask("not fit").header("x-request-id").unwrap().to_owned();
    assert_eq!(made.len(), 36);
    assert_ne!(ask(&"x".repeat(200)).header("x-request-id").unwrap().len(), 200);
    for path in ["/nothing", "/$validate", "/metadata"] {
        assert!(shared().get(path).header("x-request-id").is_some(), "{path}");
    }
}

#[test]
fn bodies_may_be_gzip() {
    let ask = |server: &crate::support::Server, encoding: &str, body: &[u8]| {
        server.ask(
            "POST",
            "/$validate",
            &[("content-type", "application/fhir+json"), ("content-encoding", encoding)],
            body,
        )
    };
    assert_eq!(ask(shared(), "gzip", &gzip(PATIENT.as_bytes())).verdict(), "valid");
    assert_eq!(ask(shared(), "gzip", b"no gzip").status, 400);
    assert_eq!(ask(shared(), "zstd", PATIENT.as_bytes()).status, 415);
    let small = with(json!({"limits": {"bodyBytes": 100_000}}));
    let bomb = gzip(&vec![b' '; 50 << 20]);
    assert!(bomb.len() < 100_000 * 3);
    let answer = ask(&small, "gzip", &bomb);
    assert_eq!((answer.status, answer.codes()), (413, vec!["limit-bytes".to_owned()]));
}

#[test]
fn health() {
    assert_eq!(shared().get("/health/live").json(), json!({"status": "live"}));
    assert_eq!(shared().get("/health/ready").json()["status"], "ready");
}
