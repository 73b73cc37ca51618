//! Parties at a URL: fetched at once, again and again by the clock, and when asked for; failures are told by kind.

use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use fhir_accord::store::Store;
use serde_json::{Value, json};

use super::{service, statement};

/// A FHIR server on loopback: what it says, and how often it was asked.
struct StandIn {
    address: SocketAddr,
    /// The body of its statement; `None`: it answers 500.
    says: Arc<Mutex<Option<String>>>,
    asked: Arc<AtomicUsize>,
    /// How many requests it serves now, and how many it served at once at most.
    now: Arc<[AtomicUsize; 2]>,
}

impl StandIn {
    fn start(pause: Duration) -> StandIn {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let stand_in = StandIn {
            address: listener.local_addr().unwrap(),
            says: Arc::new(Mutex::new(Some(statement("server", &["read"]).to_string()))),
            asked: Arc::default(),
            now: Arc::default(),
        };
        let (says, asked, now) = (stand_in.says.clone(), stand_in.asked.clone(), stand_in.now.clone());
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let (says, asked, now) = (says.clone(), asked.clone(), now.clone());
                std::thread::spawn(move || {
                    let mut stream = stream.unwrap();
                    let lines = BufReader::new(stream.try_clone().unwrap()).lines();
                    let head: Vec<String> = lines.map_while(Result::ok).take_while(|l| !l.is_empty()).collect();
                    let Some(first) = head.first() else { return };
                    let body = if first.contains("/metadata") { says.lock().unwrap().clone() } else { None };
                    if first.contains("/metadata") {
                        asked.fetch_add(1, Ordering::SeqCst);
                    }
                    let running = now[0].fetch_add(1, Ordering::SeqCst) + 1;
                    now[1].fetch_max(running, Ordering::SeqCst);
                    std::thread::sleep(pause);
                    let (status, body) = match (first.contains("/metadata"), body) {
                        (true, Some(body)) => ("200 OK", body),
                        (true, None) => ("500 Internal Server Error", String::new()),
                        _ => ("404 Not Found", String::new()),
                    };
                    let head =
                        format!("HTTP/1.1 {status}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n", body.len());
                    now[0].fetch_sub(1, Ordering::SeqCst);
                    let _ = stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(body.as_bytes()));
                });
            }
        });
        stand_in
    }

    fn says(&self, body: Option<Value>) {
        *self.says.lock().unwrap() = body.map(|b| b.to_string());
    }

    fn url(&self) -> String {
        format!("http://{}/fhir", self.address)
    }

    fn settings(&self) -> Value {
        json!({"partyHosts": [self.address.to_string()], "partyPrivateAddresses": true})
    }
}

