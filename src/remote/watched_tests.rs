//! Servers that answer, and those that want something of us that they shall not have.

use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener};
use std::sync::{Arc, Mutex};
use std::time::Instant;

use super::*;

type Answer = dyn Fn(&str, &[String]) -> Vec<u8> + Send + Sync;

/// A server on loopback that answers as it is told, and the heads of the requests that it was asked.
fn server(
    answer: impl Fn(&str, &[String]) -> Vec<u8> + Send + Sync + 'static,
) -> (SocketAddr, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let (answer, asked): (Arc<Answer>, Arc<Mutex<Vec<String>>>) = (Arc::new(answer), Arc::default());
    let told = Arc::clone(&asked);
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let (answer, told) = (Arc::clone(&answer), Arc::clone(&told));
            std::thread::spawn(move || {
                let mut stream = stream.unwrap();
                let lines = BufReader::new(stream.try_clone().unwrap()).lines();
                let head: Vec<String> = lines.map_while(Result::ok).take_while(|l| !l.is_empty()).collect();
                let Some(first) = head.first() else { return };
                let path = first.split(' ').nth(1).unwrap_or_default().to_owned();
                told.lock().unwrap().push(head.join("\n"));
                let _ = stream.write_all(&answer(&path, &head));
            });
        }
    });
    (address, asked)
}

fn ok(headers: &str, body: &[u8]) -> Vec<u8> {
    let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\nconnection: close\r\n{headers}\r\n", body.len());
    [head.as_bytes(), body].concat()
}

fn status(line: &str) -> Vec<u8> {
    format!("HTTP/1.1 {line}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n").into_bytes()
}

const STATEMENT: &[u8] = br#"{"resourceType": "CapabilityStatement"}"#;

/// A client that may ask these hosts, at private addresses too where it `is_private`.
fn client(hosts: &[String], is_private: bool) -> PartyDocuments {
    let reach = Reach::new(hosts, is_private).unwrap();
    PartyDocuments::new(Settings { reach, limit_bytes: 10_000, limit_ms: 2_000 }).unwrap()
}

/// What comes of asking a server for its statement.
fn statement(client: &PartyDocuments, base: &str) -> Result<Fetched, FetchFailure> {
    client.statement(&ServerUrl::parse(base).unwrap(), &Validator::default())
}

#[test]
fn what_did_not_change_is_not_sent_again() {
    let (address, asked) = server(|path, head| {
        let knows = head.iter().any(|l| l.eq_ignore_ascii_case("if-none-match: W/\"One\""));
        match path {
            "/fhir/metadata" if knows => status("304 Not Modified"),
            "/fhir/metadata" => ok("etag: W/\"One\"\r\nlast-modified: Mon, 01 Jan 2024 00:00:00 GMT\r\n", STATEMENT),
            _ => status("404 Not Found"),
        }
    });
    let client = client(&[address.to_string()], true);
    let url = ServerUrl::parse(&format!("http://{address}/fhir")).unwrap();
    let Fetched::Found(value, validator) = client.statement(&url, &Validator::default()).unwrap() else { panic!() };
    assert_eq!(value["resourceType"], "CapabilityStatement");
    assert_eq!(validator.etag.as_deref(), Some("W/\"One\""));
    assert_eq!(client.statement(&url, &validator), Ok(Fetched::Unchanged));
    assert_eq!(client.smart_configuration(&url, &Validator::default()), Ok(Fetched::Absent));
    let asked = asked.lock().unwrap();
    assert!(asked[1].to_lowercase().contains("if-modified-since: mon, 01 jan 2024 00:00:00 gmt"), "{}", asked[1]);
    assert!(asked[2].starts_with("GET /fhir/.well-known/smart-configuration"), "{}", asked[2]);
    assert!(asked.iter().all(|head| !head.to_lowercase().contains("authorization")));
}

