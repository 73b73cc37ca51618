//! Servers that are down, slow, or talk nonsense: the verdict is undetermined, quickly, and one issue says why.

use std::sync::Arc;
use std::time::{Duration, Instant};

use fhir_accord::app::{App, Request, Settings};
use fhir_accord::profiles::issue::{Report, RuleId, Verdict};
use fhir_accord::remote::terminology::{Fuse, Patience, Settings as Asking, TerminologyServer, TerminologyUrl};
use serde_json::{Value, json};

use super::patient;
use super::server::{Reply, Server, answer};

const KNOWN: &str = "http://tx.test/known";

/// Short times, so that the tests are.
fn hasty() -> Asking {
    let patience = Patience { request_ms: 400, backoff_ms: 1, longest_wait_ms: 20, ..Patience::default() };
    Asking { patience, fuse: Fuse { failures: 3, rest: Duration::from_millis(300) }, ..Asking::default() }
}

fn open(base: &str, settings: Asking) -> App {
    let server = TerminologyServer::new(TerminologyUrl::parse(base).unwrap(), settings).unwrap();
    let packages = vec!["hl7.fhir.r4.core#4.0.1".to_owned()];
    App::open(&Settings { packages, ..Settings::default() }).unwrap().with_answerer(Arc::new(server))
}

fn report(app: &App, instance: &Value) -> Report {
    app.validate(instance.to_string().as_bytes(), &Request::default()).unwrap()
}

/// What the one issue about the server says.
fn trouble(report: &Report) -> String {
    let told: Vec<&str> =
        report.issues.iter().filter(|i| i.rule == RuleId::TERMINOLOGY_SERVER).map(|i| i.text.as_str()).collect();
    assert_eq!((report.verdict, told.len(), report.issues.len()), (Verdict::Undetermined, 1, 1), "{report:?}");
    told[0].to_owned()
}

/// Two tags, so that a batch is made.
fn two() -> Value {
    let mut instance = patient(KNOWN, "good-a", None);
    let other = json!({"system": KNOWN, "code": "good-b"});
    instance["meta"]["tag"].as_array_mut().unwrap().push(other);
    instance
}

#[test]
fn nonsense_leaves_codes_open_and_says_so_once() {
    let html = Reply {
        status: 200,
        headers: "Content-Type: text/html\r\n".to_owned(),
        body: b"<html>".to_vec(),
        ..Reply::default()
    };
    let text = json!({"resourceType": "Parameters", "parameter": [{"name": "result", "valueString": "true"}]});
    let outcome = json!({"resourceType": "OperationOutcome", "issue": [{"details": {"text": "not today"}}]});
    let cut = Reply { cut: Some(9), ..Reply::of(200, &text) };
    let cases = [
        (html, "HTML page"),
        (Reply { body: b"{\"resourceType\": ".to_vec(), status: 200, ..Reply::default() }, "not JSON"),
        (cut, "breaks off"),
        (Reply::of(200, &json!({"resourceType": "Patient"})), "expected"),
        (Reply::of(200, &outcome), "OperationOutcome"),
        (Reply::of(200, &text), "`result`"),
        (Reply::of(200, &json!([1])), "not a JSON object"),
        (Reply::of(500, &outcome), "500"),
        (Reply::of(401, &outcome), "401"),
        (Reply::of(404, &outcome), "404 Not Found: not today"),
        (
            Reply { status: 302, headers: "Location: http://127.0.0.2:1/x\r\n".to_owned(), ..Reply::default() },
            "redirect to another host",
        ),
    ];
    for (reply, wanted) in cases {
        let server = Server::start(move |path, _, _| Some(reply.clone()).filter(|_| !path.is_empty()));
        let app = open(&server.base, hasty());
        let text = trouble(&report(&app, &patient(KNOWN, "good", None)));
        assert!(text.contains(&format!("terminology server `{}`", server.base)) && text.contains(wanted), "{text}");
        if wanted != "`result`" {
            trouble(&report(&app, &two()));
        }
    }
}

#[test]
fn a_server_that_is_not_there_is_told_with_its_address() {
    let app = open("http://me:s3cret@127.0.0.1:1/r4?key=s3cret", hasty());
    let text = trouble(&report(&app, &two()));
    assert!(text.contains("`http://127.0.0.1:1/r4`") && !text.contains("s3cret"), "{text}");
}

#[test]
fn a_slow_server_is_asked_once_and_left_alone() {
    let server = Server::start(|_, _, _| Some(Reply { delay_ms: 5_000, ..Reply::of(200, &json!({})) }));
    let app = open(&server.base, hasty());
    let started = Instant::now();
    let text = trouble(&report(&app, &patient(KNOWN, "good", None)));
    assert!(text.contains("no answer within 400 ms"), "{text}");
    for i in 0..20 {
        trouble(&report(&app, &patient(KNOWN, &format!("good-{i}"), None)));
    }
    assert!(started.elapsed() < Duration::from_secs(3), "{:?}", started.elapsed());
    assert!(server.requests().len() <= 8, "the breaker is open");
}

#[test]
fn what_passes_is_tried_again_and_waited_for() {
    for status in [429, 502, 503, 504] {
        let server = Server::start(move |_, _, before| {
            let headers = "Retry-After: 3600\r\n".to_owned();
            (before < 2).then(|| Reply { headers, ..Reply::of(status, &json!({})) })
        });
        let app = open(&server.base, hasty());
        assert_eq!(report(&app, &patient(KNOWN, "good", None)).verdict, Verdict::Valid);
        assert_eq!(server.requests().len(), 3, "{status}");
    }
    let server = Server::start(|_, _, _| Some(Reply::of(503, &json!({}))));
    let app = open(&server.base, hasty());
    assert!(trouble(&report(&app, &two())).contains("503"));
    assert_eq!(server.requests().len(), 3, "retries are bounded");
}

