//! `$versions`: the FHIR versions that a server speaks
//! (<https://hl7.org/fhir/R4/capabilitystatement-operation-versions.html>).

use serde_json::{Value, json};

/// The Parameters of the answer; versions are as `4.0`.
pub fn versions(all: &[&str], default: &str) -> Value {
    let mut parameter: Vec<Value> = all.iter().map(|v| json!({"name": "version", "valueCode": v})).collect();
    parameter.push(json!({"name": "default", "valueCode": default}));
    json!({"resourceType": "Parameters", "parameter": parameter})
}

/// The answer in plain JSON.
pub fn versions_json(all: &[&str], default: &str) -> Value {
    json!({"versions": all, "default": default})
}

/// The answer in XML: plain, or as Parameters where `fhir`.
///
/// ```
/// use fhir_accord_capability::standard::versions_xml;
///
/// assert_eq!(
///     versions_xml(&["4.0"], "4.0"),
///     "<versions><version>4.0</version><default>4.0</default></versions>"
/// );
/// ```
pub fn versions_xml(all: &[&str], default: &str) -> String {
    let one = |name: &str, version: &str| format!("<{name}>{version}</{name}>");
    let list: Vec<String> = all.iter().map(|v| one("version", v)).chain([one("default", default)]).collect();
    format!("<versions>{}</versions>", list.concat())
}
