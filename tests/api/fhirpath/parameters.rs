//! What is asked: parameters in JSON and XML, variables, the resource.

use serde_json::{Value, json};

use super::{PATIENT, asked, post, results};
use crate::support::{Answer, json_of, shared};

#[test]
fn what_was_asked_comes_back() {
    let more = r#",{"name":"validate","valueBoolean":true},{"name":"terminologyserver","valueString":"https://tx.example"},{"name":"variables","part":[{"name":"v","valueString":"x"}]}"#;
    let answer = post("gender & %v", more);
    assert!(asked(&answer, "evaluator")["valueString"].as_str().unwrap().starts_with("Accord "));
    assert_eq!(asked(&answer, "expression")["valueString"], "gender & %v");
    assert_eq!(asked(&answer, "resource")["resource"]["gender"], "male");
    assert_eq!(asked(&answer, "variables")["part"][0]["valueString"], "x");
    assert_eq!(asked(&answer, "terminologyserver")["valueString"], "https://tx.example");
    assert_eq!(asked(&answer, "expectedReturnType")["valueString"], "String");
    let tree: Value = serde_json::from_str(asked(&answer, "parseDebugTree")["valueString"].as_str().unwrap()).unwrap();
    assert_eq!(
        (tree["ExpressionType"].as_str(), tree["Name"].as_str(), tree["Position"].as_u64()),
        (Some("BinaryExpression"), Some("&"), Some(7))
    );
    assert_eq!(asked(&answer, "debugOutcome")["resource"]["issue"][0]["severity"], "information");
    let odd = post("name.givn.exists()", r#",{"name":"validate","valueBoolean":true}"#);
    let issue = asked(&odd, "debugOutcome")["resource"]["issue"][0].clone();
    assert_eq!(issue["severity"], "error");
    assert!(issue["details"]["text"].as_str().unwrap().contains("column 6"), "{issue}");
}

/// A number with its digits as they are written.
fn decimal(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

#[test]
fn variables_are_values_resources_and_json() {
    let more = r#",{"name":"variables","part":[{"name":"n","valueInteger":3},{"name":"q","valueQuantity":{"value":2,"unit":"d"}},
        {"name":"r","resource":{"resourceType":"Patient","gender":"other"}},{"name":"j","extension":[{"url":"http://fhir.forms-lab.com/StructureDefinition/json-value","valueString":"1.10"}]},{"name":"none"}]}"#;
    let parts = results(&post("(%n + 1) | %r.gender | %q.value | %j | %none", more))[0].1.clone();
    let values: Vec<Value> = parts
        .iter()
        .flat_map(|p| p.as_object().unwrap().iter().filter(|(k, _)| k.starts_with("value")).map(|(_, v)| v.clone()))
        .collect();
    assert_eq!(values, [json!(4), json!("other"), json!(2), decimal("1.10")]);
    assert!(parts.iter().all(|p| p.get("extension").is_none()), "only elements of the resource have paths: {parts:?}");
}

#[test]
fn the_resource_may_be_text() {
    let with = |resource: &str| {
        format!(
            r#"{{"resourceType":"Parameters","parameter":[{{"name":"expression","valueString":"active"}},{{"name":"resource",{resource}}}]}}"#
        )
    };
    let value = |resource: &str| results(&shared().post("/$fhirpath", with(resource)))[0].1[0].clone();
    let json = r#""extension":[{"url":"http://fhir.forms-lab.com/StructureDefinition/json-value","valueString":"{\"resourceType\":\"Patient\",\"active\":true}"}]"#;
    let xml = r#""extension":[{"url":"http://fhir.forms-lab.com/StructureDefinition/xml-value","valueString":"<Patient xmlns=\"http://hl7.org/fhir\"><active value=\"true\"/></Patient>"}]"#;
    let strings = [
        r#""valueString":"{\"resourceType\":\"Patient\",\"active\":true}""#,
        r#""valueString":"<?xml version=\"1.0\"?>\n<Patient xmlns=\"http://hl7.org/fhir\"><active value=\"true\"/></Patient>""#,
    ];
    for resource in [json, xml, strings[0], strings[1]] {
        assert_eq!(value(resource)["valueBoolean"], true, "{resource}");
    }
    let alone = shared().post(
        "/$fhirpath",
        r#"{"resourceType":"Parameters","parameter":[{"name":"expression","valueString":"1 + 1"}]}"#,
    );
    assert_eq!(results(&alone)[0].1[0]["valueInteger"], 2);
}

