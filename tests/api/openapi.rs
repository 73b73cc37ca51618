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
        let allowed = shared().ask("PUT", &concrete, &[], b"");
        assert_eq!(allowed.status, 405, "{path}");
        let methods: Vec<String> = item
            .as_object()
            .unwrap()
            .keys()
            .filter(|k| *k == "get" || *k == "post")
            .map(|k| if k == "get" { "GET, HEAD".to_owned() } else { k.to_uppercase() })
            .collect();
        assert_eq!(allowed.header("allow").unwrap(), methods.join(", "), "{path}");
    }
}
