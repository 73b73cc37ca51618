//! Reports as text and as OperationOutcome, over embedded packages.

use std::path::Path;
use std::sync::OnceLock;

use fhir_accord::app::{App, Request, Settings};
use fhir_accord::render::{outcome, text};

use crate::{compact, compare};

fn app() -> &'static App {
    static APP: OnceLock<App> = OnceLock::new();
    APP.get_or_init(|| {
        let packages = ["hl7.fhir.us.core#6.1.0", "hl7.fhir.us.core#3.1.1"].map(str::to_owned).into();
        App::open(&Settings { packages, ..Settings::default() }).unwrap()
    })
}

/// Compares both forms of the report on an instance of `tests/golden/instances/`.
fn report(file: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/instances").join(file);
    let instance = std::fs::read(&path).unwrap();
    let report = app().validate(&instance, &Request::default()).unwrap();
    let mut out = Vec::new();
    text(&report, file, &instance, false, &mut out).unwrap();
    let name = file.split('.').next().unwrap();
    compare("reports", &format!("{name}.text"), std::str::from_utf8(&out).unwrap());
    compare(
        "reports",
        &format!("{name}.json"),
        &compact::text(&serde_json::to_value(outcome(&report, Some(file))).unwrap()),
    );
}

#[test]
fn slices() {
    report("slices.json");
}

#[test]
fn bindings() {
    report("bindings.json");
}

#[test]
fn references() {
    report("references.json");
}

#[test]
fn invariants() {
    report("invariants.json");
}

#[test]
fn extensions() {
    report("extensions.json");
}

#[test]
fn bundle() {
    report("bundle.json");
}

#[test]
fn format_xml() {
    report("format_xml.xml");
}

#[test]
fn undetermined() {
    report("undetermined.json");
}

#[test]
fn several_profiles() {
    report("several_profiles.json");
}

#[test]
fn syntax() {
    report("syntax.json");
}
