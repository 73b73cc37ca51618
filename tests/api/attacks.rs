//! Attacks on the service as a whole: what one client does must not keep others waiting, nor hold what it does not use.

use std::io::Write;
use std::net::TcpStream;
use std::sync::Mutex;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use serde_json::json;

use crate::support::{ENDLESS, PATIENT, Server, ask, parameters, read_answer, shared, with};

/// Those who count validations that never end do so one after another.
static COUNTED: Mutex<()> = Mutex::new(());

/// A body whose validation ends only when it is broken off, too large for a worker.
fn endless() -> String {
    format!("{{\"endless\":\"{}\"}}", "x".repeat(2000))
}

/// Sends a request and waits for nothing.
fn send(server: &Server, path: &str, headers: &str, body: &str) -> TcpStream {
    let mut stream = TcpStream::connect(server.address).unwrap();
    let head = format!("POST {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n{headers}");
    stream.write_all(format!("{head}content-length: {}\r\n\r\n{body}", body.len()).as_bytes()).unwrap();
    stream
}

/// Waits until so many validations that never end are running.
fn until_running(wanted: usize) {
    let started = Instant::now();
    while ENDLESS.load(Ordering::SeqCst) != wanted {
        assert!(started.elapsed() < Duration::from_secs(30), "{} are running", ENDLESS.load(Ordering::SeqCst));
        std::thread::sleep(Duration::from_millis(2));
    }
}

fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, |n| n.get())
}

#[test]
fn who_leaves_gives_its_place_back() {
    let _counted = COUNTED.lock();
    let server = with(json!({"workers": 1, "limits": {"inlineBytes": 1000, "workTimeoutMs": 600_000}}));
    for _ in 0..3 {
        let open: Vec<TcpStream> = (0..cores()).map(|_| send(&server, "/$validate", "", &endless())).collect();
        until_running(cores());
        drop(open);
        until_running(0);
    }
    let metrics = String::from_utf8(server.get("/metrics").body).unwrap();
    let left = format!("accord_http_requests_left_total {}", 3 * cores());
    assert!(metrics.contains(&left), "{left}\n{metrics}");
    let text = "x".repeat(2000);
    let large = PATIENT.replace(">A<", &format!(">{text}<"));
    assert_eq!(server.post("/$validate", large).verdict(), "valid");
}

#[test]
fn work_whose_time_is_up_is_told_and_gone() {
    let _counted = COUNTED.lock();
    let server = with(json!({"workers": 1, "limits": {"inlineBytes": 1000, "workTimeoutMs": 200}}));
    let open: Vec<TcpStream> = (0..3 * cores()).map(|_| send(&server, "/$validate", "", &endless())).collect();
    for mut stream in open {
        let answer = read_answer(&mut stream);
        assert!(matches!(answer.status, 200 | 503), "{}", answer.head);
    }
    until_running(0);
}

#[test]
fn a_large_bundle_is_undetermined_when_its_time_is_up() {
    let one = r#"{"resource":{"resourceType":"Patient","name":[{"family":"a","given":["b"]}]}}"#;
    let body = format!(
        r#"{{"resourceType":"Bundle","type":"collection","entry":[{}]}}"#,
        std::iter::repeat_n(one, 100_000).collect::<Vec<_>>().join(",")
    );
    let server = with(json!({"workers": 1, "limits": {"workTimeoutMs": 5}}));
    let answer = server.post("/$validate", body);
    let outcome = answer.json();
    assert!(matches!(answer.status, 200 | 503), "{}", answer.head);
    assert!(outcome["meta"]["tag"][0]["code"] != "valid", "{outcome}");
    let codes = answer.codes();
    assert!(codes.iter().any(|c| c == "limit-time" || c == "timeout"), "{codes:?}");
    assert!(answer.status == 200 || answer.header("retry-after").is_some(), "{}", answer.head);
}

#[test]
fn one_client_does_not_starve_another() {
    let _counted = COUNTED.lock();
    let server = with(json!({"workers": 1, "trustedProxies": ["127.0.0.0/8"],
        "limits": {"inlineBytes": 1000, "workTimeoutMs": 600_000}}));
    let from = |client: &str| format!("x-forwarded-for: {client}\r\n");
    let open: Vec<TcpStream> =
        (0..4 * cores()).map(|_| send(&server, "/$validate", &from("192.0.2.1"), &endless())).collect();
    until_running(cores());
    let large = PATIENT.replace(">A<", &format!(">{}<", "x".repeat(2000)));
    let answer = read_answer(&mut send(&server, "/$validate", &from("192.0.2.2"), &large));
    assert_eq!(answer.verdict(), "valid");
    drop(open);
    until_running(0);
}

