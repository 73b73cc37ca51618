//! Large bodies in bounded memory.

use std::io::{BufReader, Read, Write};
use std::net::TcpStream;
use std::sync::Mutex;
use std::sync::mpsc;
use std::time::Duration;

use crate::support::{proxy, request};
use crate::upstream::{Upstream, head};

const MEGABYTE: usize = 1 << 20;
const MEGABYTES: usize = 100;
/// How far memory may grow, in bytes: buffers of sockets, of the server and of the client.
const MAY_GROW: usize = 24 * MEGABYTE;

/// One at a time: the memory of the process is looked at.
static ALONE: Mutex<()> = Mutex::new(());

fn resident() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|l| l.strip_prefix("VmRSS:")).unwrap();
    line.trim().strip_suffix("kB").unwrap().trim().parse::<usize>().unwrap() * 1024
}

/// Writes megabytes; returns how far memory grew meanwhile.
fn write(stream: &mut TcpStream) -> usize {
    let (part, before, mut most) = (vec![b'x'; MEGABYTE], resident(), 0);
    for _ in 0..MEGABYTES {
        stream.write_all(&part).unwrap();
        most = most.max(resident());
    }
    most.saturating_sub(before)
}

/// Reads to the end, slowly at first, so that what is not held back piles up; returns how many bytes came.
fn read(mut from: impl Read) -> usize {
    std::thread::sleep(Duration::from_millis(500));
    let (mut part, mut all) = (vec![0; MEGABYTE], 0);
    loop {
        match from.read(&mut part) {
            Ok(0) | Err(_) => return all,
            Ok(n) => all += n,
        }
    }
}

fn up(shadow: bool, path: &str, content_type: &str) {
    let _alone = ALONE.lock().unwrap_or_else(|e| e.into_inner());
    let (sender, receiver) = mpsc::channel();
    let address = Upstream::serve(move |mut stream| {
        let mut reader = BufReader::new(stream.try_clone().unwrap());
        let seen = head(&mut reader).unwrap();
        let length: u64 = seen.header("content-length").unwrap().parse().unwrap();
        let came = read(reader.take(length));
        stream.write_all(b"HTTP/1.1 201 X\r\ncontent-length: 0\r\n\r\n").unwrap();
        sender.send(came).unwrap();
    });
    let proxy = proxy(address, |s| s.shadow = shadow);
    let mut stream = TcpStream::connect(proxy.address).unwrap();
    let (token, length) = (proxy.issuer.token("all"), MEGABYTE * MEGABYTES);
    let headers =
        format!("authorization: Bearer {token}\r\ncontent-type: {content_type}\r\ncontent-length: {length}\r\n");
    stream.write_all(request("POST", path, &headers).as_bytes()).unwrap();
    let grown = write(&mut stream);
    let mut answer = String::new();
    let _ = stream.read_to_string(&mut answer);
    assert!(answer.starts_with("HTTP/1.1 201"), "{answer}");
    assert_eq!(receiver.recv().unwrap(), length);
    assert!(grown < MAY_GROW, "{grown}");
}

#[test]
fn what_is_not_judged_goes_up_as_a_stream() {
    up(false, "/fhir/Binary", "application/pdf");
}

#[test]
fn in_shadow_mode_what_is_too_large_to_be_judged_goes_up_as_a_stream() {
    up(true, "/fhir/Patient", "application/fhir+json");
}

fn down(shadow: bool, path: &str) {
    let _alone = ALONE.lock().unwrap_or_else(|e| e.into_inner());
    let (sender, receiver) = mpsc::channel();
    let address = Upstream::serve(move |mut stream| {
        let _ = head(&mut BufReader::new(stream.try_clone().unwrap()));
        let head = format!("HTTP/1.1 200 X\r\ncontent-length: {}\r\n\r\n", MEGABYTE * MEGABYTES);
        stream.write_all(head.as_bytes()).unwrap();
        sender.send(write(&mut stream)).unwrap();
    });
    let proxy = proxy(address, |s| (s.shadow, s.answer_bytes) = (shadow, MEGABYTE));
    let mut stream = TcpStream::connect(proxy.address).unwrap();
    let token = format!("authorization: Bearer {}\r\n", proxy.issuer.token("all"));
    stream.write_all(request("GET", path, &token).as_bytes()).unwrap();
    let came = read(stream);
    assert!(came > MEGABYTE * MEGABYTES && came < MEGABYTE * MEGABYTES + 1000, "{came}");
    let grown = receiver.recv().unwrap();
    assert!(grown < MAY_GROW, "{grown}");
}

#[test]
fn an_answer_that_is_not_judged_comes_down_as_a_stream() {
    down(false, "/fhir/Binary/1");
}

#[test]
fn in_shadow_mode_an_answer_that_is_too_large_to_be_judged_comes_down_as_a_stream() {
    down(true, "/fhir/judged");
}
