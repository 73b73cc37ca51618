//! Slow and failing work.

use std::time::{Duration, Instant};

use serde_json::json;

use crate::support::{PATIENT, with};

/// A body whose validation takes 1.5 s in the engine of these tests.
fn slow() -> String {
    format!("{{\"sleep\":\"{}\"}}", "x".repeat(2000))
}

#[test]
fn slow_work_does_not_keep_others_waiting() {
    let server = with(json!({"workers": 1, "limits": {"inlineBytes": 1000}}));
    std::thread::scope(|scope| {
        let slow = scope.spawn(|| server.post("/$validate", slow()).status);
        std::thread::sleep(Duration::from_millis(200));
        let started = Instant::now();
        assert_eq!(server.get("/health/live").status, 200);
        assert_eq!(server.post("/$validate", PATIENT).verdict(), "valid");
        assert!(started.elapsed() < Duration::from_millis(1000), "{:?}", started.elapsed());
        assert_eq!(slow.join().unwrap(), 200);
    });
}

#[test]
fn work_that_takes_too_long_is_given_up() {
    let server = with(json!({"workers": 1, "limits": {"inlineBytes": 1000, "workTimeoutMs": 300}}));
    let answer = server.post("/$validate", slow());
    assert_eq!((answer.status, answer.codes()), (503, vec!["timeout".to_owned()]));
    assert!(answer.header("retry-after").is_some());
}

#[test]
fn a_full_queue_is_told() {
    let server = with(json!({"workers": 2, "limits": {"inlineBytes": 1000, "queue": 1}}));
    let statuses: Vec<u16> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..8).map(|_| scope.spawn(|| server.post("/$validate", slow()).status)).collect();
        threads.into_iter().map(|t| t.join().unwrap()).collect()
    });
    assert!(statuses.contains(&503) && statuses.contains(&200), "{statuses:?}");
}

#[test]
fn a_panic_is_answered_and_survived() {
    let server = with(json!({"workers": 1, "limits": {"inlineBytes": 1000}}));
    for body in ["{\"panic\":1}".to_owned(), format!("{{\"panic\":\"{}\"}}", "x".repeat(2000))] {
        let answer = server.post("/$validate", body);
        assert_eq!((answer.status, answer.codes()), (500, vec!["internal".to_owned()]));
    }
    assert_eq!(server.post("/$validate", PATIENT).verdict(), "valid");
}

#[test]
fn stopping_waits_for_requests() {
    let server = with(json!({"workers": 1, "limits": {"inlineBytes": 1000}}));
    let address = server.address;
    let request = std::thread::spawn(move || {
        use std::io::Write;
        let mut stream = std::net::TcpStream::connect(address).unwrap();
        let body = slow();
        stream
            .write_all(
                format!(
                    "POST /$validate HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: {}\r\n\r\n{body}",
                    body.len()
                )
                .as_bytes(),
            )
            .unwrap();
        crate::support::read_answer(&mut stream).status
    });
    std::thread::sleep(Duration::from_millis(300));
    drop(server);
    assert_eq!(request.join().unwrap(), 200);
}
