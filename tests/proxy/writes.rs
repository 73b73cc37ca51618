//! Writes that change what is there: what is there is judged, too.

use crate::support::{Proxy, proxy};
use crate::upstream::{Answer, Seen, Upstream, json, with};

const JSON: &str = "content-type: application/fhir+json\r\n";

/// The status and rule of an update, when what is there is answered so, and what the server was sent.
fn update(standing: fn(&Seen) -> Answer, headers: &str) -> (String, Vec<Seen>, Proxy) {
    let upstream = Upstream::start(move |asked| match asked.line.starts_with("GET ") {
        true => standing(asked),
        false => json(200, "{}"),
    });
    let proxy = proxy(upstream.address, |s| s.answer_bytes = 1000);
    let (status, rule) = match proxy.ask("PUT", "/fhir/Patient/1", &format!("{JSON}{headers}"), b"{}") {
        answer if answer.status == 200 => (200, String::new()),
        answer => answer.refusal(),
    };
    (format!("{status} {rule}"), upstream.seen(), proxy)
}

#[test]
fn an_update_is_made_on_the_version_that_was_judged() {
    let standing = |_: &Seen| with(200, &format!("{JSON}etag: W/\"7\"\r\n"), b"{}");
    let (told, seen, proxy) = update(standing, "");
    assert_eq!(told, "200 ");
    assert_eq!(seen[0].line, "GET /fhir/Patient/1 HTTP/1.1");
    let own = seen[1].header("authorization");
    assert!(own.is_some() && seen[0].header("authorization") == own);
    assert_eq!((seen[1].line.as_str(), seen[1].header("if-match")), ("PUT /fhir/Patient/1 HTTP/1.1", Some("W/\"7\"")));
    drop(proxy);
    assert_eq!(update(standing, "if-match: W/\"7\"\r\n").0, "200 ");
    let (told, seen, _proxy) = update(standing, "if-match: W/\"8\"\r\n");
    assert_eq!((told.as_str(), seen.len()), ("412 version", 1));
    let (told, seen, _proxy) = update(standing, "if-match: W/\"7\"\r\nif-match: W/\"8\"\r\n");
    assert_eq!((told.as_str(), seen.len()), ("400 header-twice", 0));
}

#[test]
fn who_may_not_change_it_does_not_learn_its_version() {
    let standing = |_: &Seen| with(200, &format!("{JSON}etag: W/\"7\"\r\n"), b"\"secret\"");
    for version in ["7", "8"] {
        assert_eq!(update(standing, &format!("if-match: W/\"{version}\"\r\n")).0, "403 old");
    }
}

#[test]
fn what_stands_is_read_as_whom_the_write_is_made() {
    let upstream = Upstream::start(|asked| json(if asked.line.starts_with("GET ") { 404 } else { 201 }, "{}"));
    let proxy = proxy(upstream.address, |s| s.pass_header("x-tenant").unwrap());
    let own = format!("{JSON}x-tenant: a\r\ncookie: b=1\r\nprefer: return=minimal\r\nif-none-match: *\r\n");
    assert_eq!(proxy.ask("PUT", "/fhir/Patient/1", &own, b"{}").status, 201);
    let seen = upstream.seen();
    for sent in &seen {
        assert_eq!((sent.header("x-tenant"), sent.header("cookie")), (Some("a"), Some("b=1")));
    }
    for name in ["content-type", "content-length", "prefer", "if-none-match"] {
        assert_eq!((seen[0].header(name), seen[1].header(name).is_some()), (None, true), "{name}");
    }
}

#[test]
fn what_is_not_there_can_be_made() {
    for status in [404, 410] {
        let standing = match status {
            404 => |_: &Seen| json(404, "{}"),
            _ => |_: &Seen| json(410, "{}"),
        };
        let (told, seen, _proxy) = update(standing, "");
        assert_eq!((told.as_str(), seen[1].header("if-match")), ("200 ", None));
    }
}

#[test]
fn what_cannot_be_seen_is_not_changed() {
    type Case = (fn(&Seen) -> Answer, &'static str);
    let cases: [Case; 7] = [
        (|_| json(200, "\"secret\""), "403 old"),
        (|_| json(403, "{}"), "403 old-state"),
        (|_| json(500, "{}"), "403 old-state"),
        (|_| with(302, "location: /\r\n", b""), "403 old-state"),
        (|_| with(200, "content-type: text/html\r\n", b"{}"), "403 old-state"),
        (|_| json(200, &" ".repeat(2000)), "403 answer-too-large"),
        (|_| (Vec::new(), true), "502 upstream-cut"),
    ];
    for (standing, expected) in cases {
        let (told, seen, _proxy) = update(standing, "");
        assert_eq!(told, expected);
        assert!(seen.iter().all(|s| s.line.starts_with("GET ")), "{expected}");
    }
}

#[test]
fn only_one_resource_can_be_judged_as_it_stands() {
    let upstream = Upstream::start(|_| json(200, "{}"));
    let proxy = proxy(upstream.address, |_| {});
    for path in
        ["/fhir/Patient?identifier=1", "/fhir/Patient", "/fhir/Patient/1/_history/2", "/fhir/patient/1", "/fhir"]
    {
        assert_eq!(proxy.ask("PUT", path, JSON, b"{}").refusal(), (403, "old-state".to_owned()), "{path}");
        assert_eq!(proxy.ask("DELETE", path, "", b"").refusal(), (403, "old-state".to_owned()), "{path}");
    }
    assert_eq!(upstream.seen().len(), 0);
}
