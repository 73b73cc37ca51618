//! `accord negotiate --fetch`: what a server says of itself is read from it. Every server is on this machine.

mod documents;
mod redirects;
mod refused;
mod server;

use self::server::{Server, ok, status};
use crate::support::{Run, accord, root};

const SCOPE: &str = "launch/patient patient/Patient.rs patient/Observation.crs openid fhirUser";

fn example(name: &str) -> Vec<u8> {
    std::fs::read(root().join("examples").join(name)).unwrap()
}

/// A server with the example's statement, and these answers too.
fn fhir_server(more: &[(&str, server::Answer)]) -> Server {
    let statement = ok("application/fhir+json;charset=utf-8", &example("server.json"));
    Server::start(&[&[("/fhir/metadata", statement)], more].concat())
}

fn negotiate(server: &str, more: &[&str]) -> Run {
    let client = ["negotiate", "--client", "examples/client.json", "--scope", SCOPE, "--server", server];
    accord(&[&client, more].concat())
}

const HERE: [&str; 2] = ["--fetch", "--allow-private-addresses"];

#[test]
fn reads_statement_and_smart_configuration() {
    let smart = ok("application/json", &example("smart-configuration.json"));
    let server = fhir_server(&[("/fhir/.well-known/smart-configuration", smart)]);
    let files = ["--smart", "examples/smart-configuration.json", "--format", "json"];
    let from_files = negotiate("examples/server.json", &files).ended(0);
    let base = format!("{}/fhir", server.base);
    let fetched = negotiate(&base, &[&HERE[..], &["--format", "json"]].concat()).ended(0);
    let from = r#""from": "examples/server.json""#;
    assert!(from_files.out.contains(from));
    let expected = from_files.out.replace(from, &format!(r#""from": "{base}/metadata""#));
    assert_eq!((fetched.out, fetched.err.as_str()), (expected, ""));
    let requests = server.requests();
    assert_eq!(requests.len(), 2);
    assert!(requests[0].starts_with("get /fhir/metadata http/1.1\n"), "{}", requests[0]);
    assert!(requests[0].contains("accept: application/fhir+json"), "{}", requests[0]);
    assert!(requests[1].starts_with("get /fhir/.well-known/smart-configuration "), "{}", requests[1]);
    for said in requests {
        assert!(!["authorization", "cookie", "referer"].iter().any(|h| said.contains(h)), "{said}");
    }
    let text = negotiate(&format!("{base}/metadata"), &HERE).ended(0).out;
    assert!(text.contains(&format!(": examples/client.json with {base}/metadata\n")), "{text}");
    assert_eq!(server.paths(), ["/fhir/metadata", "/fhir/.well-known/smart-configuration"]);
}

#[test]
fn asks_only_for_what_is_needed() {
    let server = fhir_server(&[]);
    let url = format!("{}/fhir/metadata", server.base);
    let file = ["--smart", "examples/smart-configuration.json"];
    negotiate(&url, &[&HERE[..], &file].concat()).ended(0);
    assert_eq!(server.paths(), ["/fhir/metadata"], "the SMART configuration is given");
    let client = ["negotiate", "--client", &url, "--server", "examples/server.json"];
    let run = accord(&[&client[..], &HERE].concat()).ended(0);
    assert!(run.out.contains(&format!(": {url} with examples/server.json\n")), "{}", run.out);
    assert_eq!(server.paths(), ["/fhir/metadata"], "a client has no SMART configuration");
    negotiate("examples/server.json", &HERE).ended(0);
    assert_eq!(server.paths(), [""; 0]);
}

#[test]
fn goes_on_without_a_smart_configuration_and_tells_so() {
    let path = "/fhir/.well-known/smart-configuration";
    for (answer, why) in [
        (status("404 Not Found"), "does not exist"),
        (status("500 Internal Server Error"), "500 Internal Server Error"),
        (ok("text/html", b"<html>"), "an HTML page"),
        (ok("application/json", b"[]"), "not a JSON object"),
    ] {
        let server = fhir_server(&[(path, answer)]);
        let run = negotiate(&format!("{}/fhir", server.base), &HERE).ended(0);
        assert!(run.err.starts_with("negotiating without a SMART configuration: "), "{}", run.err);
        assert!(run.err.contains(&format!("{}{path}", server.base)) && run.err.contains(why), "{}", run.err);
        assert_eq!(run.out.replace(&format!("{}/fhir/metadata", server.base), "examples/server.json"), without_smart());
    }
}

fn without_smart() -> String {
    negotiate("examples/server.json", &[]).ended(0).out
}
