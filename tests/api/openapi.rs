//! The OpenAPI document.

use serde_json::Value;

use crate::support::shared;

/// Every `$ref` of a document with the schema resource (the nearest `$id`, else the document) that it is written in.
fn references<'v>(value: &'v Value, home: &'v Value, out: &mut Vec<(&'v Value, &'v str)>) {
    match value {
        Value::Object(members) => {
            let home = if members.contains_key("$id") { value } else { home };
            for (key, value) in members {
                match value.as_str() {
                    Some(target) if key == "$ref" => out.push((home, target)),
                    _ => references(value, home, out),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|i| references(i, home, out)),
        _ => {}
    }
}

#[test]
fn references_lead_somewhere_and_schemas_are_those_of_the_door() {
    let document = shared().get("/openapi.json").json();
    assert_eq!(document["openapi"], "3.1.0");
    assert_eq!(document["info"]["version"], env!("CARGO_PKG_VERSION"));
    let schemas = document["components"]["schemas"].as_object().unwrap();
    let files: Vec<&str> =
        schemas.values().filter_map(|s| s["$id"].as_str()).filter_map(|id| id.rsplit('/').next()).collect();
    assert!(files.contains(&"settings.json"));
    let mut all = Vec::new();
    references(&document, &document, &mut all);
    for (home, target) in all {
        match target.strip_prefix('#') {
            Some(pointer) => assert!(home.pointer(pointer).is_some(), "{target}"),
            None => assert!(files.contains(&target.split('#').next().unwrap()), "{target}"),
        }
    }
    for file in files {
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
            .map(|k| k.to_uppercase())
            .collect();
        assert_eq!(allowed.header("allow").unwrap(), methods.join(", "), "{path}");
    }
}
