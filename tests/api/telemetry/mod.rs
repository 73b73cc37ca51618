//! Traces: the context of a request in the log, and spans at a collector.

mod spans;

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use serde_json::Value;

use crate::program::Process;
use crate::support::ask;

const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";
const PARENT: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

/// Takes what is sent to it: the heads and bodies of requests.
fn collector() -> (SocketAddr, Receiver<(String, Value)>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let (sender, receiver) = channel();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut all = Vec::new();
            let mut room = [0; 4096];
            let (head, body) = loop {
                let read = stream.read(&mut room).unwrap();
                all.extend_from_slice(&room[..read]);
                let text = String::from_utf8_lossy(&all).into_owned();
                let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
                let length = head.lines().find_map(|l| l.strip_prefix("content-length: ")?.parse::<usize>().ok());
                if body.len() >= length.unwrap() {
                    break (head.to_owned(), body.to_owned());
                }
            };
            stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\n{}").unwrap();
            if sender.send((head, serde_json::from_str(&body).unwrap())).is_err() {
                return;
            }
        }
    });
    (address, receiver)
}

#[test]
fn a_terminology_server_is_asked_in_the_same_trace() {
    let (address, received) = collector();
    let folder = tempfile::tempdir().unwrap();
    let process = Process::with(folder.path(), &["--tx", &format!("http://{address}")]);
    let observation = r#"{"resourceType":"Observation","status":"final",
        "code":{"coding":[{"system":"http://loinc.org","code":"8867-4"}]}}"#;
    let headers = [("traceparent", PARENT), ("tracestate", "a=1")];
    let answer = ask(process.address, "POST", "/$validate", &headers, observation.as_bytes());
    assert_eq!(answer.status, 200);
    let (head, _) = received.recv_timeout(Duration::from_secs(30)).unwrap();
    assert!(head.contains(&format!("traceparent: {PARENT}")) && head.contains("tracestate: a=1"), "{head}");
    let log = process.kill();
    let line = log.lines().find(|l| l.contains("/$validate")).unwrap_or_else(|| panic!("{log}"));
    assert!(line.contains(TRACE), "{line}");
}
