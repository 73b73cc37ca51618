//! Answers in XML, and what cannot be one.

use serde_json::{Value, json};

use super::both;
use crate::support::{PATIENT, json_of, parameters, shared, with};

#[test]
fn every_fhir_answer() {
    let patient = "/StructureDefinition?url=http://hl7.org/fhir/us/core/StructureDefinition/us-core-patient";
    for (path, status) in [
        ("/metadata", 200),
        ("/StructureDefinition/us-core-patient", 200),
        ("/ValueSet/administrative-gender", 200),
        ("/CodeSystem?_count=3&nonsense=1", 200),
        (patient, 200),
        ("/StructureDefinition?_count=0", 200),
        ("/StructureDefinition/nobody", 404),
        ("/nothing", 404),
        ("/$validate", 405),
        ("/ValueSet?_count=many", 400),
    ] {
        assert_eq!(both("GET", path, b"").status, status, "{path}");
    }
    let invalid = PATIENT.replace("female", "blue \\\"<&>\\\" \\n");
    for (path, body, status) in [
        ("/$validate", PATIENT, 200),
        ("/$validate", &invalid, 200),
        ("/$validate?_level=error", &invalid, 200),
        ("/$validate", "{", 200),
        ("/Observation/$validate", PATIENT, 400),
        ("/StructureDefinition/$snapshot", "{}", 400),
    ] {
        assert_eq!(both("POST", path, body.as_bytes()).status, status, "{path}");
    }
    let given = r#"{"name":"expression","valueString":"name | gender | 1.50 | @2020 | (1 'mg')"}"#;
    let outcome = both("POST", "/$fhirpath", parameters(Some(PATIENT), given).as_bytes());
    assert_eq!(outcome.status, 200);
}

#[test]
fn what_has_no_name_in_xml_is_not_written() {
    let odd = r#"{"resourceType":"Patient","a b><c":1}"#;
    let body = parameters(Some(odd), r#"{"name":"expression","valueString":"1"}"#);
    let ask = |accept: &str| shared().ask("POST", "/$fhirpath", &[("accept", accept)], body.as_bytes());
    assert_eq!(ask("application/fhir+json").status, 200);
    let refused = ask("application/fhir+xml");
    assert_eq!(refused.status, 406);
    let outcome = json_of(&refused.body);
    assert_eq!(outcome["issue"][0]["details"]["coding"][0]["code"], "format", "{outcome}");
    assert!(refused.header("x-request-id").is_some());
}

#[test]
fn large_answers_are_written_apart_from_others() {
    let server = with(json!({"limits": {"inlineBytes": 10}}));
    let answer = server.ask("GET", "/metadata", &[("accept", "application/fhir+xml")], b"");
    let told: Value = json_of(&answer.body);
    assert_eq!((answer.status, told["resourceType"].as_str()), (200, Some("CapabilityStatement")));
}
