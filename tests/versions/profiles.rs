//! Valid and faulty instances of every profile of a guide.

use std::collections::BTreeSet;

use fhir_accord::packages::embedded;

use crate::judged::{files, wrong};
use crate::open;

/// Every profile of a guide has two valid instances and four faulty ones, which are judged so in JSON and XML, with the
/// errors at their places.
fn guide(package: &str, folder: &str) {
    let app = open(&[package.to_owned()]);
    let mut faults = Vec::new();
    let mut profiles = BTreeSet::new();
    for (path, file) in files(folder) {
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        let count = |member: &str| file[member].as_array().unwrap().len();
        assert!(count("valid") >= 2 && count("faulty") >= 4, "{name}: too few instances");
        profiles.insert(file["profile"].as_str().unwrap().to_owned());
        let here = wrong(&app, &file, |example| panic!("{name} names the example {example}"));
        faults.extend(here.into_iter().map(|fault| format!("{name} {fault}")));
    }
    let (id, version) = package.split_once('#').unwrap();
    let package = embedded::find(id, version).unwrap().load().unwrap();
    let defined = package.definitions.iter().filter(|d| d.resource_type == "StructureDefinition");
    let missing: Vec<&str> = defined.map(|d| d.url.as_str()).filter(|url| !profiles.contains(*url)).collect();
    assert!(missing.is_empty(), "no instances of {missing:?}");
    assert!(faults.is_empty(), "{} wrong:\n{}", faults.len(), faults.join("\n"));
}

#[test]
fn daf() {
    guide("hl7.fhir.us.daf#1.0.2", "dstu2/daf");
}

#[test]
fn argonaut() {
    guide("fhir.argonaut.r2#1.0.0", "dstu2/argonaut");
}
