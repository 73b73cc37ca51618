//! Hostile input: each refused or answered with its own issue, and the service lives on.

use std::io::Write;
use std::net::TcpStream;
use std::time::Duration;

use serde_json::json;

use crate::support::{PATIENT, parameters, read_answer, shared, with};

#[test]
fn a_million_levels() {
    assert_eq!(shared().post("/$validate", "[".repeat(1_000_000)).verdict(), "invalid");
    for body in [
        "{\"a\":".repeat(1_000_000),
        format!("{{\"resourceType\":\"Patient\",\"extension\":{}", "[{\"extension\":".repeat(1_000_000)),
    ] {
        let answer = shared().post("/$validate", &body);
        assert_eq!(
            (answer.status, answer.json()["meta"]["tag"][0]["code"].as_str(), answer.codes()),
            (413, Some("undetermined"), vec!["limit-depth".to_owned()])
        );
        assert!(answer.body.len() < 100_000);
    }
    let answer = shared()
        .post("/$validate", "{\"resourceType\":\"Patient\",\"a\":".to_owned() + "{\"a\":".repeat(1_000_000).as_str());
    assert!(answer.codes().contains(&"limit-depth".to_owned()));
    let answer = shared().post("/$validate", parameters(Some(&"{\"a\":".repeat(1_000_000)), ""));
    assert_eq!((answer.status, answer.codes()), (400, vec!["body-syntax".to_owned()]));
    for (levels, status) in [(400_000, 400), (1_000_000, 413)] {
        assert_eq!(shared().post("/negotiate", "[".repeat(levels)).status, status);
    }
}