#[test]
fn a_party_is_fetched_at_once_and_again_by_the_clock() {
    let ehr = StandIn::start(Duration::ZERO);
    let (server, clock) = service(ehr.settings(), Store::temporary().unwrap());
    let body = json!({"url": format!("{}?key=hidden", ehr.url()), "refreshSeconds": 600});
    let made = server.put_party("ehr", &body);
    assert_eq!(made.status, 201, "{}", String::from_utf8_lossy(&made.body));
    server.fits("party.json", &made.json());
    let told = server.until("/parties/ehr", |party| party["sha256"].is_string());
    server.fits("party.json", &told);
    assert_eq!(told["url"], format!("{}/metadata", ehr.url()), "a query is not shown");
    assert_eq!(told["state"]["lastSuccess"], "2023-11-14T22:13:20Z");
    assert_eq!(told["documents"]["statement"], statement("server", &["read"]));
    server.has_party("app", "client", &["read"]);
    let between = json!({"client": {"party": "app"}, "server": {"party": "ehr"}}).to_string();
    let place = server.ask_as("secret", "POST", "/negotiate", between).header("content-location").unwrap().to_owned();
    let asked = ehr.asked.load(Ordering::SeqCst);
    ehr.says(Some(statement("server", &["create"])));
    clock.set(1_700_000_000 + 500);
    std::thread::sleep(Duration::from_millis(600));
    assert_eq!(ehr.asked.load(Ordering::SeqCst), asked, "it is not due yet");
    clock.set(1_700_000_000 + 700);
    let drift = server.until(&format!("{place}/drift"), |d| d["drift"] != json!([]));
    assert_eq!(drift["drift"][0]["verdict"], json!({"from": "compatible", "to": "incompatible"}));
    let history = server.get("/parties/ehr/history").json();
    assert_eq!((&history["history"][0]["by"], history["history"].as_array().unwrap().len()), (&json!("refresh"), 2));
    let metrics = String::from_utf8_lossy(&server.get("/metrics").body).into_owned();
    assert!(metrics.contains(r#"accord_party_fetches_total{result="changed"} 2"#), "{metrics}");
    assert!(!metrics.contains("ehr") && !metrics.contains("127.0.0.1"));
}

#[test]
fn failures_are_told_by_kind_and_keep_what_was_there() {
    let ehr = StandIn::start(Duration::ZERO);
    let (server, clock) = service(ehr.settings(), Store::temporary().unwrap());
    assert_eq!(server.put_party("ehr", &json!({"url": ehr.url(), "refreshSeconds": 0})).status, 201);
    let had = server.until("/parties/ehr", |party| party["sha256"].is_string());
    assert_eq!(had["state"]["nextRefresh"], Value::Null, "it is fetched when it is asked for");
    for (says, kind) in [
        (None, "status"),
        (Some(json!({"resourceType": "Patient"})), "not-a-statement"),
        (Some(json!([1])), "not-json"),
    ] {
        ehr.says(says);
        let answer = server.ask_as("secret", "POST", "/parties/ehr/refresh", "");
        assert_eq!((answer.status, answer.codes()), (502, vec!["party-unread".to_owned()]));
        let told = server.get("/parties/ehr").json();
        server.fits("party.json", &told);
        assert_eq!((&told["state"]["lastFailure"]["kind"], &told["sha256"]), (&json!(kind), &had["sha256"]));
        assert_eq!(told["documents"], had["documents"]);
    }
    // What is fetched when it is asked for alone is not tried again by itself.
    let (told, asked) = (server.get("/parties/ehr").json(), ehr.asked.load(Ordering::SeqCst));
    assert_eq!(told["state"]["nextRefresh"], Value::Null);
    ehr.says(Some(statement("server", &["create"])));
    clock.set(1_700_000_000 + 8_000);
    std::thread::sleep(Duration::from_millis(600));
    assert_eq!(ehr.asked.load(Ordering::SeqCst), asked);
    // Anything else is.
    ehr.says(None);
    assert_eq!(server.put_party("ehr", &json!({"url": ehr.url(), "refreshSeconds": 600})).status, 200);
    let failed = server.until("/parties/ehr", |party| party["state"]["lastFailure"].is_object());
    assert!(failed["state"]["nextRefresh"].is_string());
    ehr.says(Some(statement("server", &["create"])));
    clock.set(1_700_000_000 + 8_300);
    server.until("/parties/ehr", |party| party["sha256"] != had["sha256"]);
    ehr.says(Some(statement("server", &["read"])));
    let answer = server.ask_as("secret", "POST", "/parties/ehr/refresh", "");
    assert_eq!((answer.status, &answer.json()["sha256"]), (200, &had["sha256"]));
    // Put as it was, what was fetched stays; put elsewhere it does not.
    server.put_party("ehr", &json!({"url": ehr.url(), "scope": "patient/*.r"}));
    let told = server.until("/parties/ehr", |party| party["state"]["lastSuccess"].is_string());
    assert_eq!(told["documents"]["scope"], "patient/*.r");
    ehr.says(None);
    let other = server.put_party("ehr", &json!({"url": format!("{}/other", ehr.url())}));
    assert_eq!((other.status, &other.json()["sha256"]), (200, &Value::Null));
    server.has_party("app", "client", &["read"]);
    let between = json!({"client": {"party": "app"}, "server": {"party": "ehr"}}).to_string();
    assert_eq!(server.ask_as("secret", "POST", "/negotiate", between).codes(), ["conflict"]);
}

#[test]
fn what_leads_inside_is_not_fetched() {
    let ehr = StandIn::start(Duration::ZERO);
    // The name answers loopback; it is in the list, and addresses that are not public are not allowed.
    let hosts = json!({"partyHosts": [format!("localhost:{}", ehr.address.port())]});
    let (server, _) = service(hosts, Store::temporary().unwrap());
    let url = format!("http://localhost:{}/fhir", ehr.address.port());
    assert_eq!(server.put_party("ehr", &json!({"url": url})).status, 201);
    let told = server.until("/parties/ehr", |party| party["state"]["lastFailure"].is_object());
    assert_eq!(told["state"]["lastFailure"]["kind"], "address-refused");
    assert_eq!(ehr.asked.load(Ordering::SeqCst), 0);
}

#[test]
fn a_few_are_fetched_at_once_and_nothing_waits_for_them() {
    let ehr = StandIn::start(Duration::from_millis(400));
    let (server, _) = service(ehr.settings(), Store::temporary().unwrap());
    for i in 0..12 {
        assert_eq!(server.put_party(&format!("p{i}"), &json!({"url": ehr.url()})).status, 201);
    }
    let started = std::time::Instant::now();
    assert_eq!(server.get("/health/live").status, 200);
    assert_eq!(server.get("/parties?count=1").json()["total"], 12);
    assert!(started.elapsed() < Duration::from_secs(2));
    for i in 0..12 {
        server.until(&format!("/parties/p{i}"), |party| party["sha256"].is_string());
    }
    let most = ehr.now[1].load(Ordering::SeqCst);
    assert!((2..=4).contains(&most), "{most} at once");
}
