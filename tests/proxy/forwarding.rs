//! What goes through, and what is refused.

use std::time::Duration;

use crate::support::{proxy, request, send};
use crate::upstream::{Upstream, json, with};

#[test]
fn a_request_goes_through_as_it_came() {
    let upstream = Upstream::start(|_| {
        let headers = "etag: W/\"3\"\r\nset-cookie: a=1\r\nset-cookie: b=2\r\nconnection: x-hop\r\nx-hop: 1\r\n\
                       content-type: application/fhir+json\r\ncontent-encoding: br\r\n";
        with(201, headers, b"\x00\xffanything")
    });
    let proxy = proxy(upstream.address, |_| {});
    let headers = "content-type: application/fhir+json\r\nprefer: return=minimal\r\nx-hop: 1\r\nconnection: x-hop\r\n\
                   x-forwarded-for: 6.6.6.6\r\nforwarded: for=6.6.6.6\r\nte: trailers\r\n";
    let answer = proxy.ask("POST", "/fhir/Patient?name=O'Brien&x=%27%20", headers, br#"{"resourceType": "Patient"}"#);
    assert_eq!((answer.status, &answer.body[..]), (201, &b"\x00\xffanything"[..]));
    assert_eq!((answer.header("etag"), answer.header("content-encoding")), (Some("W/\"3\""), Some("br")));
    assert_eq!((answer.header("x-hop"), answer.header("content-length")), (None, Some("10")));
    assert!(answer.head.contains("set-cookie: a=1") && answer.head.contains("set-cookie: b=2"), "{}", answer.head);
    let seen = &upstream.seen()[0];
    assert_eq!(seen.line, "POST /fhir/Patient?name=O'Brien&x=%27%20 HTTP/1.1");
    assert_eq!(seen.body, br#"{"resourceType": "Patient"}"#);
    assert_eq!(seen.header("host"), Some(upstream.address.to_string().as_str()));
    assert_eq!((seen.header("prefer"), seen.header("x-hop"), seen.header("te")), (Some("return=minimal"), None, None));
    assert_eq!((seen.header("x-forwarded-for"), seen.header("forwarded")), (Some("127.0.0.1"), None));
    assert_eq!((seen.header("x-forwarded-host"), seen.header("x-forwarded-proto")), (Some("proxy.test"), Some("http")));
    assert!(seen.header("authorization").is_some_and(|a| a.starts_with("Bearer ")));
}

#[test]
fn settings_change_what_is_passed_on() {
    let upstream = Upstream::start(|_| json(200, "{}"));
    let proxy = proxy(upstream.address, |s| (s.drop_authorization, s.trust_forwarded) = (true, true));
    let headers = "x-forwarded-for: 192.0.2.1\r\nx-forwarded-proto: https\r\nx-forwarded-host: public.test\r\n";
    assert_eq!(proxy.ask("GET", "/fhir/Patient/1", headers, b"").status, 200);
    let seen = &upstream.seen()[0];
    assert_eq!(seen.header("authorization"), None);
    assert_eq!((seen.header("x-forwarded-for"), seen.header("x-forwarded-proto")), (Some("192.0.2.1"), Some("https")));
    assert_eq!(seen.header("x-forwarded-host"), Some("public.test"));
}

#[test]
fn who_has_no_token_gets_nothing_but_the_statement() {
    let upstream = Upstream::start(|_| json(200, "{}"));
    let proxy = proxy(upstream.address, |_| {});
    let bare = proxy.raw(request("GET", "/fhir/Patient/1", "").as_bytes());
    assert_eq!(bare.refusal(), (401, "token-missing".to_owned()));
    assert_eq!(bare.header("www-authenticate"), Some("Bearer realm=\"fhir\""));
    let forged = format!("authorization: Bearer {}\r\n", crate::issuer::Issuer::new().token("all"));
    let forged = proxy.raw(request("GET", "/fhir/Patient/1", &forged).as_bytes());
    assert_eq!(forged.refusal(), (401, "token-signature".to_owned()));
    assert_eq!(forged.header("www-authenticate"), Some("Bearer realm=\"fhir\", error=\"invalid_token\""));
    let little = format!("authorization: Bearer {}\r\n", proxy.issuer.token("little"));
    let little = proxy.raw(request("GET", "/fhir/Patient/1", &little).as_bytes());
    assert_eq!(little.refusal(), (403, "scope-missing".to_owned()));
    assert!(little.header("www-authenticate").is_some_and(|c| c.contains("insufficient_scope")));
    assert_eq!(upstream.seen().len(), 0);
    for open in ["/fhir/metadata", "/fhir/metadata?_format=json", "/fhir/.well-known/smart-configuration"] {
        assert_eq!(proxy.raw(request("GET", open, "").as_bytes()).status, 200, "{open}");
    }
    assert_eq!(proxy.raw(request("POST", "/fhir/metadata", "").as_bytes()).status, 401);
    assert_eq!(proxy.raw(request("GET", "/fhir/metadata/x", "").as_bytes()).status, 401);
}

#[test]
fn bodies_that_cannot_be_judged_are_refused_by_name() {
    let upstream = Upstream::start(|_| json(200, "{}"));
    let proxy = proxy(upstream.address, |s| {
        (s.body_bytes, s.judging) = (1000, Duration::from_millis(200));
        s.fhir_version = Some("4.0".to_owned());
    });
    let ask = |headers: &str, body: &[u8]| {
        let (status, rule) = proxy.ask("POST", "/fhir/Patient", headers, body).refusal();
        format!("{status} {rule}")
    };
    let json = "content-type: application/fhir+json\r\n";
    let gzip = format!("{json}content-encoding: gzip\r\n");
    assert_eq!(ask("content-type: application/fhir+xml\r\n", b"<x/>"), "415 body-xml");
    assert_eq!(ask("content-type: text/xml; charset=utf-8\r\n", b"<x/>"), "415 body-xml");
    assert_eq!(ask("content-type: text/plain\r\n", b"{}"), "415 body-type");
    assert_eq!(ask("", b"{}"), "415 body-type");
    assert_eq!(ask("content-type: application/fhir+json; charset=utf-16\r\n", b"{}"), "415 body-charset");
    assert_eq!(ask("content-type: application/json;a=b; Charset = \"utf-7\"\r\n", b"{}"), "415 body-charset");
    assert_eq!(ask(&format!("{json}{json}"), b"{}"), "400 header-twice");
    assert_eq!(ask(&format!("{json}content-encoding: br\r\n"), b"{}"), "415 body-encoding");
    assert_eq!(ask(&gzip, b"{}"), "400 body-broken");
    assert_eq!(ask(json, &[b' '; 1001]), "413 body-too-large");
    assert_eq!(ask(&gzip, &gzipped(&vec![b' '; 100_000])), "413 body-too-large");
    assert_eq!(ask(json, b"\"secret\""), "403 profile");
    assert_eq!(ask(&gzip, &gzipped(b"\"secret\"")), "403 profile");
    assert_eq!(ask(json, b"\"panic\""), "403 judging-failed");
    assert_eq!(ask(json, b"\"endless\""), "403 limit-time");
    assert_eq!(proxy.ask("DELETE", "/fhir/Patient/1", json, b"{}").refusal().1, "body-unexpected");
    assert_eq!(proxy.ask("OPTIONS", "/fhir/Patient/1", "", b"").refusal(), (405, "method".to_owned()));
    let header = "x-http-method-override: DELETE\r\n";
    assert_eq!(proxy.ask("POST", "/fhir/Patient", header, b"").refusal().1, "method-override");
    assert_eq!(upstream.seen().len(), 0);
    let utf_8 = "content-type: application/fhir+json; fhirVersion=4.0; charset=\"UTF-8\"\r\n";
    assert_eq!(proxy.ask("POST", "/fhir/Patient", utf_8, b"{}").status, 200);
    let packed = gzipped(b"{}");
    assert_eq!(proxy.ask("POST", "/fhir/Patient", &gzip, &packed).status, 200);
    assert_eq!(upstream.seen()[1].body, packed);
}

pub fn gzipped(bytes: &[u8]) -> Vec<u8> {
    use std::io::Write;
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gzip.write_all(bytes).unwrap();
    gzip.finish().unwrap()
}

#[test]
fn decisions_are_counted_and_written_down_without_values() {
    let upstream = Upstream::start(|_| json(200, "{}"));
    let proxy = proxy(upstream.address, |_| {});
    assert_eq!(proxy.ask("GET", "/fhir/Patient/id-4711", "", b"").status, 200);
    let json = "content-type: application/fhir+json\r\n";
    assert_eq!(proxy.ask("POST", "/fhir/Patient?id=id-4711", json, b"\"secret\"").status, 403);
    let lines = proxy.lines(1);
    assert_eq!((lines.len(), &lines[0]["verdict"], &lines[0]["rule"]), (1, &"refused".into(), &"profile".into()));
    assert_eq!((&lines[0]["status"], &lines[0]["type"]), (&403.into(), &"Patient".into()));
    let told = format!("{}{lines:?}", proxy.metrics());
    assert!(!told.contains("4711") && !told.contains("secret") && !told.contains("Bearer"), "{told}");
    for verdict in [r#"verdict="allowed",rule="-""#, r#"verdict="refused",rule="profile""#] {
        let counted = format!("accord_proxy_decisions_total{{mode=\"enforce\",{verdict}");
        assert!(told.contains(&counted), "{counted}\n{told}");
    }
    let health = |path: &str| send(proxy.health, request("GET", path, "").as_bytes()).status;
    assert_eq!((health("/health/live"), health("/health/ready"), health("/fhir/Patient")), (200, 200, 404));
}
