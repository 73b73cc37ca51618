//! Valid and faulty instances of every profile of a guide.

use std::collections::BTreeSet;

use fhir_accord::packages::embedded;
use fhir_accord::profiles::evaluate::Policies;
use fhir_accord::profiles::issue::Verdict;
use serde_json::Value;

use crate::patch::patched;
use crate::{both, errors, files, open};

/// Every profile of a guide has two valid instances and four faulty ones, which are judged so in JSON and XML, with the
/// errors at their places.
fn guide(package: &str, folder: &str) {
    let app = open(&[package.to_owned()]);
    let mut wrong = Vec::new();
    let mut profiles = BTreeSet::new();
    for (path, file) in files(folder) {
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        let (valid, faulty) = (file["valid"].as_array().unwrap(), file["faulty"].as_array().unwrap());
        assert!(valid.len() >= 2 && faulty.len() >= 4, "{name}: too few instances");
        profiles.insert(file["profile"].as_str().unwrap().to_owned());
        for (i, instance) in valid.iter().enumerate() {
            for (report, form) in both(&app, instance, &Policies::default()).iter().zip(["JSON", "XML"]) {
                if report.verdict == Verdict::Invalid {
                    wrong.push(format!("{name} valid {i} in {form}: {:?}", errors(report)));
                }
            }
        }
        for fault in faulty {
            let instance = patched(&valid[fault["from"].as_u64().unwrap() as usize], &fault["change"]);
            let mut expected: Vec<String> = fault["expected"].as_array().unwrap().iter().map(place).collect();
            expected.sort();
            let forms = both(&app, &instance, &Policies::default());
            let in_xml = fault["form"] != "JSON";
            for (report, form) in forms.iter().zip(["JSON", "XML"]).filter(|(_, form)| in_xml || *form == "JSON") {
                let found = errors(report);
                if found != expected {
                    wrong.push(format!("{name} {} in {form}: {found:?}, not {expected:?}", fault["why"]));
                }
            }
        }
    }
    let (id, version) = package.split_once('#').unwrap();
    let package = embedded::load(id, version).unwrap().unwrap();
    let defined = package.definitions.iter().filter(|d| d.resource_type == "StructureDefinition");
    let missing: Vec<&str> = defined.map(|d| d.url.as_str()).filter(|url| !profiles.contains(*url)).collect();
    assert!(missing.is_empty(), "no instances of {missing:?}");
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

fn place(expected: &Value) -> String {
    format!("{} {}", expected["rule"].as_str().unwrap(), expected["expression"].as_str().unwrap())
}

#[test]
fn daf() {
    guide("hl7.fhir.us.daf#1.0.2", "dstu2/daf");
}

#[test]
fn argonaut() {
    guide("fhir.argonaut.r2#1.0.0", "dstu2/argonaut");
}