#[test]
fn the_breaker_opens_and_closes() {
    let server = Server::start(|_, _, before| (before < 3).then(|| Reply::of(500, &json!({}))));
    let app = open(&server.base, hasty());
    let one = |i: usize| report(&app, &patient(KNOWN, &format!("good-{i}"), None)).verdict;
    assert_eq!((0..10).map(one).filter(|v| *v == Verdict::Undetermined).count(), 10);
    assert_eq!(server.requests().len(), 3, "after three failures nothing is asked");
    std::thread::sleep(Duration::from_millis(350));
    // The server counts its requests anew: it fails three times more, the first of which opens the breaker again.
    assert_eq!((one(11), one(12)), (Verdict::Undetermined, Verdict::Undetermined));
    assert_eq!(server.requests().len(), 1);
}

#[test]
fn a_server_without_batches_is_asked_one_by_one() {
    for status in [400, 404, 405, 501] {
        let server = Server::start(move |path, _, _| {
            path.ends_with("/r4").then(|| Reply::of(status, &json!({"resourceType": "OperationOutcome"})))
        });
        let app = open(&server.base, hasty());
        assert_eq!(report(&app, &two()).verdict, Verdict::Valid);
        let mut wrong = two();
        wrong["meta"]["tag"][1]["code"] = "bad".into();
        assert_eq!(report(&app, &wrong).verdict, Verdict::Invalid);
        let paths: Vec<String> = server.requests().into_iter().map(|(path, _)| path).collect();
        let single = "/r4/CodeSystem/$validate-code";
        assert_eq!(paths, ["/r4", single, single, single], "{status}");
    }
}

#[test]
fn a_batch_with_faulty_entries_keeps_the_others() {
    let server = Server::start(|path, body, _| {
        let mut bundle = answer(path, body);
        let first = bundle.pointer_mut("/entry/0")?;
        *first = json!({"response": {"status": "404 Not Found", "outcome": {"resourceType": "OperationOutcome"}}});
        Some(Reply::of(200, &bundle))
    });
    let app = open(&server.base, hasty());
    let mut wrong = two();
    wrong["meta"]["tag"][1]["code"] = "bad".into();
    let found = report(&app, &wrong);
    let rules: Vec<RuleId> = found.issues.iter().map(|i| i.rule).collect();
    assert_eq!((found.verdict, rules.contains(&RuleId::CODE_UNKNOWN), rules.len()), (Verdict::Invalid, true, 2));
    // A Bundle with too few entries says nothing.
    let server = Server::start(|_, _, _| Some(Reply::of(200, &json!({"resourceType": "Bundle", "entry": []}))));
    assert!(trouble(&report(&open(&server.base, hasty()), &two())).contains("0 entries"));
}

#[test]
fn answers_are_kept_and_failures_are_not() {
    let server = Server::start(|_, _, before| (before == 0).then(|| Reply::of(500, &json!({}))));
    let app = open(&server.base, hasty());
    let instance = patient(KNOWN, "good", Some("Right"));
    assert_eq!(report(&app, &instance).verdict, Verdict::Undetermined);
    for _ in 0..5 {
        assert_eq!(report(&app, &instance).verdict, Verdict::Valid);
    }
    assert_eq!(server.requests().len(), 2);
    report(&app, &patient(KNOWN, "good", Some("Wrong")));
    assert_eq!(server.requests().len(), 1, "another display is another question");
    let short = open(&server.base, Asking { life: Duration::ZERO, ..hasty() });
    report(&short, &instance);
    std::thread::sleep(Duration::from_millis(1_100));
    report(&short, &instance);
    assert_eq!(server.requests().len(), 2, "answers have a life");
}

#[test]
fn a_bare_no_is_asked_again_without_the_display_and_holds_for_known_systems() {
    // As servers answer that do not say what is wrong.
    let server = Server::start(|path, body, _| {
        let mut told = answer(path, body);
        told["parameter"].as_array_mut()?.retain(|p| p["name"] == "result" || p["name"] == "display");
        Some(Reply::of(200, &told))
    });
    let app = open(&server.base, hasty());
    let found = report(&app, &patient(KNOWN, "good", Some("Wrong")));
    assert_eq!((found.verdict, found.issues[0].rule), (Verdict::Valid, RuleId::DISPLAY));
    let found = report(&app, &patient(KNOWN, "bad", Some("Wrong")));
    assert_eq!((found.verdict, found.issues[0].rule), (Verdict::Invalid, RuleId::CODE_UNKNOWN));
    // A no about a system that the server does not have says nothing of the code.
    server.requests();
    for code in ["bad", "worse"] {
        let found = report(&app, &patient("http://tx.test/nobody-knows", code, None));
        assert_eq!((found.verdict, found.issues.len()), (Verdict::Valid, 0));
    }
    let searches = || server.requests().iter().filter(|(path, _)| path.contains("CodeSystem?url=")).count();
    assert_eq!(searches(), 1);
    let short = open(&server.base, Asking { life: Duration::ZERO, ..hasty() });
    report(&short, &patient("http://tx.test/nobody-knows", "bad", None));
    std::thread::sleep(Duration::from_millis(1_100));
    report(&short, &patient("http://tx.test/nobody-knows", "worse", None));
    assert_eq!(searches(), 2, "what a server has is asked again after the life of an answer");
}
