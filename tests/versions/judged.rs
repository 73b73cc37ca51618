//! How the instances of `tests/versions` are judged.

use std::path::{Path, PathBuf};

use fhir_accord::app::{App, Request};
use fhir_accord::profiles::evaluate::Policies;
use fhir_accord::profiles::instance::{Limits, parse};
use fhir_accord::profiles::issue::{Report, Verdict};
use fhir_accord::profiles::xml::node_xml;
use serde_json::Value;

use crate::patch::patched;

/// The JSON files of a folder below `tests/versions`, by name.
pub fn files(folder: &str) -> Vec<(PathBuf, Value)> {
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
pub fn both(app: &App, instance: &Value, policies: &Policies) -> [Report; 2] {
    let json = instance.to_string();
    let model = app.set().model();
    let tape = parse(json.as_bytes(), model.names(), &Limits::default());
    let xml = node_xml(tape.root().unwrap(), model).unwrap();
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

fn place(expected: &Value) -> String {
    format!("{} {}", expected["rule"].as_str().unwrap(), expected["expression"].as_str().unwrap())
}

/// What is judged wrongly of the valid and the faulty instances of a profile, in JSON and in XML; `example` gives the
/// instances that the file only names.
pub fn wrong(app: &App, file: &Value, example: impl Fn(&str) -> Value) -> Vec<String> {
    let given = |v: &Value| v["example"].as_str().map_or_else(|| v.clone(), &example);
    let valid: Vec<Value> = file["valid"].as_array().unwrap().iter().map(given).collect();
    let mut wrong = Vec::new();
    for (i, instance) in valid.iter().enumerate() {
        for (report, form) in both(app, instance, &Policies::default()).iter().zip(["JSON", "XML"]) {
            if report.verdict == Verdict::Invalid {
                wrong.push(format!("valid {i} in {form}: {:?}", errors(report)));
            }
        }
    }
    for fault in file["faulty"].as_array().unwrap() {
        let instance = patched(&valid[fault["from"].as_u64().unwrap() as usize], &fault["change"]);
        let mut expected: Vec<String> = fault["expected"].as_array().unwrap().iter().map(place).collect();
        expected.sort();
        let forms = both(app, &instance, &Policies::default());
        let in_xml = fault["form"] != "JSON";
        for (report, form) in forms.iter().zip(["JSON", "XML"]).filter(|(_, form)| in_xml || *form == "JSON") {
            let found = errors(report);
            if found != expected {
                wrong.push(format!("{} in {form}: {found:?}, not {expected:?}", fault["why"]));
            }
        }
    }
    wrong
}
