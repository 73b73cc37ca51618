//! What operators expect: HEAD, metrics, an access log, a stop in order.

use crate::program::Process;
use serde_json::json;

use crate::support::{PATIENT, shared, with};

#[test]
fn head_is_where_get_is() {
    for path in ["/health/live", "/metadata", "/rules", "/packages", "/openapi.json", "/metrics"] {
        let (get, head) = (shared().get(path), shared().ask("HEAD", path, &[], b""));
        assert_eq!((head.status, head.body.len()), (200, 0), "{path}");
        assert_eq!(head.header("content-type"), get.header("content-type"), "{path}");
        if path != "/metrics" {
            assert_eq!(head.header("content-length"), get.header("content-length"), "{path}");
        }
    }
    assert_eq!(shared().ask("HEAD", "/nothing", &[], b"").status, 404);
    assert_eq!(shared().ask("HEAD", "/$validate", &[], b"").status, 405);
}

#[test]
fn metrics_name_no_instance() {
    let secret = PATIENT.replace("p1", "secret-id").replace("female", "secret-value");
    assert_eq!(shared().post("/Patient/secret-id/$validate", &secret).verdict(), "invalid");
    let answer = shared().get("/metrics");
    assert!(answer.header("content-type").unwrap().starts_with("application/openmetrics-text"));
    let text = String::from_utf8(answer.body).unwrap();
    for part in [
        "accord_http_requests_total{method=\"POST\",route=\"/{type:",
        "accord_http_request_duration_seconds_bucket{le=",
        "accord_validations_total{verdict=\"invalid\"}",
        "accord_issues_total{rule=\"binding-required\"}",
        "accord_work_waiting{lane=\"bulk\"} 0",
        "accord_cached_plans ",
        "accord_bodies_bytes 0",
        "accord_ready 1",
        "accord_build_info{version=",
    ] {
        assert!(text.contains(part), "{part}\n{text}");
    }
    assert!(!text.contains("secret") && text.ends_with("# EOF\n"), "{text}");
}

#[test]
fn the_log_tells_the_start_and_each_request() {
    let folder = tempfile::tempdir().unwrap();
    let process = Process::with(folder.path(), &["--health-listen", "127.0.0.1:0"]);
    assert_eq!(process.post("/$validate", PATIENT).verdict(), "valid");
    assert_eq!(process.get("/health/live").status, 200);
    let log = process.kill();
    assert!(!log.contains('\u{1b}'), "{log}");
    for part in [env!("CARGO_PKG_VERSION"), "127.0.0.1:", "hl7.fhir.r4.core#4.0.1", "body_bytes", "/$validate"] {
        assert!(log.contains(part), "{part}\n{log}");
    }
    let requests: Vec<&str> = log.lines().filter(|l| l.contains("route=")).collect();
    assert!(requests.len() == 1 && requests[0].contains("status=200"), "{requests:?}");
    assert!(log.contains("Token(…)") && !log.contains("\"secret\""), "{log}");
}

#[test]
fn only_proxies_say_how_clients_reach_the_service() {
    let forwarded = [("x-forwarded-host", "public.example"), ("x-forwarded-proto", "https")];
    let url = |proxies: serde_json::Value| {
        let server = with(json!({"workers": 1, "trustedProxies": proxies}));
        server.ask("GET", "/metadata", &forwarded, b"").json()["implementation"]["url"].clone()
    };
    assert_eq!(url(json!([])), "http://test.example");
    assert_eq!(url(json!(["192.0.2.0/24"])), "http://test.example");
    assert_eq!(url(json!(["127.0.0.1"])), "https://public.example");
}

/// A port that was free a moment ago.
#[cfg(unix)]
pub fn free_port() -> u16 {
    std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

#[cfg(unix)]
#[test]
fn a_signal_turns_readiness_off_and_waits_no_longer_than_the_grace() {
    use std::io::Write;
    use std::net::{SocketAddr, TcpStream};
    use std::time::{Duration, Instant};

    let folder = tempfile::tempdir().unwrap();
    let settings = folder.path().join("settings.json");
    std::fs::write(&settings, r#"{"limits": {"shutdownTimeoutMs": 3000}}"#).unwrap();
    let health = format!("127.0.0.1:{}", free_port());
    let options = ["--health-listen", &health, "--config", settings.to_str().unwrap()];
    let mut process = Process::with(&folder.path().join("data"), &options);
    let health: SocketAddr = health.parse().unwrap();
    let ready = || {
        let answer = crate::support::ask(health, "GET", "/health/ready", &[], b"");
        (answer.status, answer.json()["status"].as_str().unwrap().to_owned())
    };
    let started = Instant::now();
    while ready().0 != 200 {
        assert!(started.elapsed() < Duration::from_secs(120), "never ready");
        std::thread::sleep(Duration::from_millis(20));
    }
    // A request that never ends by itself.
    let mut open = TcpStream::connect(process.address).unwrap();
    open.write_all(b"POST /$validate HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\n{").unwrap();
    std::thread::sleep(Duration::from_millis(200));
    std::process::Command::new("kill").args(["-TERM", &process.child.id().to_string()]).status().unwrap();
    let told = Instant::now();
    while ready() != (503, "stopping".to_owned()) {
        assert!(told.elapsed() < Duration::from_secs(2), "still ready");
        std::thread::sleep(Duration::from_millis(5));
    }
    assert_eq!(process.child.wait().unwrap().code(), Some(0));
    assert!(told.elapsed() < Duration::from_secs(20), "{:?}", told.elapsed());
    assert!(process.logged().contains("stopping"));
}
