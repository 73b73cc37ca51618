//! Requests that two servers could read differently.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use crate::support::proxy;
use crate::upstream::{Upstream, json};

#[test]
fn no_second_request_is_hidden_in_a_first() {
    let upstream = Upstream::start(|_| json(200, "{}"));
    let proxy = proxy(upstream.address, |_| {});
    let token = format!("authorization: Bearer {}\r\n", proxy.issuer.token("all"));
    let hidden = "GET /fhir/hidden HTTP/1.1\r\nhost: x\r\n\r\n";
    let head = |headers: &str| {
        format!("POST /fhir/Binary HTTP/1.1\r\nhost: proxy.test\r\n{token}content-type: a/b\r\n{headers}\r\n")
    };
    for attempt in [
        head("content-length: 6\r\ntransfer-encoding: chunked\r\n") + "0\r\n\r\n" + hidden,
        head("transfer-encoding: chunked\r\ncontent-length: 6\r\n") + "0\r\n\r\n" + hidden,
        head("content-length: 0\r\ncontent-length: 40\r\n") + hidden,
        head("content-length: +0\r\n") + hidden,
        head("content-length: 0, 40\r\n") + hidden,
        head("transfer-encoding: xchunked\r\n") + "0\r\n\r\n" + hidden,
        head("transfer-encoding : chunked\r\n") + "0\r\n\r\n" + hidden,
        head("transfer-encoding: identity\r\n") + hidden,
        head("x: y\r\n transfer-encoding: chunked\r\n") + "0\r\n\r\n" + hidden,
        head("x: a\rtransfer-encoding: chunked\r\n") + "0\r\n\r\n" + hidden,
        head("content-length: 0\r\nconnection: content-length\r\n") + hidden,
        head("transfer-encoding: chunked\r\nconnection: transfer-encoding\r\n") + "0\r\n\r\n" + hidden,
        head("transfer-encoding: chunked\r\n") + "0;x\n\r\n\r\n" + hidden,
        head("transfer-encoding: chunked\r\n") + "-1\r\n\r\n" + hidden,
        head("transfer-encoding: chunked\r\n") + "FFFFFFFFFFFFFFFF1\r\n\r\n" + hidden,
        hidden.replace("/fhir/hidden", "http://other.test/fhir/hidden"),
        hidden.replace("GET /fhir/hidden", "CONNECT other.test:80"),
        hidden.replace("/fhir/hidden", "/fhir/x\tHTTP/1.1\r\nx: /fhir/hidden"),
    ] {
        let mut stream = TcpStream::connect(proxy.address).unwrap();
        stream.set_read_timeout(Some(Duration::from_millis(150))).unwrap();
        let _ = stream.write_all(attempt.as_bytes());
        let _ = stream.read_to_end(&mut Vec::new());
        // What is read as a request of its own has no token of its own.
        let reached: Vec<String> = upstream.seen().into_iter().map(|s| s.line).collect();
        assert!(reached.iter().all(|l| l == "POST /fhir/Binary HTTP/1.1"), "{attempt}\n{reached:?}");
    }
    for seen in upstream.seen() {
        let lengths = seen.headers.iter().filter(|(n, _)| n == "content-length" || n == "transfer-encoding").count();
        assert!(lengths <= 1 && seen.body.is_empty(), "{seen:?}");
    }
}

#[test]
fn targets_lead_nowhere_else() {
    let upstream = Upstream::start(|_| json(200, "{}"));
    let proxy = proxy(upstream.address, |_| {});
    for target in [
        "http://other.test/fhir/Patient",
        "/fhir/../admin",
        "/fhir/%2e%2e/admin",
        "/fhir/.%2E/admin",
        "/fhir/..%2fadmin",
        "/fhir/..;/admin",
        "/admin",
        "/fhirs/Patient",
        "//other.test/fhir",
        "/fhir//other.test",
        "/fhir/Patient;jsessionid=1",
        "/fhir/Patient%2f1",
        "/fhir/P%61tient/1",
        "/fhir/Patient?access_token=x",
        "/fhir/Patient?a=b;access_token=x",
        "\\fhir\\Patient",
        "*",
    ] {
        let (status, _) = proxy.ask("GET", target, "", b"").refusal();
        assert!(matches!(status, 400 | 404), "{target}: {status}");
    }
    assert_eq!(upstream.seen().len(), 0);
}

