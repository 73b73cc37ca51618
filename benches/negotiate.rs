//! Negotiations, statements read and agreement drawn.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a benchmark may fail by panicking")]
#![allow(dead_code, reason = "every benchmark uses a part of `common`")]

mod common;

use std::path::Path;

use divan::Bencher;
use divan::counter::ItemsCount;
use fhir_accord::app;
use fhir_accord::capability::{NegotiateRequest, PackageDefinitions, Side, negotiate};
use serde_json::Value;

fn read(path: &Path) -> Value {
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

fn request(client: Side, server: Value) -> NegotiateRequest {
    let scope = "launch/patient patient/*.rs openid fhirUser".to_owned();
    let mut request = NegotiateRequest::new(client, Side::Statement(server));
    request.scope = Some(scope);
    request
}

fn definitions() -> PackageDefinitions {
    app::definitions(&[], &[]).unwrap()
}

/// The project's own example.
#[divan::bench]
fn example(bencher: Bencher) {
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    let definitions = definitions();
    let one = request(Side::Statement(read(&examples.join("client.json"))), read(&examples.join("server.json")));
    bencher.bench_local(|| negotiate(&one, &definitions).unwrap());
}

/// The client requirements of US Core 6.1.0 against every server of the shared folder.
#[divan::bench]
fn us_core_client_and_real_servers(bencher: Bencher) {
    let Some(folder) = common::shared().map(|s| s.join("capability")) else {
        eprintln!("not here: real servers");
        return;
    };
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|e| e.unwrap().path())
        .filter(|p| p.extension().is_some_and(|e| e == "json"))
        .collect();
    files.sort();
    let servers: Vec<Value> = files
        .iter()
        .map(|f| read(f))
        .filter(|v| v["resourceType"] == "CapabilityStatement" || v["resourceType"] == "Conformance")
        .collect();
    let definitions = definitions();
    let guide = Side::parse_guide(&format!("ig:{}", common::GUIDE)).unwrap();
    let requests: Vec<NegotiateRequest> = servers.into_iter().map(|s| request(guide.clone(), s)).collect();
    bencher
        .counter(ItemsCount::new(requests.len()))
        .bench_local(|| requests.iter().map(|r| negotiate(r, &definitions).unwrap().resources.len()).sum::<usize>());
}

fn main() {
    divan::main();
}
