//! Servers that are down, slow, or break off; clients that leave.

use std::io::{BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use crate::support::{proxy, request};
use crate::upstream::{Upstream, head};

const SLOW: Duration = Duration::from_millis(300);

#[test]
fn a_server_that_is_down_is_named() {
    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let proxy = proxy(closed, |_| {});
    assert_eq!(proxy.ask("GET", "/fhir/Patient/1", "", b"").refusal(), (502, "upstream-down".to_owned()));
    assert_eq!(proxy.ask("GET", "/fhir/judged", "", b"").refusal(), (502, "upstream-down".to_owned()));
    let told = proxy.metrics();
    assert!(told.contains(r#"upstream_failures_total{failure="upstream-down"} 2"#), "{told}");
}

#[test]
fn a_server_that_is_slow_is_named() {
    let silent = Upstream::serve(|mut stream| drop(stream.read_to_end(&mut Vec::new())));
    let proxy = proxy(silent, |s| s.timeout = SLOW);
    let began = Instant::now();
    assert_eq!(proxy.ask("GET", "/fhir/Patient/1", "", b"").refusal(), (504, "upstream-slow".to_owned()));
    assert!(began.elapsed() < Duration::from_secs(5));
}

/// The answer of a server that sends these bytes, and then ends the connection, or is silent.
fn after(bytes: &'static [u8], is_silent: bool, path: &str) -> crate::support::Answer {
    let address = Upstream::serve(move |mut stream| {
        let _ = head(&mut BufReader::new(stream.try_clone().unwrap()));
        stream.write_all(bytes).unwrap();
        if is_silent {
            let _ = stream.read_to_end(&mut Vec::new());
        }
    });
    proxy(address, |s| s.timeout = SLOW).ask("GET", path, "", b"")
}

#[test]
fn a_server_that_breaks_off_is_named_where_there_is_still_time() {
    const HALF: &[u8] = b"HTTP/1.1 200 X\r\ncontent-type: application/fhir+json\r\ncontent-length: 100\r\n\r\n{\"half";
    const CHUNKED: &[u8] =
        b"HTTP/1.1 200 X\r\ncontent-type: application/fhir+json\r\ntransfer-encoding: chunked\r\n\r\n5\r\n{\"hal\r\n";
    for bytes in [&b""[..], b"HTTP/1.1 200", b"nonsense\r\n\r\n"] {
        assert_eq!(after(bytes, false, "/fhir/Patient/1").refusal(), (502, "upstream-cut".to_owned()));
    }
    for bytes in [HALF, CHUNKED] {
        assert_eq!(after(bytes, false, "/fhir/judged").refusal(), (502, "upstream-cut".to_owned()));
        assert_eq!(after(bytes, true, "/fhir/judged").refusal(), (504, "upstream-slow".to_owned()));
    }
    // Once the head is sent, all that can be told is that it is not whole.
    let cut = after(HALF, false, "/fhir/Patient/1");
    assert_eq!((cut.status, cut.header("content-length")), (200, Some("100")));
    assert!(cut.body.len() < 100);
    let address = Upstream::serve(|mut stream| {
        let _ = head(&mut BufReader::new(stream.try_clone().unwrap()));
        stream.write_all(CHUNKED).unwrap();
    });
    let proxy = proxy(address, |_| {});
    let mut stream = TcpStream::connect(proxy.address).unwrap();
    let token = format!("authorization: Bearer {}\r\n", proxy.issuer.token("all"));
    stream.write_all(request("GET", "/fhir/Patient/1", &token).as_bytes()).unwrap();
    let mut raw = Vec::new();
    let _ = stream.read_to_end(&mut raw);
    assert!(!raw.ends_with(b"0\r\n\r\n"), "{}", String::from_utf8_lossy(&raw));
    assert!(proxy.metrics().contains(r#"failure="upstream-cut"} 1"#));
}

#[test]
fn a_client_that_leaves_takes_its_request_along() {
    let (sender, receiver) = mpsc::channel();
    let (come, came) = mpsc::channel();
    let address = Upstream::serve(move |mut stream| {
        let _ = head(&mut BufReader::new(stream.try_clone().unwrap()));
        come.send(()).unwrap();
        let ended = stream.read(&mut [0]);
        sender.send(matches!(ended, Ok(0) | Err(_))).unwrap();
    });
    let proxy = proxy(address, |_| {});
    let mut stream = TcpStream::connect(proxy.address).unwrap();
    let token = format!("authorization: Bearer {}\r\n", proxy.issuer.token("all"));
    stream.write_all(request("GET", "/fhir/Patient/1", &token).as_bytes()).unwrap();
    came.recv_timeout(Duration::from_secs(10)).unwrap();
    drop(stream);
    assert_eq!(receiver.recv_timeout(Duration::from_secs(10)), Ok(true));
}

#[test]
fn a_body_that_breaks_off_never_reaches_the_server_as_whole() {
    let (sender, receiver) = mpsc::channel();
    let address = Upstream::serve(move |stream| {
        let mut reader = BufReader::new(stream);
        // The head may not even have been sent when the body broke off.
        let seen = head(&mut reader).unwrap_or_default();
        let length: usize = seen.header("content-length").map_or(1000, |l| l.parse().unwrap());
        let mut body = Vec::new();
        let _ = reader.read_to_end(&mut body);
        sender.send((length, body.len())).unwrap();
    });
    let proxy = proxy(address, |_| {});
    let mut stream = TcpStream::connect(proxy.address).unwrap();
    let token = proxy.issuer.token("all");
    let headers = format!("authorization: Bearer {token}\r\ncontent-type: application/pdf\r\ncontent-length: 1000\r\n");
    stream.write_all(request("POST", "/fhir/Binary", &headers).as_bytes()).unwrap();
    stream.write_all(b"half of it").unwrap();
    drop(stream);
    let (told, came) = receiver.recv_timeout(Duration::from_secs(10)).unwrap();
    assert!(told == 1000 && came < 1000);
}

#[test]
fn a_client_that_drips_does_not_hold_a_body_open() {
    let upstream = Upstream::start(|_| crate::upstream::json(200, "{}"));
    let proxy = proxy(upstream.address, |s| s.timeout = SLOW);
    let mut stream = TcpStream::connect(proxy.address).unwrap();
    let (token, length) = (proxy.issuer.token("all"), 100_000);
    let headers =
        format!("authorization: Bearer {token}\r\ncontent-type: application/fhir+json\r\ncontent-length: {length}\r\n");
    stream.write_all(request("POST", "/fhir/Patient", &headers).as_bytes()).unwrap();
    stream.set_read_timeout(Some(Duration::from_millis(30))).unwrap();
    let (began, mut answer) = (Instant::now(), Vec::new());
    // Each byte comes in time, and all of them would take an hour.
    while began.elapsed() < Duration::from_secs(10) && !answer.ends_with(b"}") {
        let _ = stream.write_all(b" ");
        let _ = stream.read_to_end(&mut answer);
    }
    assert_eq!(crate::support::parse(&answer).refusal(), (408, "body-slow".to_owned()));
    assert_eq!(upstream.seen().len(), 0);
}
