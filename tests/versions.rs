//! Instances of older FHIR versions: of DAF's and Argonaut's profiles, and of the constraints of DSTU2, each in JSON
//! and in XML. What the files hold: `tests/versions/README.md`.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

#[path = "versions/constraints.rs"]
mod constraints;
#[path = "versions/patch.rs"]
mod patch;
#[path = "versions/profiles.rs"]
mod profiles;
#[path = "harness/xml.rs"]
mod xml;

use std::path::{Path, PathBuf};

use fhir_accord::app::{App, Request, Settings};
use fhir_accord::profiles::evaluate::Policies;
use fhir_accord::profiles::instance::{Limits, parse};
use fhir_accord::profiles::issue::Report;
use serde_json::Value;

/// The engine over these packages and definitions.
fn open(packages: &[String]) -> App {
    let images = Some(Path::new(env!("CARGO_TARGET_TMPDIR")).join("versions"));
    App::open(&Settings { packages: packages.to_vec(), images, ..Settings::default() }).unwrap()
}

/// The JSON files of a folder below `tests/versions`, by name.
fn files(folder: &str) -> Vec<(PathBuf, Value)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/versions").join(folder);
    let mut paths: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()).collect();
    paths.sort();
    let read = |path: PathBuf| {
        let value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
        (path, value)
    };
    paths.into_iter().map(read).collect()
}

/// What is said of an instance as JSON, and as XML.
fn both(app: &App, instance: &Value, policies: &Policies) -> [Report; 2] {
    let json = instance.to_string();
    let model = app.set().model();
    let tape = parse(json.as_bytes(), model.names(), &Limits::default());
    let root = tape.root().unwrap();
    let mut xml = String::new();
    xml::write(root, model.resource_type(root), model, &mut xml);
    let request = Request { policies: policies.clone(), ..Request::default() };
    [json, xml].map(|text| app.validate(text.as_bytes(), &request).unwrap())
}

/// The errors, as rule or key of the constraint and place, sorted.
fn errors(report: &Report) -> Vec<String> {
    let errors = report.issues.iter().filter(|i| i.severity.is_error());
    let mut told: Vec<String> =
        errors.map(|i| format!("{} {}", i.constraint.as_deref().unwrap_or(i.rule.as_str()), i.expression)).collect();
    told.sort();
    told
}
