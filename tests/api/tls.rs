//! Connections inside TLS. The certificates in `tls/` are for 127.0.0.1, signed by themselves, and made for these
//! tests.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::time::Duration;

use fhir_accord::http::{Service, start};
use fhir_accord::store::Store;
use reqwest::blocking::Client;
use serde_json::{Value, json};

use crate::support::{PATIENT, Server, TestLoader, ask, config, with};

fn file(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/api/tls").join(name)
}

fn settings(certificate: &Path, key: &Path) -> Value {
    json!({"tlsCertificate": certificate, "tlsKey": key, "healthListen": "127.0.0.1:0"})
}

fn server() -> Server {
    with(settings(&file("one.pem"), &file("one.key.pem")))
}

/// A client that trusts one certificate.
fn client(trusted: &str) -> Client {
    let certificate = reqwest::Certificate::from_pem(&std::fs::read(file(trusted)).unwrap()).unwrap();
    let builder = Client::builder().tls_built_in_root_certs(false).add_root_certificate(certificate);
    builder.no_proxy().pool_max_idle_per_host(0).timeout(Duration::from_secs(60)).build().unwrap()
}

#[test]
fn answers_inside_tls() {
    let server = server();
    let client = client("one.pem");
    let base = format!("https://{}", server.address);
    let statement: Value =
        serde_json::from_str(&client.get(format!("{base}/metadata")).send().unwrap().text().unwrap()).unwrap();
    assert_eq!(statement["implementation"]["url"], base);
    let send = || client.post(format!("{base}/$validate")).header("content-type", "application/fhir+json");
    let answer = send().body(PATIENT).send().unwrap();
    assert_eq!((answer.status().as_u16(), answer.version()), (200, reqwest::Version::HTTP_11));
    let large = PATIENT.replace(">A<", &format!(">{}<", "x".repeat(3_000_000)));
    assert_eq!(send().body(large).send().unwrap().status(), 200);
    assert!(client_error(&self::client("two.pem"), &base));
    let health = ask(server.health.unwrap(), "GET", "/health/live", &[], b"");
    assert_eq!(health.status, 200, "health stays plain");
}

fn client_error(client: &Client, base: &str) -> bool {
    client.get(format!("{base}/health/live")).send().is_err()
}

/// What comes back for bytes that are sent inside TLS.
fn inside(address: SocketAddr, bytes: &[u8]) -> String {
    use tokio_rustls::rustls::crypto::ring::default_provider;
    use tokio_rustls::rustls::pki_types::{CertificateDer, pem::PemObject};
    use tokio_rustls::rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_file(file("one.pem")).unwrap()).unwrap();
    let builder = ClientConfig::builder_with_provider(default_provider().into());
    let builder = builder.with_safe_default_protocol_versions().unwrap().with_root_certificates(roots);
    let config = builder.with_no_client_auth();
    let connection = ClientConnection::new(config.into(), "127.0.0.1".try_into().unwrap()).unwrap();
    let mut stream = StreamOwned::new(connection, TcpStream::connect(address).unwrap());
    stream.sock.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
    stream.write_all(bytes).unwrap();
    let mut text = String::new();
    stream.read_to_string(&mut text).unwrap();
    text
}

#[test]
fn what_is_no_request_is_answered_inside_tls() {
    let server = server();
    let text = inside(server.address, b"GET\r\n\r\n");
    assert!(text.starts_with("HTTP/1.1 400 ") && text.contains("request-malformed"), "{text}");
    let long = format!("GET / HTTP/1.1\r\nx: {}\r\n\r\n", "x".repeat(200 << 10));
    let text = inside(server.address, long.as_bytes());
    assert!(text.starts_with("HTTP/1.1 431 ") && text.contains("limit-head"), "{text}");
}

#[test]
fn who_speaks_no_tls_is_let_go() {
    let mut overrides = settings(&file("one.pem"), &file("one.key.pem"));
    overrides["limits"] = json!({"headTimeoutMs": 1500});
    let server = with(overrides);
    let mut plain = TcpStream::connect(server.address).unwrap();
    plain.write_all(b"GET / HTTP/1.1\r\nhost: x\r\n\r\n").unwrap();
    let mut silent = TcpStream::connect(server.address).unwrap();
    for stream in [&mut plain, &mut silent] {
        stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer);
        assert!(!answer.starts_with(b"HTTP"), "{}", String::from_utf8_lossy(&answer));
    }
    assert!(!client_error(&client("one.pem"), &format!("https://{}", server.address)));
}

/// Why a service does not start with these files.
fn refused(certificate: &Path, key: &Path) -> String {
    let config = config(settings(certificate, key), None);
    let service = Service::open(config, Store::temporary().unwrap(), Box::new(TestLoader { embedded: false })).unwrap();
    let system = actix_web::rt::System::new();
    system.block_on(async move { start(service).map(|_| ()).unwrap_err().to_string() })
}

#[test]
fn files_that_cannot_be_used_are_named() {
    let folder = tempfile::tempdir().unwrap();
    let empty = folder.path().join("empty.pem");
    std::fs::write(&empty, "nothing").unwrap();
    let (certificate, key) = (file("one.pem"), file("one.key.pem"));
    for (certificate, key, named, why) in [
        (folder.path().join("absent.pem"), key.clone(), "absent.pem", "tlsCertificate"),
        (empty.clone(), key.clone(), "empty.pem", "no certificate"),
        (certificate.clone(), folder.path().join("absent.key"), "absent.key", "tlsKey"),
        (certificate.clone(), empty, "empty.pem", "no private key"),
        (certificate, file("two.key.pem"), "two.key.pem", "do not go together"),
    ] {
        let told = refused(&certificate, &key);
        assert!(told.contains(named) && told.contains(why), "{told}");
    }
}

#[cfg(unix)]
#[test]
fn a_new_certificate_is_read_on_sighup() {
    use std::io::{BufRead, BufReader};
    use std::process::{Command, Stdio};
    let folder = tempfile::tempdir().unwrap();
    let (certificate, key) = (folder.path().join("cert.pem"), folder.path().join("key.pem"));
    let put = |name: &str| {
        std::fs::copy(file(&format!("{name}.pem")), &certificate).unwrap();
        std::fs::copy(file(&format!("{name}.key.pem")), &key).unwrap();
    };
    put("one");
    let mut child = Command::new(env!("CARGO_BIN_EXE_accord"))
        .args(["serve", "--listen", "127.0.0.1:0", "--workers", "1"])
        .env("ACCORD_TLS_CERTIFICATE", &certificate)
        .env("ACCORD_TLS_KEY", &key)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let base = line.trim().strip_prefix("listening on ").unwrap().to_owned();
    let trusts = |trusted: &str| !client_error(&client(trusted), &base);
    let reload = || {
        let done = Command::new("kill").args(["-HUP", &child.id().to_string()]).status();
        assert!(done.unwrap().success());
    };
    let before = (base.starts_with("https://"), trusts("one.pem"), trusts("two.pem"));
    // A key that does not fit changes nothing.
    std::fs::copy(file("two.key.pem"), &key).unwrap();
    reload();
    std::thread::sleep(Duration::from_millis(300));
    let refused = trusts("one.pem");
    put("two");
    reload();
    let after = (0..100).any(|_| {
        std::thread::sleep(Duration::from_millis(50));
        trusts("two.pem")
    });
    let old = trusts("one.pem");
    child.kill().unwrap();
    child.wait().unwrap();
    assert_eq!((before, refused, after, old), ((true, true, false), true, true, false));
}
