//! The OpenAPI document.

use serde_json::Value;

use crate::support::shared;

/// Every `$ref` of a document.
fn references<'v>(value: &'v Value, out: &mut Vec<&'v str>) {
    match value {
        Value::Object(members) => {
            assert!(!members.contains_key("$id"), "one document, one base: {value}");
            for (key, value) in members {
                match value.as_str() {
                    Some(target) if key == "$ref" => out.push(target),
                    _ => references(value, out),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|i| references(i, out)),
        _ => {}
    }
}

#[test]
fn references_lead_somewhere_and_schemas_are_those_of_the_door() {
    let document = shared().get("/openapi.json").json();
    assert_eq!(document["openapi"], "3.1.0");
    assert_eq!(document["info"]["version"], env!("CARGO_PKG_VERSION"));
    let schemas = document["components"]["schemas"].as_object().unwrap();
    assert!(schemas.contains_key("Settings"));
    let mut all = Vec::new();
    references(&document, &mut all);
    for target in all {
        assert!(target.strip_prefix('#').is_some_and(|pointer| document.pointer(pointer).is_some()), "{target}");
    }
    for (_, file, _) in fhir_accord::schema::published() {
        assert_eq!(shared().get(&format!("/schema/{file}")).status, 200, "{file}");
    }
    assert_eq!(shared().get("/schema/none.json").status, 404);
}

#[test]
fn every_operation_has_what_all_have() {
    let document = shared().get("/openapi.json").json();
    let forms = |content: &Value| content.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    let fault = &document["components"]["responses"]["fault"];
    let all = ["application/fhir+json", "application/json", "application/fhir+xml", "application/xml", "text/xml"];
    assert_eq!(forms(&fault["content"]), all);
    assert!(fault["headers"]["x-request-id"].is_object());
    for (path, item) in document["paths"].as_object().unwrap() {
        let operations = item.as_object().unwrap().iter().filter(|(k, _)| *k != "parameters");
        for (_, operation) in operations {
            let responses = &operation["responses"];
            assert!(["400", "408", "431"].iter().all(|s| responses[*s].is_object()), "{path}");
            let text = operation["parameters"].to_string();
            assert!(text.contains("parameters/traceparent") && text.contains("parameters/requestId"), "{path}");
            let answers = responses.as_object().unwrap().iter().filter(|(status, _)| status.starts_with('2'));
            let is_fhir = answers.into_iter().any(|(_, a)| a.to_string().contains("application/fhir+json"));
            assert!(!is_fhir || text.contains("parameters/format"), "{path}");
            assert!(text.matches("parameters/format").count() + text.matches("\"_format\"").count() <= 1, "{path}");
        }
    }
}

#[test]
fn every_address_of_the_document_is_served() {
    let document = shared().get("/openapi.json").json();
    for (path, item) in document["paths"].as_object().unwrap() {
        let concrete = path
            .replace("{type}", "ValueSet")
            .replace("{id}", "administrative-gender")
            .replace("{package}", "hl7.fhir.r4.core")
            .replace("{version}", "4.0.1")
            .replace("{verb}", "explain")
            .replace("{file}", "settings.json");
        let allowed = shared().ask("PATCH", &concrete, &[], b"");
        assert_eq!(allowed.status, 405, "{path}");
        let methods: Vec<String> = item
            .as_object()
            .unwrap()
            .keys()
            .filter(|k| ["get", "put", "post", "delete"].contains(&k.as_str()))
            .map(|k| if k == "get" { "GET, HEAD".to_owned() } else { k.to_uppercase() })
            .collect();
        assert_eq!(allowed.header("allow").unwrap(), methods.join(", "), "{path}");
    }
}
