//! Heads that are none.

use std::io::Write;
use std::net::TcpStream;
use std::time::{Duration, Instant};

use serde_json::json;

use super::send;
use crate::support::{Answer, read_answer, shared, with};

fn told(answer: &Answer, status: u16, code: &str) {
    assert_eq!((answer.status, answer.codes()), (status, vec![code.to_owned()]), "{}", answer.head);
    assert_eq!(answer.header("content-type"), Some("application/fhir+json; charset=utf-8"));
    assert_eq!(answer.header("connection"), Some("close"));
    assert_eq!(answer.header("content-length"), Some(&*answer.body.len().to_string()));
    assert_eq!(answer.header("x-request-id").map(str::len), Some(36), "{}", answer.head);
    assert!(answer.header("date").is_some(), "{}", answer.head);
}

#[test]
fn what_is_no_request() {
    for bytes in [
        &b"\x16\x03\x01\x02\x00 hello\r\n\r\n"[..],
        b"GET\r\n\r\n",
        b"GET / HTTP/1.1\r\nx: \x00\r\n\r\n",
        b"GET / HTTP/1.1\r\nno colon\r\n\r\n",
        b"POST /$validate HTTP/1.1\r\nhost: x\r\ncontent-length: -1\r\n\r\n",
        b"POST /$validate HTTP/1.1\r\nhost: x\r\ncontent-length: many\r\n\r\n",
        b"POST /$validate HTTP/1.1\r\nhost: x\r\ncontent-length: 2\r\ncontent-length: 3\r\n\r\n{}}",
        b"POST /$validate HTTP/1.1\r\nhost: x\r\ncontent-length: 2\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n",
        b"GET /metadata HTTP/1.1\r\nhost: a\r\nhost: b\r\n\r\n",
    ] {
        told(&send(shared(), bytes), 400, "request-malformed");
    }
    assert_eq!(shared().get("/health/live").status, 200);
}

#[test]
fn a_head_without_end_is_too_large() {
    let long = format!("GET /{} HTTP/1.1\r\nhost: x\r\n\r\n", "x".repeat(200 << 10));
    told(&send(shared(), long.as_bytes()), 431, "limit-head");
    let header = format!("GET / HTTP/1.1\r\nhost: x\r\nx: {}\r\n\r\n", "x".repeat(200 << 10));
    told(&send(shared(), header.as_bytes()), 431, "limit-head");
    let many = format!("GET / HTTP/1.1\r\nhost: x\r\n{}\r\n", "x: y\r\n".repeat(200));
    told(&send(shared(), many.as_bytes()), 431, "limit-head");
}

#[test]
fn a_head_that_does_not_come_is_given_up() {
    let server = with(json!({"limits": {"headTimeoutMs": 1500}}));
    let mut stream = TcpStream::connect(server.address).unwrap();
    let started = Instant::now();
    for byte in b"GET / HTTP/1" {
        stream.write_all(&[*byte]).unwrap();
        std::thread::sleep(Duration::from_millis(10));
    }
    told(&read_answer(&mut stream), 408, "head-timeout");
    assert!(started.elapsed() < Duration::from_secs(10), "{:?}", started.elapsed());
    let text = String::from_utf8(server.get("/metrics").body).unwrap();
    let counted = r#"accord_http_requests_total{method="other",route="-",status="408"} 1"#;
    assert!(text.lines().any(|l| l == counted), "{text}");
}
