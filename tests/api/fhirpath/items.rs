//! The items of a result: types, paths, digits.

use serde_json::{Value, json};

use super::{asked, post, results};
use crate::support::shared;

#[test]
fn items_come_typed_and_with_their_paths() {
    let answer = post("name.given | birthDate | active | name.count() | 1.50 | 4 days | today().type()", "");
    let json = answer.json();
    assert_eq!((json["resourceType"].as_str(), json["id"].as_str()), (Some("Parameters"), Some("fhirpath")));
    let all = results(&answer);
    assert_eq!((all.len(), &all[0].0), (1, &None));
    let parts = &all[0].1;
    let path = |p: &Value| p["extension"][0]["valueString"].clone();
    assert_eq!(
        parts[0],
        json!({"extension": [{"url": "http://fhir.forms-lab.com/StructureDefinition/resource-path",
            "valueString": "Patient.name[0].given[0]"}], "name": "string", "valueString": "Peter"})
    );
    let find = |name: &str| parts.iter().find(|p| p["name"] == name).unwrap_or_else(|| panic!("{name}: {parts:?}"));
    assert_eq!(
        (find("date")["valueDate"].clone(), path(find("date"))),
        (json!("1974-12-25"), json!("Patient.birthDate"))
    );
    assert_eq!(find("boolean")["valueBoolean"], true);
    assert_eq!(find("integer")["valueInteger"], 2);
    assert_eq!(find("Quantity")["valueQuantity"]["code"], "d");
    assert!(find("TypeInfo")["extension"][0]["valueString"].as_str().unwrap().contains("System"));
    assert!(String::from_utf8_lossy(&answer.body).contains("\"valueDecimal\":1.50"));
}

#[test]
fn elements_keep_their_digits_and_what_parts_cannot_hold_is_json() {
    let answer = post("extension.value | name[1].given | contact | managingOrganization | %resource", "");
    let parts = results(&answer)[0].1.clone();
    let text = String::from_utf8_lossy(&answer.body).into_owned();
    assert!(text.contains("\"valueQuantity\":{\"value\":1.50,") && text.contains("\"valueDecimal\":2.50"), "{text}");
    let names: Vec<&str> = parts.iter().map(|p| p["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["Quantity", "decimal", "string", "Patient.contact", "Reference", "Patient"]);
    assert_eq!(parts[2]["_valueString"], json!({"id": "g"}));
    let contact: Value = serde_json::from_str(parts[3]["extension"][1]["valueString"].as_str().unwrap()).unwrap();
    assert_eq!(contact["name"]["family"], "du Marché");
    assert_eq!(parts[4]["valueReference"]["reference"], "Organization/1");
    assert_eq!(parts[5]["resource"]["id"], "example");
}

#[test]
fn each_context_item_has_its_result_and_traces() {
    let answer = post("given.trace('trc').join(' ') & %context.use", r#",{"name":"context","valueString":"name"}"#);
    let all = results(&answer);
    assert_eq!(
        all.iter().map(|(p, _)| p.as_deref().unwrap()).collect::<Vec<_>>(),
        ["Patient.name[0]", "Patient.name[1]"]
    );
    assert_eq!(all[0].1[0]["valueString"], "Peter Jamesofficial");
    let trace = &all[0].1[1];
    assert_eq!((trace["name"].as_str(), trace["valueString"].as_str()), (Some("trace"), Some("trc")));
    assert_eq!(
        (trace["part"][1]["valueString"].as_str(), trace["part"][1]["extension"][0]["valueString"].as_str()),
        (Some("James"), Some("Patient.name[0].given[1]"))
    );
    assert_eq!(asked(&answer, "context")["valueString"], "name");
    let computed = results(&post("$this + 1", r#",{"name":"context","valueString":"name.count()"}"#));
    assert_eq!(
        (computed[0].0.as_deref(), computed[0].1[0]["valueInteger"].as_i64()),
        (Some("name.count()[0]"), Some(3))
    );
    assert_eq!(results(&post("$this", r#",{"name":"context","valueString":"photo"}"#)), []);
}

#[test]
fn definitions_answer() {
    let told = |expression: &str| results(&post(expression, ""))[0].1.clone();
    let parts = told(
        "name.given.first().elementDefinition().path | name[0].elementDefinition().max | \
            contact.gender.elementDefinition().path | elementDefinition().path | 1.elementDefinition()",
    );
    let texts: Vec<&str> = parts.iter().map(|p| p["valueString"].as_str().unwrap()).collect();
    assert_eq!(texts, ["HumanName.given", "*", "Patient.contact.gender", "Patient"]);
    assert_eq!(told("birthDate.elementDefinition()")[0]["valueElementDefinition"], serde_json::Value::Null);
    let race = r#"{"resourceType":"Parameters","parameter":[{"name":"expression","valueString":"extension.slice('http://hl7.org/fhir/us/core/StructureDefinition/us-core-patient','race').url | extension.slice('http://hl7.org/fhir/us/core/StructureDefinition/us-core-patient','nothing').url"},
        {"name":"resource","resource":{"resourceType":"Patient","extension":[{"url":"http://x.example/e"},{"url":"http://hl7.org/fhir/us/core/StructureDefinition/us-core-race"}]}}]}"#;
    let parts = results(&shared().post("/$fhirpath", race))[0].1.clone();
    assert_eq!(
        parts.iter().map(|p| p["valueUri"].as_str().unwrap()).collect::<Vec<_>>(),
        ["http://hl7.org/fhir/us/core/StructureDefinition/us-core-race"]
    );
    let bp = r#"{"resourceType":"Parameters","parameter":[{"name":"expression","valueString":"component.slice('http://hl7.org/fhir/us/core/StructureDefinition/us-core-blood-pressure','systolic').value.value"},
        {"name":"resource","resource":{"resourceType":"Observation","component":[{"code":{"coding":[{"system":"http://loinc.org","code":"8462-4"}]},"valueQuantity":{"value":80}},{"code":{"coding":[{"system":"http://loinc.org","code":"8480-6"}]},"valueQuantity":{"value":120}}]}}]}"#;
    assert_eq!(
        results(&shared().post("/$fhirpath", bp))[0]
            .1
            .iter()
            .map(|p| p["valueDecimal"].as_i64().unwrap())
            .collect::<Vec<_>>(),
        [120]
    );
}
