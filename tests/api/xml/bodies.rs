//! Other bodies in XML.

use serde_json::json;

use crate::support::{PATIENT, parameters, shared, xml_of};

#[test]
fn other_bodies_in_xml() {
    let post = |path: &str, body: &[u8]| shared().ask("POST", path, &[("content-type", "application/fhir+xml")], body);
    let url = "http://hl7.org/fhir/us/core/StructureDefinition/us-core-patient";
    let asked = parameters(None, &json!({"name": "url", "valueUri": url}).to_string());
    let by_json = shared().post("/StructureDefinition/$snapshot", &asked);
    let by_xml = post("/StructureDefinition/$snapshot", &xml_of(asked.as_bytes()));
    assert_eq!((by_json.status, by_json.json()), (by_xml.status, by_xml.json()));
    assert!(by_json.body.len() > 10_000, "{}", by_json.body.len());
    let definition = by_json.json();
    let sent = post("/StructureDefinition/$snapshot", &xml_of(definition.to_string().as_bytes()));
    assert_eq!(sent.json()["snapshot"], definition["snapshot"]);
    let given = r#"{"name":"expression","valueString":"active"}"#;
    let answer = post("/$fhirpath", &xml_of(parameters(Some(PATIENT), given).as_bytes()));
    assert_eq!(answer.status, 200, "{}", String::from_utf8_lossy(&answer.body));
    for broken in
        [&b"<Parameters"[..], b"<Parameters xmlns=\"http://hl7.org/fhir\">x</Parameters>", b"<!DOCTYPE x []><x/>"]
    {
        let answer = post("/StructureDefinition/$snapshot", broken);
        assert_eq!((answer.status, answer.codes()), (400, vec!["body-syntax".to_owned()]));
    }
    let many = format!("<Parameters xmlns=\"http://hl7.org/fhir\">{}</Parameters>", "<a/>".repeat(600_000));
    assert_eq!(post("/StructureDefinition/$snapshot", many.as_bytes()).status, 413);
    let text = shared().ask("POST", "/StructureDefinition/$snapshot", &[("content-type", "text/plain")], b"x");
    assert_eq!(text.status, 415);
}