#[test]
fn a_header_that_a_connection_takes_away_is_not_judged_either() {
    let upstream = Upstream::start(|_| json(200, "{}"));
    let proxy = proxy(upstream.address, |_| {});
    assert_eq!(proxy.ask("GET", "/fhir/Patient/1", "connection: authorization\r\n", b"").refusal().0, 401);
    assert_eq!(upstream.seen().len(), 0);
}

#[test]
fn no_header_changes_what_was_judged() {
    let upstream = Upstream::start(|_| json(200, "{}"));
    let proxy = proxy(upstream.address, |s| s.pass_header("X-FHIR-Tenant-Id").unwrap());
    for (header, rule) in [
        ("X-Original-URL: /fhir/admin", "header-unknown"),
        ("X-Rewrite-URL: /fhir/admin", "header-unknown"),
        ("X-Cascade: delete", "header-unknown"),
        ("X-FHIR-DSID: other", "header-unknown"),
        ("X-Provenance: {}", "header-unknown"),
        ("X_HTTP_METHOD_OVERRIDE: DELETE", "method-override"),
        ("X_FHIR_TENANT_ID: other", "header-name"),
        ("content_type: text/xml", "header-name"),
    ] {
        let answer = proxy.ask("GET", "/fhir/Patient/1", &format!("{header}\r\n"), b"");
        assert_eq!(answer.refusal(), (400, rule.to_owned()), "{header}");
    }
    assert_eq!(upstream.seen().len(), 0);
    let known = "x-request-id: 1\r\nx-b3-traceid: 1\r\nx-fhir-tenant-id: own\r\nx-forwarded-uri: /admin\r\n";
    assert_eq!(proxy.ask("GET", "/fhir/Patient/1", known, b"").status, 200);
    let seen = &upstream.seen()[0];
    assert_eq!((seen.header("x-request-id"), seen.header("x-b3-traceid")), (Some("1"), Some("1")));
    assert_eq!((seen.header("x-fhir-tenant-id"), seen.header("x-forwarded-uri")), (Some("own"), None));
}

#[test]
fn a_form_has_no_token_of_its_own() {
    let upstream = Upstream::start(|_| json(200, "{}"));
    let proxy = proxy(upstream.address, |_| {});
    let form = "content-type: application/x-www-form-urlencoded\r\n";
    for body in ["access_token=x", "name=a&Access%5Ftoken=x", "name=a;access_token=x"] {
        let answer = proxy.ask("POST", "/fhir/Patient/_search", form, body.as_bytes());
        assert_eq!(answer.refusal(), (400, "target-token".to_owned()), "{body}");
    }
    assert_eq!(upstream.seen().len(), 0);
    assert_eq!(proxy.ask("POST", "/fhir/Patient/_search", form, b"name=access_token").status, 200);
}

#[test]
fn only_the_content_of_a_binary_is_unseen() {
    let upstream = Upstream::start(|_| json(200, "{}"));
    let proxy = proxy(upstream.address, |_| {});
    let pdf = "content-type: application/pdf\r\n";
    for (method, path) in [
        ("POST", "/fhir/Binary/1"),
        ("POST", "/fhir/Binary/$convert"),
        ("POST", "/fhir/Binary/_search"),
        ("PUT", "/fhir/Binary"),
        ("PUT", "/fhir/Binary/1/_history/1"),
        ("PATCH", "/fhir/Binary/1"),
    ] {
        assert_eq!(proxy.ask(method, path, pdf, b"%PDF").refusal(), (415, "body-type".to_owned()), "{method} {path}");
    }
    let xml = proxy.ask("POST", "/fhir/Binary", "content-type: application/xml\r\n", b"<a/>");
    assert_eq!((xml.refusal(), upstream.seen().len()), ((415, "body-xml".to_owned()), 0));
    assert_eq!(proxy.ask("POST", "/fhir/Binary", pdf, b"%PDF").status, 200);
    assert_eq!(proxy.ask("PUT", "/fhir/Binary/1", pdf, b"%PDF").status, 200);
}