#[test]
fn one_string_of_50_megabytes() {
    let body = format!(r#"{{"resourceType":"Patient","name":[{{"family":"{}"}}]}}"#, "x".repeat(50 << 20));
    let answer = shared().post("/$validate", &body);
    assert_eq!(answer.status, 200);
    assert!(answer.body.len() < 1 << 20, "the answer repeats the string");
    let small = with(json!({"limits": {"bodyBytes": 1_000_000}}));
    let answer = small.post("/$validate", &body);
    assert_eq!((answer.status, answer.codes()), (413, vec!["limit-bytes".to_owned()]));
    assert_eq!(small.post("/$validate", PATIENT).verdict(), "valid");
}

#[test]
fn no_utf_8_and_doubled_keys() {
    let mut latin = PATIENT.replace("female", "fémale").into_bytes();
    let at = latin.iter().position(|b| *b == 0xC3).unwrap();
    latin.splice(at..at + 2, [0xE9]);
    // What else is wrong is told too.
    assert_eq!(shared().post("/$validate", &latin).codes(), ["binding-required", "json-utf8"]);
    let doubled = shared().post("/$validate", r#"{"resourceType":"Patient","id":"a","id":"b"}"#);
    assert!(doubled.codes().contains(&"json-duplicate-key".to_owned()));
    let many = format!(r#"{{"resourceType":"Patient",{}"active":true}}"#, r#""active":true,"#.repeat(200_000));
    let answer = shared().post("/$validate", &many);
    assert_eq!(answer.verdict(), "invalid");
    assert!(answer.json()["issue"].as_array().unwrap().len() <= 1001);
    assert_eq!(shared().post("/negotiate", "{\"client\":1,\"client\":2}").status, 400);
}

#[test]
fn a_thousand_at_once() {
    let server = shared();
    let request = |body: &str| {
        format!(
            "POST /$validate HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-type: \
                application/fhir+json\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        )
    };
    let mut open: Vec<TcpStream> = (0..1000).map(|_| TcpStream::connect(server.address).unwrap()).collect();
    for (i, stream) in open.iter_mut().enumerate() {
        let body = if i % 2 == 0 { PATIENT.to_owned() } else { PATIENT.replace("female", "blue") };
        stream.write_all(request(&body).as_bytes()).unwrap();
    }
    for (i, stream) in open.iter_mut().enumerate() {
        assert_eq!(read_answer(stream).verdict(), if i % 2 == 0 { "valid" } else { "invalid" });
    }
}

#[test]
fn a_thousand_large_ones_at_once() {
    let server = with(json!({"workers": 2}));
    let body = format!(
        r#"{{"resourceType":"Bundle","type":"collection","entry":[{}]}}"#,
        vec![format!(r#"{{"resource":{PATIENT}}}"#); 250].join(",")
    );
    assert!(body.len() > 40_000);
    let request = format!(
        "POST /$validate HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-type: \
            application/fhir+json\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    );
    let answers: Vec<u16> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..20)
            .map(|_| {
                let (request, server) = (&request, &server);
                scope.spawn(move || {
                    let mut open: Vec<TcpStream> =
                        (0..50).map(|_| TcpStream::connect(server.address).unwrap()).collect();
                    open.iter_mut().for_each(|s| s.write_all(request.as_bytes()).unwrap());
                    open.iter_mut().map(|s| read_answer(s).status).collect::<Vec<u16>>()
                })
            })
            .collect();
        threads.into_iter().flat_map(|t| t.join().unwrap()).collect()
    });
    assert_eq!(answers.len(), 1000);
    assert!(answers.iter().all(|s| matches!(s, 200 | 503)), "{answers:?}");
    assert!(answers.iter().filter(|s| **s == 200).count() > 500);
    assert_eq!(server.get("/health/live").status, 200);
}

#[test]
fn a_body_that_never_ends_is_given_up() {
    let server = with(json!({"limits": {"bodyTimeoutMs": 200}}));
    let mut stream = TcpStream::connect(server.address).unwrap();
    stream
        .write_all(b"POST /$validate HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: 1000\r\n\r\n{")
        .unwrap();
    let answer = read_answer(&mut stream);
    assert_eq!((answer.status, answer.codes()), (408, vec!["body-timeout".to_owned()]));
}

#[test]
fn bodies_together_have_a_bound() {
    let server = with(json!({"trustedProxies": ["127.0.0.1"],
        "limits": {"allBodiesBytes": 10_000, "bodyTimeoutMs": 30_000}}));
    let hold = |client: &str| {
        let mut hold = TcpStream::connect(server.address).unwrap();
        let head = format!("POST /$validate HTTP/1.1\r\nhost: x\r\nx-forwarded-for: {client}\r\n");
        hold.write_all(format!("{head}content-length: 10000\r\n\r\n").as_bytes()).unwrap();
        hold.write_all(&[b' '; 4_950]).unwrap();
        hold
    };
    let ask = |client: &str| server.ask("POST", "/$validate", &[("x-forwarded-for", client)], PATIENT.as_bytes());
    let one = hold("192.0.2.1");
    std::thread::sleep(Duration::from_millis(300));
    let answer = ask("192.0.2.1");
    assert_eq!((answer.status, answer.codes()), (503, vec!["busy".to_owned()]));
    assert_eq!(answer.header("retry-after"), Some("1"));
    assert_eq!(ask("192.0.2.2").verdict(), "valid");
    let other = hold("192.0.2.2");
    std::thread::sleep(Duration::from_millis(300));
    assert_eq!(ask("192.0.2.3").status, 503);
    drop((one, other));
    std::thread::sleep(Duration::from_millis(300));
    assert_eq!(ask("192.0.2.1").verdict(), "valid");
}

#[test]
fn nonsense_on_the_wire_is_survived() {
    let server = shared();
    for bytes in [
        &b"\x16\x03\x01\x02\x00"[..],
        b"GET\r\n\r\n",
        b"POST /$validate HTTP/1.1\r\ncontent-length: -1\r\n\r\n",
        b"GET / HTTP/1.1\r\nx: \x00\r\n\r\n",
    ] {
        let mut stream = TcpStream::connect(server.address).unwrap();
        let _ = stream.write_all(bytes);
        drop(stream);
    }
    let long = format!("/$validate?profile={}", "x".repeat(100_000));
    let mut stream = TcpStream::connect(server.address).unwrap();
    let _ = stream.write_all(format!("POST {long} HTTP/1.1\r\nhost: x\r\ncontent-length: 0\r\n\r\n").as_bytes());
    drop(stream);
    assert_eq!(server.get("/health/live").status, 200);
}
