//! Redirects are judged one by one, under a guard that lets only this machine's first address pass.

use std::net::{IpAddr, Ipv4Addr};

use fhir_accord::remote::guard::public_only;
use fhir_accord::remote::server_documents::{ServerDocuments, Settings};
use fhir_accord::remote::server_url::ServerUrl;
use serde_json::Value;

use super::server::{Server, ok, redirect};

fn guard(address: IpAddr) -> Option<&'static str> {
    if address == IpAddr::V4(Ipv4Addr::LOCALHOST) { None } else { public_only(address) }
}

fn read(server: &Server, base: &str) -> Result<Value, String> {
    let documents = ServerDocuments::new(Settings { guard, ..Settings::default() }).unwrap();
    documents.statement(&ServerUrl::parse(&format!("{}{base}", server.base)).unwrap()).map_err(|e| e.to_string())
}

#[test]
fn few_redirects_to_allowed_addresses_are_followed() {
    let server = Server::start(&[
        ("/metadata", redirect("/a")),
        ("/a", redirect("b")),
        ("/b", ok("application/json", b"{}")),
        ("/loop/metadata", redirect("/loop/metadata")),
    ]);
    assert_eq!(read(&server, ""), Ok(serde_json::json!({})));
    assert_eq!(server.paths(), ["/metadata", "/a", "/b"]);
    let message = read(&server, "/loop").unwrap_err();
    assert!(
        message.contains("/loop/metadata` could not be read") && message.contains("too many redirects"),
        "{message}"
    );
    assert_eq!(server.paths().len(), 5);
}

#[test]
fn no_redirect_leads_to_another_address_of_this_machine_or_network() {
    let other = Server::start(&[("/", ok("application/json", b"{}"))]);
    let port = other.base.rsplit(':').next().unwrap();
    for (to, why) in [
        (format!("http://127.0.0.2:{port}/"), "loopback"),
        (format!("http://[::1]:{port}/"), "loopback"),
        (format!("http://[::ffff:127.0.0.1]:{port}/"), "IPv4-mapped"),
        ("http://10.0.0.1/".to_owned(), "private"),
        ("http://169.254.169.254/latest/meta-data/".to_owned(), "link-local"),
        ("https://[fd00::1]/".to_owned(), "unique-local"),
        ("http://0/".to_owned(), "reserved"),
        (format!("http://ada:s3cret@127.0.0.1:{port}/"), "contains credentials"),
        ("ftp://127.0.0.1/".to_owned(), "only http and https"),
    ] {
        let server = Server::start(&[("/metadata", redirect(&to))]);
        let message = read(&server, "").unwrap_err();
        assert!(message.contains(why) && message.contains("is not followed"), "{to}: {message}");
        assert!(message.contains(&format!("`{}/metadata`", server.base)), "{message}");
        assert!(!message.contains("s3cret"), "{message}");
    }
    assert_eq!(other.paths(), [""; 0]);
}
