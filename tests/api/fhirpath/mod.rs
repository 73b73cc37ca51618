//! `$fhirpath`, by the interface of the FHIRPath Lab.

mod expressions;
mod items;
mod parameters;

use serde_json::Value;

use crate::support::{Answer, shared};

const PATIENT: &str = r#"{"resourceType":"Patient","id":"example","active":true,"gender":"male","birthDate":"1974-12-25",
  "name":[{"use":"official","family":"Chalmers","given":["Peter","James"]},{"use":"usual","given":["Jim"],"_given":[{"id":"g"}]}],
  "contact":[{"name":{"family":"du Marché"},"gender":"female"}],"managingOrganization":{"reference":"Organization/1"},
  "extension":[{"url":"http://nowhere.example/weight","valueQuantity":{"value":1.50,"unit":"kg","system":"http://unitsofmeasure.org","code":"kg"}},{"url":"http://nowhere.example/d","valueDecimal":2.50}]}"#;

fn body(expression: &str, more: &str) -> String {
    let expression = Value::from(expression);
    format!(
        r#"{{"resourceType":"Parameters","parameter":[{{"name":"expression","valueString":{expression}}},{{"name":"resource","resource":{PATIENT}}}{more}]}}"#
    )
}

fn post(expression: &str, more: &str) -> Answer {
    shared().post("/$fhirpath", body(expression, more))
}

/// The parts of the results, one list a context item, with the place of each.
fn results(answer: &Answer) -> Vec<(Option<String>, Vec<Value>)> {
    assert_eq!(answer.status, 200, "{}", String::from_utf8_lossy(&answer.body));
    let parameters = answer.json()["parameter"].as_array().unwrap().clone();
    let parts = |p: &Value| p["part"].as_array().cloned().unwrap_or_default();
    parameters
        .iter()
        .filter(|p| p["name"] == "result")
        .map(|p| (p["valueString"].as_str().map(str::to_owned), parts(p)))
        .collect()
}

/// A part of `parameters`.
fn asked(answer: &Answer, name: &str) -> Value {
    let json = answer.json();
    json["parameter"][0]["part"].as_array().unwrap().iter().find(|p| p["name"] == name).cloned().unwrap_or_default()
}
