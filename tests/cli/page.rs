//! `accord negotiate --format html`: a page that says what the result says, whatever stands in the inputs.

use std::time::{Duration, Instant};

use fhir_accord::capability::rules::meaning;
use regex::Regex;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::support::{accord, folder, path};

const EXAMPLE: [&str; 8] = [
    "--client",
    "examples/client.json",
    "--server",
    "examples/server.json",
    "--smart",
    "examples/smart-configuration.json",
    "--scope",
    "launch/patient patient/Patient.rs patient/Observation.crs openid fhirUser",
];

const HOSTILE: [&str; 4] = ["--client", "tests/page/hostile-client.json", "--server", "examples/server.json"];

pub fn negotiated(sides: &[&str], format: &str) -> String {
    accord(&[&["negotiate"], sides, &["--format", format]].concat()).ended(0).out
}

/// What is read on a page: its text without markup and style.
pub fn text(html: &str) -> String {
    let body = html.split("</style>").nth(1).unwrap();
    let plain = Regex::new("<[^>]*>").unwrap().replace_all(body, "").into_owned();
    let plain = plain.replace("&#60;", "<").replace("&#62;", ">").replace("&#34;", "\"").replace("&#39;", "'");
    plain.replace("&#38;", "&")
}

/// The parts of a result that have reasons, wherever they are.
pub fn reasons(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            let why = members.get("why").and_then(Value::as_array);
            found.extend(why.into_iter().flatten().filter_map(Value::as_str).map(str::to_owned));
            members.values().for_each(|v| reasons(v, found));
        }
        Value::Array(items) => items.iter().for_each(|v| reasons(v, found)),
        _ => {}
    }
}

/// A client statement with these members and these entries, and a server that has nothing, as files.
fn sides(more: Value, resources: Value) -> (TempDir, [String; 4]) {
    let statement = |mode: &str, resources: &Value| {
        json!({"resourceType": "CapabilityStatement", "status": "active", "kind": "instance", "fhirVersion": "4.0.1",
            "format": ["json"], "rest": [{"mode": mode, "resource": resources}]})
    };
    let mut client = statement("client", &resources);
    client.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    let (client, server) = (client.to_string(), statement("server", &json!([])).to_string());
    let files = folder(&[("client.json", client.as_bytes()), ("server.json", server.as_bytes())]);
    let arguments =
        ["--client".to_owned(), path(&files, "client.json"), "--server".to_owned(), path(&files, "server.json")];
    (files, arguments)
}

fn page(arguments: &[String]) -> String {
    negotiated(&arguments.iter().map(String::as_str).collect::<Vec<_>>(), "html")
}

#[test]
fn it_says_what_the_result_says() {
    let (html, result) = (negotiated(&EXAMPLE, "html"), negotiated(&EXAMPLE, "json"));
    let said = text(&html);
    assert!(html.starts_with("<!DOCTYPE html>\n<html lang=\"en\">"), "{html}");
    for part in ["WellNoteApp", "ClinicServer", "Every SHALL is met, but a SHOULD failed.", "Observation create"] {
        assert!(said.contains(part), "{part} is not on the page");
    }
    let mut why = Vec::new();
    reasons(&serde_json::from_str(&result).unwrap(), &mut why);
    assert!(why.len() > 5, "{why:?}");
    for id in why {
        let meaning = meaning(&id).unwrap().replace('`', "");
        assert!(said.contains(&meaning), "{id}: {meaning}");
        assert!(html.contains(&format!("<div id=\"rule-{id}\">")), "{id} is not explained");
    }
}

/// The links of a page to its own parts, once each is known to lead to one part.
pub fn links(html: &str) -> Vec<String> {
    let of = |pattern: &str| -> Vec<String> {
        Regex::new(pattern).unwrap().captures_iter(html).map(|c| c[1].to_owned()).collect()
    };
    let (mut ids, anchors) = (of(r##" id="([^"]*)""##), of(r##" href="#([^"]*)""##));
    assert!(anchors.iter().all(|a| ids.contains(a)), "{anchors:?}");
    let all = ids.len();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), all, "an id is on the page twice");
    anchors
}

#[test]
fn links_lead_somewhere() {
    let html =
        negotiated(&["--client", "ig:hl7.fhir.ca.baseline#1.2.0", "--server", "ig:hl7.fhir.us.core#6.1.0"], "html");
    assert!(links(&html).len() > 100);
    assert!(
        html.contains("Witness: an instance that is valid for") && html.contains("would also have to meet"),
        "{html}"
    );
}