#[test]
fn each_failure_has_its_kind() {
    let (address, _) = server(|path, _| match path.split('/').nth(1).unwrap_or_default() {
        "absent" => status("404 Not Found"),
        "broken" => status("500 Internal Server Error"),
        "closed" => status("403 Forbidden"),
        "busy" => status("429 Too Many Requests"),
        "unasked" => status("304 Not Modified"),
        "html" => ok("content-type: text/html\r\n", b"<html></html>"),
        "patient" => ok("", br#"{"resourceType": "Patient"}"#),
        "list" => ok("", b"[]"),
        "large" => ok("", format!("{{\"a\": \"{}\"}}", "x".repeat(20_000)).as_bytes()),
        "bomb" => {
            let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
            packed.write_all(&vec![b' '; 50_000_000]).unwrap();
            ok("content-encoding: gzip\r\n", &packed.finish().unwrap())
        }
        "packed" => ok("content-encoding: br\r\n", STATEMENT),
        "cut" => ok("", STATEMENT)[..70].to_vec(),
        "slow" => {
            std::thread::sleep(Duration::from_secs(20));
            Vec::new()
        }
        "circle" => {
            b"HTTP/1.1 302 Found\r\nlocation: /circle/metadata\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"
                .to_vec()
        }
        _ => ok("", STATEMENT),
    });
    let client = client(&[address.to_string()], true);
    for (path, kind) in [
        ("absent", FetchFailure::NotFound),
        ("broken", FetchFailure::Status),
        ("closed", FetchFailure::Status),
        ("unasked", FetchFailure::Status),
        ("html", FetchFailure::NotJson),
        ("list", FetchFailure::NotJson),
        ("packed", FetchFailure::NotJson),
        ("patient", FetchFailure::NotAStatement),
        ("large", FetchFailure::TooLarge),
        ("bomb", FetchFailure::TooLarge),
        ("cut", FetchFailure::Connection),
        ("slow", FetchFailure::Timeout),
        ("circle", FetchFailure::Redirect),
    ] {
        let started = Instant::now();
        assert_eq!(statement(&client, &format!("http://{address}/{path}")), Err(kind), "{path}");
        assert!(started.elapsed() < Duration::from_secs(10), "{path}");
    }
    let smart = |path: &str| {
        let url = ServerUrl::parse(&format!("http://{address}/{path}")).unwrap();
        client.smart_configuration(&url, &Validator::default())
    };
    assert_eq!((smart("closed"), smart("busy")), (Ok(Fetched::Absent), Err(FetchFailure::Status)));
    assert_eq!((smart("broken"), smart("html")), (Err(FetchFailure::Status), Err(FetchFailure::NotJson)));
}

/// Wherever a server leads us, by name, by number, or by a redirect: nothing that may not be asked is connected to.
#[test]
fn no_way_leads_to_what_may_not_be_asked() {
    let (inside, asked) = server(|_, _| ok("", STATEMENT));
    let port = inside.port();
    let targets = [
        format!("http://127.0.0.1:{port}/metadata"),
        format!("http://127.1:{port}/metadata"),
        format!("http://0x7f000001:{port}/metadata"),
        format!("http://[::ffff:127.0.0.1]:{port}/metadata"),
        format!("http://[::1]:{port}/metadata"),
        format!("http://0.0.0.0:{port}/metadata"),
        format!("http://localhost:{port}/metadata"),
        "http://169.254.169.254/latest/meta-data/".to_owned(),
        "http://[fe80::1]/metadata".to_owned(),
        "http://[fd00::1]/metadata".to_owned(),
        "http://[64:ff9b::7f00:1]/metadata".to_owned(),
        "http://10.0.0.1/metadata".to_owned(),
        "file:///etc/passwd".to_owned(),
        format!("http://user:password@127.0.0.1:{port}/metadata"),
    ];
    let to = targets.clone();
    let (outside, _) = server(move |path, _| {
        let at: usize = path.trim_matches('/').split('/').next().and_then(|n| n.parse().ok()).unwrap_or_default();
        format!("HTTP/1.1 302 Found\r\nlocation: {}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n", to[at])
            .into_bytes()
    });
    // The one at the port of the allow-list may be asked, though it is on loopback; where it leads may not.
    let listed = client(&[outside.to_string()], true);
    for (at, target) in targets.iter().enumerate() {
        let found = statement(&listed, &format!("http://{outside}/{at}"));
        // The client follows no redirect to another scheme by itself.
        let kind = if target.starts_with("file:") { FetchFailure::Status } else { FetchFailure::UrlRefused };
        assert_eq!(found, Err(kind), "a redirect to {target}");
    }
    // Addresses that are not public are refused though the host is in the list: by number, and by name.
    let hosts = ["127.0.0.1:*", "localhost:*", "[::1]:*", "[::ffff:7f00:1]:*"].map(str::to_owned);
    let public = client(&hosts, false);
    for (base, kind) in [
        (format!("http://127.0.0.1:{port}"), FetchFailure::UrlRefused),
        (format!("http://[::1]:{port}"), FetchFailure::UrlRefused),
        (format!("http://[::ffff:127.0.0.1]:{port}"), FetchFailure::UrlRefused),
        (format!("http://localhost:{port}"), FetchFailure::AddressRefused),
        (format!("http://LOCALHOST:{port}"), FetchFailure::AddressRefused),
    ] {
        assert_eq!(statement(&public, &base), Err(kind), "{base}");
    }
    // Without a list only the usual ports are asked.
    assert_eq!(statement(&client(&[], true), &format!("http://127.0.0.1:{port}")), Err(FetchFailure::UrlRefused));
    assert_eq!(asked.lock().unwrap().as_slice(), [""; 0], "nobody connected");
    // And where all of it is allowed it is reached.
    let any = client(&["127.0.0.1:*".to_owned(), "localhost:*".to_owned()], true);
    assert!(statement(&any, &format!("http://localhost:{port}")).is_ok());
    assert!(statement(&any, &format!("http://{outside}/0")).is_ok());
}
