//! Resources in XML and JSON.

use std::fs;

use fhir_accord_profiles::instance::Limits;
use fhir_accord_profiles::model::{self, xml_to_json};
use serde_json::Value;

use crate::harness::{Test, suites, tests};
use crate::packages::load;

pub const TESTS: &[Test] = tests! {
    "packages fhir-test-cases/r5" => examples_in_xml_are_their_twins_in_json;
};

/// Writes numbers in one way: the two formats of an example do not write all of them alike.
fn by_value(value: &mut Value) {
    match value {
        Value::Number(n) => *value = n.as_f64().into(),
        Value::Array(all) => all.iter_mut().for_each(by_value),
        Value::Object(all) => all.values_mut().for_each(by_value),
        _ => {}
    }
}

/// The suite's examples that exist in both formats; narratives are not laid out alike in the two.
fn examples_in_xml_are_their_twins_in_json() {
    let r5 = load("hl7.fhir.r5.core-5.0.0");
    let model = model::build(r5.definitions.iter().map(|d| &**d.value()));
    let folder = suites().0.join("r5/examples");
    let mut compared = 0;
    for file in
        fs::read_dir(&folder).unwrap().map(|e| e.unwrap().path()).filter(|p| p.extension().is_some_and(|e| e == "xml"))
    {
        let Ok(primitive_extension) = fs::read(file.with_extension("json")) else { continue };
        let written = xml_to_json(&fs::read(&file).unwrap(), &model, &Limits::default())
            .unwrap_or_else(|damage| panic!("{}: {damage:?}", file.display()));
        let without_div = |text: &[u8]| {
            let mut value: Value = serde_json::from_slice(text).unwrap();
            value["text"]["div"] = Value::Null;
            by_value(&mut value);
            value
        };
        assert_eq!(without_div(written.as_bytes()), without_div(&primitive_extension), "{}", file.display());
        compared += 1;
    }
    assert!(compared > 3, "{compared} examples");
}