/// Fails where a page loads or runs something.
pub fn loads_nothing(html: &str) {
    let loads = ["<script", "<link", "<img", "<iframe", "<object", "<svg", "url(", "@import", "@font-face", " src="];
    let (attribute, tag) = (Regex::new(r#" ([a-z-]+)="[^"]*//"#).unwrap(), Regex::new("<[^>]*>").unwrap());
    let others = attribute.captures_iter(html).map(|c| c[1].to_owned()).filter(|a| a != "href");
    assert_eq!(others.collect::<Vec<_>>(), [""; 0], "only links lead out");
    let style = html.split("style>").nth(1).unwrap();
    // What is in quotes is text.
    let value = Regex::new(r#"="[^"]*""#).unwrap();
    let tags: String = tag.find_iter(html).map(|t| t.as_str()).collect();
    let markup = format!("{}{style}", value.replace_all(&tags, "="));
    assert_eq!(loads.iter().filter(|word| markup.contains(**word)).collect::<Vec<_>>(), [&""; 0]);
    assert!(html.contains("content=\"default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'"), "{html}");
}

#[test]
fn it_loads_nothing_and_is_the_same_every_time() {
    for sides in [&EXAMPLE[..], &HOSTILE[..]] {
        let html = negotiated(sides, "html");
        assert_eq!(html, negotiated(sides, "html"));
        loads_nothing(&html);
    }
}

/// Fails where a page has characters that cannot be seen, or markup that no template has.
pub fn only_known_markup(html: &str) {
    for hidden in ['\u{202E}', '\u{7}'] {
        assert!(!html.contains(hidden), "{hidden:?}");
    }
    assert!(!html.contains("href=\"javascript:"), "{html}");
    let tags = Regex::new("<(/?)([A-Za-z0-9!]+)").unwrap();
    let known = "!doctype html head meta title style body a header p span h1 h2 h3 h4 bdi nav ul li main section div \
                 dl dt dd b table caption thead tbody tr th td code pre details summary footer br";
    for tag in tags.captures_iter(html) {
        assert!(known.split_whitespace().any(|k| k == tag[2].to_lowercase()), "<{}", &tag[2]);
    }
}

#[test]
fn hostile_texts_are_texts() {
    let html = negotiated(&HOSTILE, "html");
    only_known_markup(&html);
    let said = text(&html);
    let title = "</title><script>alert(3)</script> ⟨U+202E⟩esrever ⟨U+0007⟩ <img src=x onerror=alert(4)>";
    for whole in [title, "'\"` onfocus=alert(7) autofocus"] {
        assert!(said.contains(whole), "{whole}");
    }
}

#[test]
fn what_is_long_is_shortened_and_says_so() {
    let long = "<b>".repeat(350_000);
    let resources = json!([{"type": "Patient", "supportedProfile": [format!("http://example.org/{long}")],
        "interaction": [{"code": long}], "searchParam": [{"name": long, "type": "token", "definition": long}]}]);
    let (_files, arguments) = sides(json!({"title": long, "url": long, "version": long}), resources);
    let html = page(&arguments);
    assert!(html.len() < 300_000, "{} bytes", html.len());
    assert!(text(&html).contains("… (1049840 more bytes not shown)"), "{html}");
}

#[test]
fn ten_thousand_rows_and_more() {
    let entry = |t: usize, parameters: usize| {
        let parameters: Vec<Value> =
            (0..parameters).map(|p| json!({"name": format!("p{p}"), "type": "token"})).collect();
        json!({"type": format!("Type{t}"), "interaction": [{"code": "read"}], "searchParam": parameters})
    };
    let of = |types: usize| (0..types).map(|t| entry(t, 98)).collect::<Vec<_>>();
    let mut took = Vec::new();
    for (types, left_out) in [(100, None), (204, Some("400 items are not shown (limit 20000 items on this page)"))] {
        let (_files, arguments) = sides(json!({}), json!(of(types)));
        let started = Instant::now();
        let html = page(&arguments);
        took.push(started.elapsed());
        assert_eq!(html.matches("<tr id=\"r").count(), (types * 100).min(20_000));
        assert_eq!(text(&html).contains("items on this page"), left_out.is_some());
        assert!(left_out.is_none_or(|sentence| text(&html).contains(sentence)));
        assert!(text(&html).contains("The details of "), "{types}");
    }
    assert!(took.iter().all(|t| *t < Duration::from_secs(60)), "{took:?}");
}

#[test]
fn prefetch_templates_have_a_table() {
    let sides = ["--client", "examples/cds-services.json", "--server", "examples/server.json"];
    let html = negotiated(&[&sides[..], &["--scope", "patient/Patient.r"]].concat(), "html");
    links(&html);
    let said = text(&html);
    for part in
        ["Whether each prefetch template would be answered", "overdue-screening", "Patient/{{context.patientId}}"]
    {
        assert!(said.contains(part), "{part}");
    }
    assert!(!negotiated(&EXAMPLE, "html").contains("id=\"hooks\""));
}

#[test]
fn real_answers_are_told() {
    let patient = "http://hl7.org/fhir/us/core/StructureDefinition/us-core-patient";
    let of = |mode: &str| {
        json!({"resourceType": "CapabilityStatement", "status": "active", "kind": "instance", "fhirVersion": "4.0.1",
            "format": ["json"], "rest": [{"mode": mode, "resource": [{"type": "Patient",
                "supportedProfile": [format!("{patient}|6.1.0")], "interaction": [{"code": "read"}]}]}]})
    };
    let answer = json!({"resourceType": "Patient", "meta": {"profile": [patient]}, "birthDate": "1987-02-20"});
    let files = folder(&[
        ("c.json", of("client").to_string().as_bytes()),
        ("s.json", of("server").to_string().as_bytes()),
        ("answers.ndjson", answer.to_string().as_bytes()),
    ]);
    let [client, server, answers] = ["c.json", "s.json", "answers.ndjson"].map(|name| path(&files, name));
    let sides = ["--client", &client, "--server", &server];
    let html = negotiated(&[&sides[..], &["--observed", &answers]].concat(), "html");
    let said = text(&html);
    for part in [
        "1 resource in 1 file.",
        "Real answers: 1 of 1 fail, 0 undetermined",
        "of Patient.name in 1",
        "first in file 1",
    ] {
        assert!(said.contains(part), "{part}: {said}");
    }
    assert!(!html.contains("1987-02-20"), "{html}");
}