#[test]
fn bad_parameters_are_refused() {
    let p = |inner: &str| format!(r#"{{"resourceType":"Parameters","parameter":[{inner}]}}"#);
    let expression = r#"{"name":"expression","valueString":"active"}"#;
    for bad in [
        String::new(),
        "{".to_owned(),
        PATIENT.to_owned(),
        p(""),
        p(r#"{"name":"expression"}"#),
        p(&format!("{expression},{expression}")),
        p(&format!(r#"{expression},{{"name":"resource"}}"#)),
        p(&format!(r#"{expression},{{"name":"resource","valueString":"Patient/1"}}"#)),
        p(&format!(r#"{expression},{{"name":"resource","valueString":"{{"}}"#)),
        p(&format!(r#"{expression},{{"name":"variables","part":[{{"valueString":"x"}}]}}"#)),
    ] {
        let answer = shared().post("/$fhirpath", &bad);
        assert_eq!((answer.status, answer.json()["resourceType"].as_str()), (400, Some("OperationOutcome")), "{bad}");
    }
    let xml = |inner: &str| format!(r#"<Parameters xmlns="http://hl7.org/fhir">{inner}</Parameters>"#);
    let expression = r#"<parameter><name value="expression"/><valueString value="active"/></parameter>"#;
    for (bad, says) in [
        (
            r#"<Parameters><parameter><name value="expression"/><valueString value="1"/></parameter></Parameters>"#
                .to_owned(),
            "outside of the FHIR namespace at line 1, column 2",
        ),
        (xml(""), "`expression` is missing"),
        (xml(r#"<parameter><name value="expression"/></parameter>"#), "`expression` has no value"),
        (
            xml(&format!(r#"{expression}<parameter><name value="resource"/><resource/></parameter>"#)),
            "contains no resource",
        ),
        (
            xml(&format!(
                r#"{expression}<parameter><name value="resource"/><resource><Patient/></resource></parameter><b></c>"#
            )),
            "mismatched end tag",
        ),
        ("<Patient xmlns=\"http://hl7.org/fhir\"/>".to_owned(), "not a Parameters resource"),
    ] {
        let answer = post_xml(&bad);
        assert_eq!((answer.status, answer.json()["resourceType"].as_str()), (400, Some("OperationOutcome")), "{bad}");
        assert!(answer.json()["issue"][0]["details"]["text"].as_str().unwrap().contains(says), "{}", answer.json());
    }
    assert_eq!(shared().ask("POST", "/$fhirpath", &[("content-type", "text/plain")], b"{}").status, 415);
}

fn post_xml(body: &str) -> Answer {
    shared().ask(
        "POST",
        "/$fhirpath",
        &[("content-type", "application/fhir+xml"), ("accept", "application/fhir+json")],
        body.as_bytes(),
    )
}

#[test]
fn parameters_may_be_xml() {
    let body = |expression: &str, context: &str| {
        format!(
            r#"<?xml version="1.0" encoding="UTF-8"?>
<Parameters xmlns="http://hl7.org/fhir">
  <!-- the expression first -->
  <parameter><name value="expression"/><valueString value="{expression}"/></parameter>
  {context}
  <parameter><name value="resource"/>
    <resource>
      <Patient><id value="x"/><text><status value="generated"/><div xmlns="http://www.w3.org/1999/xhtml"><p>A</p></div></text><active value="true"/>
        <name><given value="Peter"/><given value="J&amp;M"/></name><name><given value="Jim"/></name><multipleBirthInteger value="2"/></Patient>
    </resource>
  </parameter>
  <parameter><name value="variables"/>
    <part><name value="n"/><valueInteger value="3"/></part>
    <part><name value="r"/><resource><Observation><status value="final"/><valueQuantity><value value="1.50"/></valueQuantity></Observation></resource></part>
  </parameter>
  <parameter><name value="validate"/><valueBoolean value="true"/></parameter>
</Parameters>"#
        )
    };
    let answer = post_xml(&body(
        "active | (multipleBirth + %n) | %r.value.value | name.given[1] | text.`div`.exists() | %resource.id",
        "",
    ));
    let parts = results(&answer)[0].1.clone();
    assert_eq!(answer.header("content-type"), Some("application/fhir+json; charset=utf-8"));
    let values: Vec<Value> = parts
        .iter()
        .map(|p| p.as_object().unwrap().iter().find(|(k, _)| k.starts_with("value")).unwrap().1.clone())
        .collect();
    assert_eq!(values, [json!(true), json!(5), decimal("1.50"), json!("J&M"), json!("x")]);
    assert!(String::from_utf8_lossy(&answer.body).contains("\"valueDecimal\":1.50"), "digits stay");
    assert_eq!(parts[3]["extension"][0]["valueString"], "Patient.name[0].given[1]");
    let resource = asked(&answer, "resource")["resource"].clone();
    assert_eq!(
        (resource["resourceType"].as_str(), resource["active"].as_bool(), resource["name"][0]["given"][1].as_str()),
        (Some("Patient"), Some(true), Some("J&M"))
    );
    let variables = asked(&answer, "variables")["part"].clone();
    assert_eq!(
        (variables[0]["valueInteger"].as_i64(), variables[1]["resource"]["resourceType"].as_str()),
        (Some(3), Some("Observation"))
    );
    assert_eq!(asked(&answer, "debugOutcome")["resource"]["issue"][0]["severity"], "information");

    let each = results(&post_xml(&body(
        "given.count()",
        r#"<parameter><name value="context"/><valueString value="name"/></parameter>"#,
    )));
    assert_eq!(
        each.iter()
            .map(|(p, parts)| (p.as_deref().unwrap(), parts[0]["valueInteger"].as_i64().unwrap()))
            .collect::<Vec<_>>(),
        [("Patient.name[0]", 2), ("Patient.name[1]", 1)]
    );

    let broken = post_xml(&body("name.exist()", ""));
    let issue = broken.json()["issue"][0].clone();
    assert_eq!(
        (broken.status, issue["expression"][0].as_str(), issue.get("diagnostics")),
        (422, Some("Parameters.parameter[0].value"), None)
    );
    let headers = [("content-type", "application/fhir+xml"), ("accept", "application/fhir+xml")];
    let answer = shared().ask("POST", "/$fhirpath", &headers, body("1", "").as_bytes());
    assert_eq!((answer.status, json_of(&answer.body)["resourceType"].as_str()), (200, Some("Parameters")));
}
