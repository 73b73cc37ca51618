//! What a server may answer instead of its statement.

use std::io::Write;
use std::time::{Duration, Instant};

use fhir_accord::remote::guard::any;
use fhir_accord::remote::server_documents::{ServerDocuments, Settings};
use fhir_accord::remote::server_url::ServerUrl;
use serde_json::{Value, json};

use super::server::{Answer, Server, ok, status};

const LIMIT_BYTES: u64 = 10_000;

/// What is read of a server whose statement is this answer, and the URL.
fn read(answer: Answer) -> (Result<Value, String>, String) {
    let server = Server::start(&[("/metadata", answer)]);
    let settings = Settings { guard: any, limit_bytes: LIMIT_BYTES, limit_ms: 1_000 };
    let url = ServerUrl::parse(&server.base).unwrap();
    let found = ServerDocuments::new(settings).unwrap().statement(&url);
    (found.map_err(|e| e.to_string()), format!("`{}/metadata`", server.base))
}

fn gzip(bytes: &[u8]) -> Answer {
    let mut out = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    out.write_all(bytes).unwrap();
    let answer = ok("application/json", &out.finish().unwrap());
    Answer { headers: answer.headers.clone() + "Content-Encoding: gzip\r\n", ..answer }
}

#[test]
fn json_is_read_however_it_is_sent() {
    let text = br#"{"resourceType":"CapabilityStatement"}"#;
    let marked = [b"\xef\xbb\xbf".as_slice(), text].concat();
    let padded = [text.as_slice(), &[b' '; LIMIT_BYTES as usize - 38]].concat();
    for answer in [ok("text/plain", text), ok("application/fhir+json", &marked), gzip(text), gzip(&padded)] {
        assert_eq!(read(answer).0, Ok(json!({"resourceType": "CapabilityStatement"})));
    }
}

#[test]
fn what_is_no_json_is_told_with_url_status_and_way_out() {
    let cut = |answer: Answer| Answer { sent: answer.body.len() - 2, ..answer };
    let packed = ok("application/json", b"{}");
    let brotli = Answer { headers: packed.headers.clone() + "Content-Encoding: br\r\n", ..packed };
    for (answer, status, why) in [
        (status("401 Unauthorized"), "401 Unauthorized", "the server answers"),
        (status("403 Forbidden"), "403 Forbidden", "the server answers"),
        (status("404 Not Found"), "404 Not Found", "does not exist"),
        (status("406 Not Acceptable"), "406 Not Acceptable", "the server answers"),
        (status("416 Range Not Satisfiable"), "416 Range Not Satisfiable", "the server answers"),
        (status("500 Internal Server Error"), "500 Internal Server Error", "the server answers"),
        (status("503 Service Unavailable"), "503 Service Unavailable", "the server answers"),
        (ok("text/html", b"<!DOCTYPE html><p>sign in"), "200 OK", "an HTML page"),
        (ok("application/json", b"\n<HTML>"), "200 OK", "an HTML page"),
        (ok("application/fhir+xml", b"<CapabilityStatement/>"), "200 OK", "?_format=json"),
        (ok("application/json", b"hello"), "200 OK", "is not JSON: "),
        (ok("application/json", b" "), "200 OK", "is empty"),
        (ok("application/json", br#"{"a":"#), "200 OK", "is not JSON: "),
        (cut(ok("application/json", br#"{"a":1}"#)), "200 OK", "breaks off after 5 bytes"),
        (cut(gzip(br#"{"a":1}"#)), "200 OK", "breaks off"),
        (ok("application/json", &vec![b' '; LIMIT_BYTES as usize + 1]), "200 OK", "is larger than 10000 bytes"),
        (gzip(&vec![b' '; 64 << 20]), "200 OK", "is larger than 10000 bytes"),
        (brotli, "200 OK", "is packed as `br`"),
    ] {
        let (found, url) = read(answer);
        let message = found.unwrap_err();
        assert!(message.contains(&url) && message.contains(status) && message.contains(why), "{why}: {message}");
        let way_out = message.ends_with("save it with curl and pass the file") || status == "404 Not Found";
        assert!(way_out, "{message}");
    }
}

#[test]
fn a_slow_answer_ends_in_time_and_no_server_is_told() {
    let slow = Answer { drips: true, ..ok("application/json", &vec![b' '; 2_000]) };
    let started = Instant::now();
    let message = read(slow).0.unwrap_err();
    assert!(started.elapsed() < Duration::from_secs(10), "{:?}", started.elapsed());
    assert!(message.contains("no answer in time"), "{message}");
    let settings = Settings { guard: any, ..Settings::default() };
    let nobody = ServerUrl::parse("http://127.0.0.1:1/fhir").unwrap();
    let message = ServerDocuments::new(settings).unwrap().statement(&nobody).unwrap_err().to_string();
    assert!(message.contains("`http://127.0.0.1:1/fhir/metadata` could not be read"), "{message}");
}
