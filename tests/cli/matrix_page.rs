//! `accord matrix --format html`: what the matrix says as a page, whatever is in the inputs.

use std::time::{Duration, Instant};

use fhir_accord::capability::rules::meaning;
use serde_json::{Value, json};

use crate::page::{links, loads_nothing, only_known_markup, text};
use crate::support::{accord, folder, path};

const STATEMENTS: [&str; 6] = [
    "--client",
    "tests/golden/statements",
    "tests/page/hostile-client.json",
    "--server",
    "tests/golden/statements",
    "examples/server.json",
];

fn matrix(sides: &[&str], format: &str) -> String {
    accord(&[&["matrix"], sides, &["--format", format]].concat()).ended(0).out
}

/// The reasons of what weighs in the cells, and of what is missing where.
fn blocking(result: &Value) -> Vec<String> {
    let of = |rows: &Value| -> Vec<String> {
        let rows = rows.as_array().unwrap().iter().filter(|row| row["weighs"] != "MAY");
        rows.flat_map(|row| row["why"].as_array().unwrap()).map(|id| id.as_str().unwrap().to_owned()).collect()
    };
    let cells = result["cells"].as_array().unwrap().iter().map(|cell| &cell["open"]);
    let mut all: Vec<String> =
        cells.chain(result["reports"].as_array().unwrap().iter().map(|r| &r["lacking"])).flat_map(of).collect();
    all.sort();
    all.dedup();
    all
}

#[test]
fn it_says_what_the_matrix_says() {
    let (html, result) = (matrix(&STATEMENTS, "html"), matrix(&STATEMENTS, "json"));
    let (said, result): (String, Value) = (text(&html), serde_json::from_str(&result).unwrap());
    let why = blocking(&result);
    assert!(why.len() > 5, "{why:?}");
    for id in why {
        let meaning = meaning(&id).unwrap().replace('`', "");
        assert!(said.contains(&meaning), "{id}: {meaning}");
    }
    let cells = result["cells"].as_array().unwrap();
    let of = |verdict: &str| cells.iter().filter(|c| c["verdict"] == verdict).count();
    for verdict in ["compatible", "degraded", "indeterminate", "incompatible"] {
        let count = format!("<li><b>{}</b> <span class=\"chip", of(verdict));
        assert!(html.contains(&count), "{verdict}: {count}");
    }
    for report in result["reports"].as_array().unwrap() {
        for change in report["changes"].as_array().unwrap() {
            let texts: Vec<&str> = change["without"].as_array().unwrap().iter().map(|t| t.as_str().unwrap()).collect();
            assert!(said.contains(&format!("--without '{}'", texts.join(","))), "{texts:?}");
        }
    }
    let led = links(&html);
    assert_eq!(led.iter().filter(|a| a.starts_with('p') && a.contains('-')).count(), cells.len() - of("compatible"));
}

#[test]
fn it_loads_nothing_and_is_the_same_every_time() {
    let html = matrix(&STATEMENTS, "html");
    assert_eq!(html, matrix(&STATEMENTS, "html"));
    loads_nothing(&html);
}

#[test]
fn hostile_texts_are_texts() {
    let hostile: Value =
        serde_json::from_str(&std::fs::read_to_string("tests/page/hostile-client.json").unwrap()).unwrap();
    let mut server = hostile.clone();
    server["rest"][0] = json!({"mode": "server", "resource": [{"type": "Patient'; x '"}]});
    let (client, server) = (hostile.to_string(), server.to_string());
    let name = "<img src=x onerror=alert(9)> \u{202E}.json";
    let files = folder(&[(&format!("c/{name}"), client.as_bytes()), (&format!("s/{name}"), server.as_bytes())]);
    let (clients, servers) = (path(&files, "c"), path(&files, "s"));
    let html = matrix(&["--client", &clients, "--server", &servers, "--without", "Patient'; x '"], "html");
    loads_nothing(&html);
    only_known_markup(&html);
    links(&html);
    assert!(text(&html).contains("<img src=x onerror=alert(9)> ⟨U+202E⟩"), "{html}");
}

#[test]
fn witnesses_versions_and_smart_configurations() {
    let of = |mode: &str, version: &str| {
        json!({"resourceType": "CapabilityStatement", "kind": "instance", "fhirVersion": version,
            "rest": [{"mode": mode, "resource": [{"type": "Patient", "interaction": [{"code": "read"}]}]}]})
    };
    let smart = json!({"token_endpoint": "https://a.example/t", "authorization_endpoint": "https://a.example/a"});
    let files = folder(&[
        ("app.json", of("client", "4.0.1").to_string().as_bytes()),
        ("servers/newer.json", of("server", "5.0.0").to_string().as_bytes()),
        ("servers/same.json", of("server", "4.0.1").to_string().as_bytes()),
        ("smart/same.json", smart.to_string().as_bytes()),
    ]);
    let [app, servers, smart] = ["app.json", "servers", "smart"].map(|name| path(&files, name));
    let (client, server) = ("ig:hl7.fhir.ca.baseline#1.2.0", "ig:hl7.fhir.us.core#6.1.0");
    let sides = ["--client", &app, client, "--server", &servers, server, "--smart", &smart];
    let html = matrix(&sides, "html");
    links(&html);
    let said = text(&html);
    for part in [
        "other version",
        "The client speaks FHIR 4.0; the server: FHIR 5.0.",
        "1: newer – another FHIR version, left out below",
        "smart/same.json",
        "1 of 2 clients",
        "Witness: an instance that is valid for",
        "more witnesses are not shown.",
    ] {
        assert!(said.contains(part), "{part}");
    }
}

#[test]
fn many_pairs_are_bounded() {
    let of = |mode: &str, from: usize| {
        let resources: Vec<Value> = (from..from + 20)
            .map(|t| {
                let parameters: Vec<Value> =
                    (0..10).map(|p| json!({"name": format!("p{p}"), "type": "token"})).collect();
                json!({"type": format!("Type{t}"), "interaction": [{"code": "read"}], "searchParam": parameters})
            })
            .collect();
        json!({"resourceType": "CapabilityStatement", "kind": "instance", "fhirVersion": "4.0.1",
            "rest": [{"mode": mode, "resource": resources}]})
        .to_string()
    };
    let clients: Vec<(String, String)> = (0..12).map(|i| (format!("c/{i}.json"), of("client", i))).collect();
    let servers: Vec<(String, String)> = (0..100).map(|i| (format!("s/{i}.json"), of("server", i))).collect();
    let all: Vec<(&str, &[u8])> =
        clients.iter().chain(&servers).map(|(name, text)| (name.as_str(), text.as_bytes())).collect();
    let files = folder(&all);
    let (clients, servers) = (path(&files, "c"), path(&files, "s"));
    let started = Instant::now();
    let html = matrix(&["--client", &clients, "--server", &servers], "html");
    assert!(started.elapsed() < Duration::from_secs(60), "{:?}", started.elapsed());
    assert!(html.len() < 8_000_000, "{} bytes", html.len());
    assert!(text(&html).contains("Servers with the clients 9 to 12"));
    assert!(text(&html).contains("more pairs are not shown (limit 1000 pairs)."));
    links(&html);
}
