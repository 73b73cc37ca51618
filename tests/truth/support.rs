//! The engine over small definitions, and what it says of instances.

use std::path::Path;

use fhir_accord::app::{App, Settings};
use fhir_accord::profiles::evaluate::{Memory, Policies};
use fhir_accord::profiles::issue::{Report, Severity, Verdict};
use serde_json::{Value, json};

/// The base url of the definitions of these tests.
pub const BASE: &str = "http://truth.test/StructureDefinition";

/// The engine over the core, terminology and these definitions.
pub fn open(definitions: &[Value]) -> App {
    let folder = tempfile::tempdir().unwrap();
    for (i, definition) in definitions.iter().enumerate() {
        std::fs::write(folder.path().join(format!("{i}.json")), definition.to_string()).unwrap();
    }
    let images = Some(Path::new(env!("CARGO_TARGET_TMPDIR")).join("truth"));
    let mut packages = vec!["hl7.fhir.r4.core#4.0.1".to_owned(), "hl7.terminology.r4#7.3.0".to_owned()];
    packages.extend((!definitions.is_empty()).then(|| folder.path().display().to_string()));
    App::open(&Settings { packages, images, ..Settings::default() }).unwrap()
}

/// A profile of a type with these elements of a differential; `name` is the last part of its url.
pub fn profile(name: &str, of: &str, elements: Value) -> Value {
    let kind = if of.starts_with(|c: char| c.is_ascii_uppercase())
        && !matches!(of, "Identifier" | "HumanName" | "Extension")
    {
        "resource"
    } else {
        "complex-type"
    };
    json!({
        "resourceType": "StructureDefinition", "id": name, "url": format!("{BASE}/{name}"), "name": "P",
            "status": "draft", "fhirVersion": "4.0.1",
        "kind": kind, "abstract": false, "type": of, "derivation": "constraint",
        "baseDefinition": format!("http://hl7.org/fhir/StructureDefinition/{of}"), "differential": {"element": elements}
    })
}

/// A profile of a resource type with one constraint at its root.
pub fn constrained(name: &str, of: &str, expression: &str) -> Value {
    profile(
        name,
        of,
        json!([{"id": of, "path": of, "constraint": [{"key": "t-1", "severity": "error", "human": "h",
            "expression": expression}]}]),
    )
}

/// The report on an instance under the profiles of these names.
pub fn report(app: &App, instance: &Value, profiles: &[&str], policies: &Policies) -> Report {
    text_report(app, instance.to_string().as_bytes(), profiles, policies)
}

/// The report on a text.
pub fn text_report(app: &App, text: &[u8], profiles: &[&str], policies: &Policies) -> Report {
    let urls: Vec<String> =
        profiles.iter().map(|p| if p.contains(':') { (*p).to_owned() } else { format!("{BASE}/{p}") }).collect();
    let asked = app.profiles(&urls).unwrap();
    let report = app.check(&app.evaluator(), text, &asked, policies, None, &mut Memory::default());
    let errors = report.issues.iter().any(|i| i.severity <= Severity::Error);
    assert!(
        !errors || report.verdict == Verdict::Invalid,
        "an error is listed and the verdict is {:?}",
        report.verdict
    );
    report
}

/// The verdict on an instance under the profiles of these names.
pub fn verdict(app: &App, instance: &Value, profiles: &[&str]) -> Verdict {
    report(app, instance, profiles, &Policies::default()).verdict
}

/// The ids of the rules that a report lists.
pub fn rules(report: &Report) -> Vec<&str> {
    report.issues.iter().map(|i| i.rule.as_str()).collect()
}

/// A patient as the entry of a Bundle.
pub fn entry(number: usize, mut patient: Value) -> Value {
    patient["resourceType"] = "Patient".into();
    patient["id"] = format!("p{number}").into();
    json!({"fullUrl": format!("http://a.test/Patient/p{number}"), "resource": patient})
}

/// A collection of entries.
pub fn collection(entries: Vec<Value>) -> Value {
    json!({"resourceType": "Bundle", "type": "collection", "entry": entries})
}
