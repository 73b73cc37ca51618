//! Answers that are judged before anybody sees them.

use std::io::{Read, Write};

use crate::forwarding::gzipped;
use crate::support::proxy;
use crate::upstream::{Upstream, json, with};

const JSON: &str = "content-type: application/fhir+json\r\n";

#[test]
fn only_what_was_judged_is_seen() {
    let upstream = Upstream::start(|asked| match asked.line.split(['/', '?', ' ']).nth(3).unwrap() {
        "good" => with(200, &format!("{JSON}etag: W/\"1\"\r\n"), b"{\"a\":  1}"),
        "gzip" => with(200, &format!("{JSON}content-encoding: gzip\r\n"), &gzipped(b"\"secret\"")),
        "gzip-good" => with(200, &format!("{JSON}content-encoding: gzip\r\n"), &gzipped(b"{}")),
        "bomb" => with(200, &format!("{JSON}content-encoding: gzip\r\n"), &gzipped(&vec![b' '; 1 << 20])),
        "br" => with(200, &format!("{JSON}content-encoding: br\r\n"), b"\"secret\""),
        "xml" => with(200, "content-type: application/fhir+xml\r\n", b"<secret/>"),
        "untyped" => with(200, "", b"\"secret\""),
        "large" => with(200, JSON, &vec![b' '; 20_000]),
        "partial" => with(206, JSON, b"{}"),
        "moved" => with(302, "location: http://evil.test/\r\n", b"secret"),
        "missing" => json(404, r#"{"resourceType": "OperationOutcome"}"#),
        "page" => with(500, "content-type: text/html\r\n", b"secret"),
        "later" => with(202, "content-location: http://evil.test/\r\n", b""),
        "unchanged" => (b"HTTP/1.1 304 X\r\netag: W/\"1\"\r\n\r\n".to_vec(), false),
        _ => json(200, "\"secret\""),
    });
    let proxy = proxy(upstream.address, |s| s.answer_bytes = 10_000);
    let ask = |what: &str| {
        let headers = "accept-encoding: br\r\nrange: bytes=1-2\r\nif-none-match: W/\"1\"\r\nif-match: W/\"2\"\r\n\
                       if-modified-since: x\r\nif-unmodified-since: x\r\nprefer: respond-async, handling=strict\r\n";
        proxy.ask("GET", &format!("/fhir/{what}?judged"), headers, b"")
    };
    let good = ask("good");
    assert_eq!((good.status, &good.body[..], good.header("etag")), (200, &b"{\"a\":  1}"[..], Some("W/\"1\"")));
    assert_eq!(ask("gzip-good").body, gzipped(b"{}"));
    assert_eq!(ask("missing").status, 404);
    for (what, status, rule) in [
        ("bad", 403, "compartment"),
        ("gzip", 403, "compartment"),
        ("bomb", 403, "answer-too-large"),
        ("br", 403, "answer-encoding"),
        ("xml", 403, "answer-type"),
        ("untyped", 403, "answer-type"),
        ("large", 403, "answer-too-large"),
        ("partial", 403, "answer-status"),
        ("moved", 403, "answer-status"),
        ("page", 500, "answer-status"),
        ("unchanged", 403, "answer-status"),
        ("later", 403, "answer-status"),
    ] {
        let answer = ask(what);
        assert_eq!(answer.refusal(), (status, rule.to_owned()), "{what}");
        assert!(!answer.head.contains("evil") && !answer.body.windows(6).any(|w| w == b"secret"), "{what}");
    }
    let seen = upstream.seen();
    assert!(seen.iter().all(|s| s.header("accept-encoding") == Some("identity") && s.header("range").is_none()));
    assert!(seen.iter().all(|s| s.headers.iter().all(|(name, _)| !name.starts_with("if-"))));
    assert!(seen.iter().all(|s| s.header("prefer") == Some("handling=strict")));
}

#[test]
fn a_head_is_judged_by_what_a_get_shows() {
    let upstream = Upstream::start(|asked| match asked.line.starts_with("GET ") {
        true => json(200, if asked.line.contains("bad") { "\"secret\"" } else { "{}" }),
        false => json(500, ""),
    });
    let proxy = proxy(upstream.address, |_| {});
    let (good, bad) = (proxy.ask("HEAD", "/fhir/good?judged", "", b""), proxy.ask("HEAD", "/fhir/bad?judged", "", b""));
    assert_eq!((good.status, good.body.len(), bad.status, bad.body.len()), (200, 0, 403, 0));
}

#[test]
fn a_head_that_is_not_judged_keeps_its_length() {
    let upstream = Upstream::start(|_| (b"HTTP/1.1 200 X\r\ncontent-length: 12345\r\n\r\n".to_vec(), false));
    let proxy = proxy(upstream.address, |_| {});
    let answer = proxy.ask("HEAD", "/fhir/Patient/1", "", b"");
    assert_eq!((answer.status, answer.header("content-length"), answer.body.len()), (200, Some("12345"), 0));
}

#[test]
fn what_was_done_is_told_even_where_its_answer_may_not_be_shown() {
    let upstream = Upstream::start(|asked| match asked.line.split(['/', '?', ' ']).nth(3).unwrap() {
        "created" => with(201, &format!("{JSON}location: http://h/secret\r\n"), b"\"secret\""),
        "xml" => with(200, "content-type: application/fhir+xml\r\n", b"<secret/>"),
        "failed" => with(500, "content-type: text/html\r\n", b"secret"),
        _ => json(200, "\"secret\""),
    });
    let proxy = proxy(upstream.address, |_| {});
    let ask = |path: &str| {
        let headers = format!("{JSON}accept: application/fhir+xml\r\n");
        let answer = proxy.ask("POST", &format!("/fhir/{path}judged"), &headers, b"{}");
        assert!(!answer.head.contains("secret") && !answer.body.windows(6).any(|w| w == b"secret"), "{path}");
        answer.refusal()
    };
    let withheld = |status: u16| (status, "answer-withheld".to_owned());
    assert_eq!((ask("created?"), ask("?"), ask("xml?")), (withheld(201), withheld(200), withheld(200)));
    // Nothing was done by a search, and nothing by what failed.
    assert_eq!(ask("Patient/_search?"), (403, "compartment".to_owned()));
    assert_eq!(ask("failed?"), (500, "answer-status".to_owned()));
    assert!(upstream.seen().iter().all(|s| s.header("accept") == Some("application/fhir+json")));
    let lines = proxy.lines(5);
    assert_eq!((&lines[0]["rule"], &lines[0]["status"]), (&"compartment".into(), &201.into()));
}

#[test]
fn an_answer_counts_as_held_until_it_is_sent() {
    const SIZE: usize = 24 << 20;
    let upstream = Upstream::start(|_| json(200, &" ".repeat(SIZE).replacen("  ", "{}", 1)));
    let proxy = proxy(upstream.address, |s| s.held_bytes = SIZE + SIZE / 2);
    let token = format!("authorization: Bearer {}\r\n", proxy.issuer.token("all"));
    let mut slow = std::net::TcpStream::connect(proxy.address).unwrap();
    slow.write_all(crate::support::request("GET", "/fhir/Patient?judged", &token).as_bytes()).unwrap();
    slow.read_exact(&mut [0; 100]).unwrap();
    assert_eq!(proxy.ask("GET", "/fhir/Patient?judged", "", b"").refusal(), (503, "busy".to_owned()));
    let mut rest = Vec::new();
    slow.read_to_end(&mut rest).unwrap();
    assert!(rest.len() > SIZE - 100 && rest.ends_with(b"   "));
    assert_eq!(proxy.ask("GET", "/fhir/Patient?judged", "", b"").body.len(), SIZE);
}

#[test]
fn what_an_answer_is_unpacked_to_counts_as_held() {
    let answer = format!("{JSON}content-encoding: gzip\r\n");
    let upstream =
        Upstream::start(move |_| with(200, &answer, &gzipped(format!("{{}}{}", " ".repeat(60_000)).as_bytes())));
    let small = proxy(upstream.address, |s| (s.answer_bytes, s.held_bytes) = (100_000, 30_000));
    assert_eq!(small.ask("GET", "/fhir/Patient?judged", "", b"").refusal(), (503, "busy".to_owned()));
    let large = proxy(upstream.address, |s| (s.answer_bytes, s.held_bytes) = (100_000, 300_000));
    assert_eq!(large.ask("GET", "/fhir/Patient?judged", "", b"").status, 200);
}
