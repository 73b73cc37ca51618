//! What profiles may say in less usual ways: each form, an instance that keeps to it and one that does not.

mod bindings;
mod operations;
mod slices;
mod types;
mod value_sets;

use std::path::Path;

use fhir_accord::app::{App, Settings};
use fhir_accord::profiles::evaluate::{Memory, Policies};
use serde_json::{Value, json};

/// The engine over the core, terminology and these definitions.
fn open(definitions: &[Value]) -> App {
    let folder = tempfile::tempdir().unwrap();
    for (i, definition) in definitions.iter().enumerate() {
        std::fs::write(folder.path().join(format!("{i}.json")), definition.to_string()).unwrap();
    }
    let images = Some(Path::new(env!("CARGO_TARGET_TMPDIR")).join("definitions"));
    let packages = vec![
        "hl7.fhir.r4.core#4.0.1".to_owned(),
        "hl7.terminology.r4#7.3.0".to_owned(),
        folder.path().display().to_string(),
    ];
    App::open(&Settings { packages, images, ..Settings::default() }).unwrap()
}

/// A profile of a type with these elements; `name` is the last part of its url.
fn profile(name: &str, of: &str, elements: Value) -> Value {
    let kind = if of == "Extension" { "complex-type" } else { "resource" };
    json!({
        "resourceType": "StructureDefinition", "url": format!("http://forms.test/StructureDefinition/{name}"),
            "name": "P", "status": "draft",
        "fhirVersion": "4.0.1", "kind": kind, "abstract": false, "type": of, "derivation": "constraint",
        "baseDefinition": format!("http://hl7.org/fhir/StructureDefinition/{of}"), "differential": {"element": elements}
    })
}

/// The rules and places of the errors and warnings under a profile.
fn found(app: &App, name: &str, instance: &Value) -> Vec<String> {
    let asked = app.profiles(&[format!("http://forms.test/StructureDefinition/{name}")]).unwrap();
    let report = app.check(
        &app.evaluator(),
        instance.to_string().as_bytes(),
        &asked,
        &Policies::default(),
        None,
        &mut Memory::default(),
    );
    let told = report.issues.iter().filter(|i| i.rule.as_str() != "invariant" && i.severity.code() != "information");
    told.map(|i| format!("{} {}", i.rule.as_str(), i.expression)).collect()
}

fn observation(code: Value) -> Value {
    json!({"resourceType": "Observation", "status": "final", "code": code})
}
