//! Bodies that break off, and what else is asked on the connection.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use super::send;
use crate::support::{Server, read_answer, shared};

/// All answers on one connection, as text.
fn all(server: &Server, bytes: &[u8]) -> String {
    let mut stream = TcpStream::connect(server.address).unwrap();
    stream.write_all(bytes).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
    let mut text = String::new();
    stream.read_to_string(&mut text).unwrap();
    text
}

#[test]
fn a_body_in_broken_chunks_is_answered_once() {
    let head = "POST /$validate HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n";
    for chunks in ["zz\r\n{}\r\n0\r\n\r\n", "2\r\n{}?\r\n0\r\n\r\n", "-2\r\n{}\r\n"] {
        let answer = send(shared(), format!("{head}{chunks}").as_bytes());
        assert_eq!((answer.status, answer.codes()), (400, vec!["body-broken".to_owned()]), "{chunks}");
        assert_eq!(answer.header("connection"), Some("close"));
    }
    // The same where the chunk comes when the service waits for it.
    let mut stream = TcpStream::connect(shared().address).unwrap();
    stream.write_all(format!("{head}2\r\n{{}}\r\n").as_bytes()).unwrap();
    std::thread::sleep(Duration::from_millis(100));
    stream.write_all(b"zz\r\n").unwrap();
    assert_eq!(read_answer(&mut stream).codes(), ["body-broken"]);
}

#[test]
fn what_follows_good_requests_on_a_connection() {
    let good = "GET /health/live HTTP/1.1\r\nhost: x\r\n\r\n";
    let text = all(shared(), format!("{good}{good}nonsense\r\n\r\n").as_bytes());
    assert_eq!(text.matches("HTTP/1.1 200 OK").count(), 2, "{text}");
    assert_eq!(text.matches("HTTP/1.1 400 Bad Request").count(), 1, "{text}");
    assert!(text.contains(r#""code":"request-malformed""#) && text.ends_with("}]}"), "{text}");
}

#[test]
fn head_has_no_body() {
    let text = all(shared(), b"HEAD /metadata HTTP/1.1\r\nhost: a\r\nhost: b\r\n\r\n");
    assert!(text.starts_with("HTTP/1.1 400 ") && text.ends_with("\r\n\r\n"), "{text}");
    assert!(text.contains("content-length: ") && !text.contains("content-length: 0"), "{text}");
    let mut stream = TcpStream::connect(shared().address).unwrap();
    stream.write_all(b"HEAD /health/live HTTP/1.1\r\nhost: x\r\n\r\n").unwrap();
    std::thread::sleep(Duration::from_millis(200));
    stream.write_all(b"GET /\r\n\r\n").unwrap();
    let mut text = String::new();
    stream.read_to_string(&mut text).unwrap();
    assert!(text.contains("request-malformed"), "{text}");
}
