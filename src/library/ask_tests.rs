use serde_json::json;

use super::*;

fn asked(request: Value) -> Result<Value, String> {
    negotiate(&Negotiation { request, script: None, from: [None, None] }, &Stop::default())
}

#[test]
fn guides_are_negotiated() {
    let found = asked(json!({"client": "ig:hl7.fhir.uv.ips", "server": "ig:hl7.fhir.us.core#6.1.0"})).unwrap();
    assert!(found["verdict"].is_string() && found["id"].is_string());
}

#[test]
fn what_is_wrong_with_a_request_is_named() {
    assert!(asked(json!({"client": "ig:hl7.fhir.uv.ips"})).unwrap_err().contains("server"));
    let other = json!({"client": "ig:hl7.fhir.uv.ips", "server": "ig:hl7.fhir.us.core", "flow": "sideways"});
    assert!(asked(other).unwrap_err().contains("/flow"));
    let absent = json!({"client": "ig:no.such.guide", "server": "ig:hl7.fhir.us.core"});
    assert!(asked(absent).unwrap_err().contains("no.such.guide"));
}

#[test]
fn profiles_are_compared() {
    let us_core = "http://hl7.org/fhir/us/core/StructureDefinition/us-core-practitioner";
    let comparison = Comparison {
        left: us_core.to_owned(),
        right: "http://hl7.org/fhir/StructureDefinition/Practitioner".to_owned(),
        packages: vec!["hl7.fhir.us.core#6.1.0".to_owned()],
        fhir_version: "R4".to_owned(),
        both: false,
        explain: false,
    };
    let found = compare(&comparison, &Stop::default()).unwrap();
    assert_eq!(found.pairs.iter().map(|p| p.validity.name()).collect::<Vec<_>>(), ["proven"]);
    assert!(compare(&Comparison { fhir_version: "R9".to_owned(), ..comparison }, &Stop::default()).is_err());
}
