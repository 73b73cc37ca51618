//! Shadow mode: nothing changes, and all is recorded.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use crate::support::{Answer, proxy};
use crate::upstream::{Seen, Upstream, json, with};

const JSON: &str = "content-type: application/fhir+json\r\n";

/// What a request gives, and what reaches the server, in shadow mode; and the line that is written.
fn pass(
    method: &str,
    path: &str,
    headers: &str,
    body: &[u8],
    has_token: bool,
) -> (Answer, Vec<Seen>, serde_json::Value) {
    let upstream = Upstream::start(|asked| match asked.line.starts_with("GET ") && !asked.line.contains("judged") {
        true => with(200, &format!("{JSON}etag: W/\"7\"\r\n"), b"{ \"old\": true}"),
        false => json(200, "\"secret\""),
    });
    let proxy = proxy(upstream.address, |s| (s.shadow, s.body_bytes) = (true, 1000));
    let mut all = headers.to_owned();
    if has_token {
        all += &format!("authorization: Bearer {}\r\n", proxy.issuer.token("all"));
    }
    if !body.is_empty() {
        all += &format!("content-length: {}\r\n", body.len());
    }
    let answer = proxy.raw(&[crate::support::request(method, path, &all).as_bytes(), body].concat());
    (answer, upstream.seen(), proxy.lines(1)[0].clone())
}

#[test]
fn what_would_be_refused_passes_unchanged_and_is_recorded() {
    let large = vec![b' '; 5000];
    /// Method, path, content type and body; and what follows.
    type Case<'c> = (&'c str, &'c str, &'c str, &'c [u8], bool, &'c str);
    let cases: &[Case<'_>] = &[
        ("GET", "/fhir/Patient/1", "", b"", false, "token-missing"),
        ("GET", "/fhir/Patient/1", "authorization: Basic eDp5\r\n", b"", false, "token-header"),
        ("POST", "/fhir/Patient", JSON, b"\"secret\"", true, "profile"),
        ("POST", "/fhir/Patient", "content-type: text/xml\r\n", b"<a/>", true, "body-xml"),
        ("POST", "/fhir/Patient", JSON, &large, true, "body-too-large"),
        ("POST", "/fhir/Patient", JSON, &large, false, "token-missing"),
        ("POST", "/fhir/Patient", JSON, b"\"panic\"", true, "judging-failed"),
        ("PUT", "/fhir/Patient", JSON, b"{}", true, "old-state"),
        ("DELETE", "/fhir/Patient/1", JSON, b"{}", true, "body-unexpected"),
        ("OPTIONS", "/fhir/Patient", "origin: x\r\n", b"", true, "method"),
        ("GET", "/fhir/Patient;x/P%61?access_token=1", "", b"", true, "target-path"),
        ("GET", "/fhir/judged", "accept-encoding: br\r\nrange: bytes=0-1\r\n", b"", true, "compartment"),
        ("POST", "/fhir/Patient", &format!("{JSON}x-http-method-override: PUT\r\n"), b"{}", true, "method-override"),
        ("GET", "/fhir/Patient/1", "x-original-url: /admin\r\n", b"", true, "header-unknown"),
        ("GET", "/fhir/Patient/1", "x_tenant: 1\r\n", b"", true, "header-name"),
        ("POST", "/fhir/Patient", "content-type: application/json; charset=utf-16\r\n", b"{}", true, "body-charset"),
    ];
    for (method, path, headers, body, has_token, rule) in cases {
        let (answer, seen, line) = pass(method, path, headers, body, *has_token);
        let sent = seen.last().unwrap();
        assert_eq!((answer.status, sent.line.clone()), (200, format!("{method} {path} HTTP/1.1")), "{rule}");
        assert_eq!(&sent.body, body, "{rule}");
        for (name, value) in headers.lines().filter_map(|l| l.split_once(": ")) {
            assert_eq!(sent.header(name), Some(value), "{rule}");
        }
        assert_eq!(sent.header("authorization").is_some(), *has_token || headers.contains("authorization"), "{rule}");
        assert_eq!(
            (&line["mode"], &line["verdict"], &line["rule"]),
            (&"shadow".into(), &"refused".into(), &(*rule).into())
        );
        let expected: &[u8] = match sent.line.starts_with("GET ") && !path.contains("judged") {
            true => b"{ \"old\": true}",
            false => b"\"secret\"",
        };
        assert_eq!(answer.body, expected, "{rule}");
    }
}

#[test]
fn a_write_is_judged_with_what_is_there_and_passes_without_a_version() {
    let (answer, seen, line) = pass("PUT", "/fhir/Patient/1", JSON, b"{}", true);
    assert_eq!((answer.status, &line["verdict"]), (200, &"allowed".into()));
    assert_eq!((seen.len(), seen[0].line.as_str()), (2, "GET /fhir/Patient/1 HTTP/1.1"));
    assert_eq!(seen[1].header("if-match"), None);
}

#[test]
fn a_body_passes_whole_where_no_more_may_be_held() {
    let upstream = Upstream::start(|_| json(200, "{}"));
    let proxy = proxy(upstream.address, |s| (s.shadow, s.held_bytes) = (true, 2048));
    let token = format!("authorization: Bearer {}\r\ntransfer-encoding: chunked\r\n{JSON}", proxy.issuer.token("all"));
    let mut stream = TcpStream::connect(proxy.address).unwrap();
    stream.write_all(crate::support::request("POST", "/fhir/Patient", &token).as_bytes()).unwrap();
    let mut whole = Vec::new();
    for n in 0..20_u8 {
        let part = [b'a' + n; 500];
        whole.extend_from_slice(&part);
        stream.write_all(&[&b"1f4\r\n"[..], &part[..], &b"\r\n"[..]].concat()).unwrap();
        std::thread::sleep(Duration::from_millis(5));
    }
    stream.write_all(b"0\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    assert_eq!(String::from_utf8_lossy(&upstream.seen()[0].body), String::from_utf8_lossy(&whole));
    assert_eq!(proxy.lines(1)[0]["rule"], "busy");
}

#[test]
fn what_the_client_has_already_is_no_refusal() {
    let upstream = Upstream::start(|_| (b"HTTP/1.1 304 X\r\netag: W/\"1\"\r\n\r\n".to_vec(), false));
    let proxy = proxy(upstream.address, |s| s.shadow = true);
    let answer = proxy.ask("GET", "/fhir/Patient/1?judged", "if-none-match: W/\"1\"\r\n", b"");
    assert_eq!((answer.status, &proxy.lines(1)[0]["verdict"]), (304, &"allowed".into()));
    assert_eq!(upstream.seen()[0].header("if-none-match"), Some("W/\"1\""));
}

#[test]
fn a_request_that_is_not_judged_in_time_passes() {
    let upstream = Upstream::start(|asked| {
        if asked.line.starts_with("GET ") {
            std::thread::sleep(Duration::from_secs(5));
        }
        json(200, "{}")
    });
    let proxy = proxy(upstream.address, |s| (s.shadow, s.judging) = (true, Duration::from_millis(300)));
    let began = Instant::now();
    assert_eq!(proxy.ask("PUT", "/fhir/Patient/1", JSON, b"{}").status, 200);
    assert!(began.elapsed() < Duration::from_secs(4));
    assert_eq!(upstream.seen().last().unwrap().body, b"{}");
    assert_eq!(proxy.lines(1)[0]["rule"], "late");
}
