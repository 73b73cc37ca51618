//! Definitions given as instances, and codes in versions of their systems.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

#[path = "definitions/codes.rs"]
mod codes;
#[path = "definitions/elements.rs"]
mod elements;
#[path = "definitions/profiles.rs"]
mod profiles;
#[path = "definitions/questionnaires.rs"]
mod questionnaires;
#[path = "definitions/values.rs"]
mod values;
#[path = "definitions/versions.rs"]
mod versions;

use std::path::Path;

use fhir_accord::app::{App, Request, Settings};
use fhir_accord::profiles::issue::Report;
use serde_json::{Value, json};

const BASE: &str = "http://definitions.test";

/// The engine over the core and these definitions.
fn open(definitions: &[Value]) -> App {
    let folder = tempfile::tempdir().unwrap();
    for (i, definition) in definitions.iter().enumerate() {
        std::fs::write(folder.path().join(format!("{i}.json")), definition.to_string()).unwrap();
    }
    let images = Some(Path::new(env!("CARGO_TARGET_TMPDIR")).join("definitions"));
    let mut packages = vec!["hl7.fhir.r4.core#4.0.1".to_owned()];
    packages.extend((!definitions.is_empty()).then(|| folder.path().display().to_string()));
    App::open(&Settings { packages, images, ..Settings::default() }).unwrap()
}

fn validate(app: &App, instance: &Value) -> Report {
    app.validate(instance.to_string().as_bytes(), &Request::default()).unwrap()
}

/// The issues that are errors or leave the verdict open, as rule and place.
fn issues(report: &Report) -> Vec<String> {
    let told = report.issues.iter().filter(|i| i.severity.is_error() || i.open);
    told.map(|i| {
        format!(
            "{}{} {}",
            if i.open { "?" } else { "" },
            i.rule.as_str(),
            i.expression.trim_start_matches("StructureDefinition.").trim_start_matches("differential.")
        )
    })
    .collect()
}

/// A profile of a type, or of another profile, with these elements.
fn profile(name: &str, of: &str, base: &str, elements: &Value) -> Value {
    json!({
        "resourceType": "StructureDefinition", "id": name, "url": format!("{BASE}/StructureDefinition/{name}"),
            "name": "P", "status": "draft", "fhirVersion": "4.0.1",
        "kind": "resource", "abstract": false, "type": of, "derivation": "constraint", "baseDefinition": base,
            "differential": {"element": elements}
    })
}

fn core(name: &str) -> String {
    format!("http://hl7.org/fhir/StructureDefinition/{name}")
}

/// What is said of a profile of a core type with these elements.
fn said(app: &App, of: &str, elements: Value) -> Vec<String> {
    issues(&validate(app, &profile("p", of, &core(of), &elements)))
}

#[test]
fn large_and_deep_definitions_come_to_an_end() {
    let app = open(&[]);
    let many: Vec<Value> = (0..10_000)
        .map(|i| json!({"id": format!("Patient.name:s{i}"), "path": "Patient.name", "sliceName": format!("s{i}")}))
        .collect();
    assert!(said(&app, "Patient", Value::Array(many)).iter().all(|i| i.starts_with("structure-slicing")));
    let deep = format!("Questionnaire{}", ".item".repeat(20_000));
    assert_eq!(said(&app, "Questionnaire", json!([{"id": deep, "path": deep}])), ["?structure-path element[0]"]);
}
