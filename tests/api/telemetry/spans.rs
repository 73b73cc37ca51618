//! Spans at a collector, and without one.

use std::net::{SocketAddr, TcpListener};
use std::time::{Duration, Instant};

use fhir_accord::config::Config;
use fhir_accord::store::Store;
use serde_json::{Value, json};

use super::{PARENT, TRACE, collector};
use crate::support::{PATIENT, Server, TestLoader, serve};

/// A service that hands spans to this address.
fn exporting(address: SocketAddr) -> Server {
    let endpoint = format!("http://{address}");
    let variable = |name: &str| match name {
        "OTEL_EXPORTER_OTLP_ENDPOINT" => Some(endpoint.clone()),
        "OTEL_EXPORTER_OTLP_HEADERS" => Some("x-key=secret".to_owned()),
        "OTEL_BSP_SCHEDULE_DELAY" => Some("50".to_owned()),
        "OTEL_SERVICE_NAME" => Some("under test".to_owned()),
        _ => None,
    };
    let config = Config::load(None, json!({"listen": "127.0.0.1:0"}), &variable).unwrap();
    serve(config, Store::temporary().unwrap(), TestLoader { embedded: false })
}

fn attribute(span: &Value, name: &str) -> Value {
    let all = span["attributes"].as_array().unwrap();
    all.iter().find(|a| a["key"] == name).map_or(Value::Null, |a| a["value"].clone())
}

#[test]
fn spans_reach_a_collector() {
    let (address, received) = collector();
    let server = exporting(address);
    let large = PATIENT.replace(">A<", &format!(">{}<", "x".repeat(40_000)));
    let headers = [("traceparent", PARENT), ("tracestate", "a=1")];
    let answer = server.ask("POST", "/$validate?profile=http://secret.example/profile", &headers, b"secret");
    assert_eq!(answer.status, 422);
    assert_eq!(server.ask("POST", "/$validate", &headers, large.as_bytes()).verdict(), "valid");
    assert_eq!(server.get("/health/live").status, 200);
    let mut spans: Vec<Value> = Vec::new();
    let of_requests = |spans: &[Value]| spans.iter().filter(|s| s["kind"] == 2).count();
    while of_requests(&spans) < 2 {
        let (head, body) = received.recv_timeout(Duration::from_secs(30)).unwrap();
        assert!(head.starts_with("POST /v1/traces HTTP/1.1") && head.contains("x-key: secret"), "{head}");
        assert!(head.contains("content-type: application/json"), "{head}");
        let all = &body["resourceSpans"][0];
        assert_eq!(attribute(&all["resource"], "service.name"), json!({"stringValue": "under test"}));
        assert!(!all["scopeSpans"].to_string().contains("secret"), "{all}");
        spans.extend(all["scopeSpans"][0]["spans"].as_array().unwrap().iter().cloned());
    }
    assert!(spans.iter().all(|s| s["traceId"] == TRACE && s["traceState"] == "a=1"), "{spans:?}");
    let status = |code: &str| {
        let span = spans.iter().find(|s| attribute(s, "http.response.status_code") == json!({"intValue": code}));
        span.unwrap_or_else(|| panic!("{code}: {spans:?}")).clone()
    };
    let (refused, valid) = (status("422"), status("200"));
    assert_eq!(attribute(&refused, "error.type"), json!({"stringValue": "profile-unknown"}));
    assert_eq!((&valid["name"], &valid["parentSpanId"]), (&json!("POST /$validate"), &json!("00f067aa0ba902b7")));
    let work = spans.iter().find(|s| s["name"] == "work" && s["parentSpanId"] == valid["spanId"]);
    assert_eq!(work.map(|w| w["kind"].clone()), Some(json!(1)), "{spans:?}");
    let metrics = String::from_utf8(server.get("/metrics").body).unwrap();
    assert!(metrics.contains("accord_spans_dropped_total 0"), "{metrics}");
}

#[test]
fn a_collector_that_is_away_delays_nobody() {
    // Takes connections, and says nothing.
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let server = exporting(listener.local_addr().unwrap());
    let started = Instant::now();
    for _ in 0..50 {
        assert_eq!(server.get("/rules").status, 200);
    }
    assert!(started.elapsed() < Duration::from_secs(5), "{:?}", started.elapsed());
    drop(listener);
    let begun = Instant::now();
    loop {
        assert_eq!(server.get("/rules").status, 200);
        std::thread::sleep(Duration::from_millis(100));
        let metrics = String::from_utf8(server.get("/metrics").body).unwrap();
        if !metrics.contains("accord_spans_dropped_total 0") {
            break;
        }
        assert!(begun.elapsed() < Duration::from_secs(60), "{metrics}");
    }
}