#[test]
fn health_is_answered_by_threads_of_its_own() {
    let _counted = COUNTED.lock();
    let server = with(json!({"workers": 1, "healthListen": "127.0.0.1:0",
        "limits": {"inlineBytes": 1000, "workTimeoutMs": 600_000}}));
    let health = server.health.unwrap();
    let open: Vec<TcpStream> = (0..2 * cores()).map(|_| send(&server, "/$validate", "", &endless())).collect();
    until_running(cores());
    let metrics = ask(health, "GET", "/metrics", &[], b"");
    let text = String::from_utf8(metrics.body).unwrap();
    let running = format!(r#"accord_work_running{{lane="small"}} {}"#, cores());
    let waiting = format!(r#"accord_work_waiting{{lane="small"}} {}"#, cores());
    assert!(text.contains(&running) && text.contains(&waiting), "{text}");
    assert_eq!(ask(health, "GET", "/health/live", &[], b"").status, 200);
    assert_eq!(ask(health, "HEAD", "/health/live", &[], b"").status, 200);
    assert_eq!(ask(health, "GET", "/rules", &[], b"").status, 404);
    drop(open);
    until_running(0);
}

#[test]
fn many_small_parts_are_no_small_body() {
    let objects = format!("[{}]", vec!["{}"; 10_000].join(","));
    assert!(objects.len() < 32 << 10);
    let bodies = [
        ("/satisfies", format!(r#"{{"packages":{objects},"left":"a","right":"b"}}"#)),
        ("/diff", format!(r#"{{"packages":{objects},"old":"a","new":"b"}}"#)),
        ("/negotiate", format!(r#"{{"packages":{objects},"client":"ig:a","server":"ig:a"}}"#)),
    ];
    for (path, body) in bodies {
        let answer = shared().post(path, body);
        assert_eq!(answer.status, 422, "{path}");
        let issues = answer.json()["issue"].as_array().unwrap().len();
        assert!(issues <= 101 && answer.body.len() < 100_000, "{path}: {issues} issues, {} bytes", answer.body.len());
    }
    let members = format!(r#"{{"packages":[{}]}}"#, vec!["1"; 2_100_000].join(","));
    let answer = shared().post("/satisfies", members);
    assert_eq!((answer.status, answer.codes()), (413, vec!["limit-nodes".to_owned()]));
}

#[test]
fn patterns_that_an_expression_makes_have_a_bound() {
    let some = |from: usize| (from..from + 50).map(|i| i.to_string()).collect::<Vec<_>>().join("|");
    let patterns = format!("({}).select('(\\\\w{{12}}|x' & $this.toString() & '){{2}}')", some(1));
    let ends = format!("({}).select($this.toString())", some(1));
    let expression = format!("{patterns}.select({ends}.select('abc'.matches(%context.id & $this))).count()");
    let asked = json!({"name": "expression", "valueString": expression});
    let answer = shared().post("/$fhirpath", parameters(Some(PATIENT), &asked.to_string()));
    assert!(matches!(answer.status, 200 | 422), "{}", String::from_utf8_lossy(&answer.body));
    let long = json!({"name": "expression", "valueString": format!("'a'.matches('{}')", "a".repeat(40_000))});
    let answer = shared().post("/$fhirpath", parameters(Some(PATIENT), &long.to_string()));
    assert_eq!(answer.status, 422);
    assert!(answer.json().to_string().contains("size limit"));
}

#[test]
fn an_operator_bounds_the_work_on_an_instance() {
    for (limits, status, code) in
        [(json!({"visits": 5}), 200, "limit-visits"), (json!({"elements": 5}), 413, "limit-nodes")]
    {
        let server = with(json!({"workers": 1, "limits": limits}));
        for path in ["/$validate", "/$validate?preset=hl7"] {
            let answer = server.post(path, PATIENT);
            let verdict = answer.json()["meta"]["tag"][0]["code"].clone();
            assert_eq!((answer.status, verdict.as_str()), (status, Some("undetermined")), "{path}");
            assert_eq!(answer.codes(), [code], "{path}");
        }
    }
}
