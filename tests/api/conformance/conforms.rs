//! `$conforms`, and statements of every kind and size.

use serde_json::{Value, json};

use super::{CLIENT, IPS, SERVER, canonical, checked, count, get, inline, parameters, part, post, service, statement};

#[test]
fn conforms_with_loaded_statements() {
    let answer = get(&format!("/CapabilityStatement/$conforms?left={CLIENT}&right={SERVER}&mode=client/server"), 200);
    for name in ["union", "intersection"] {
        assert_eq!(
            (&part(&answer, name)["kind"], &part(&answer, name)["rest"][0]["mode"]),
            (&json!("requirements"), &json!("client"))
        );
    }
    let body = parameters(&[
        canonical("left", SERVER),
        canonical("right", IPS),
        json!({"name": "mode", "valueCode": "server/server"}),
    ]);
    let answer = post("/CapabilityStatement/$conforms", &body, 200);
    let common = part(&answer, "intersection")["rest"][0]["resource"].as_array().unwrap();
    let all = part(&answer, "union")["rest"][0]["resource"].as_array().unwrap();
    assert!(common.iter().any(|r| r["type"] == "Patient") && common.len() < all.len());
    let own = get(&format!("/CapabilityStatement/$conforms?left={SERVER}"), 200);
    assert!(count(part(&own, "issues"), "warning") > 0);
}

#[test]
fn conforms_with_statements_in_the_request() {
    let odd = json!([{"type": "Vendor", "interaction": [{"code": "read"}]},
        {"type": "Patient", "interaction": [{"code": "fly"}, {"code": "read"}], "conditionalDelete": "perhaps",
            "searchParam": [{"name": "name"}, {"name": "_source", "type": "token",
                "definition": "http://hl7.org/fhir/SearchParameter/Resource-source"}, {"name": "date", "type": "date",
                "definition": "http://hl7.org/fhir/SearchParameter/clinical-date"},
                {"name": "\u{1}", "type": "odd"}, null],
            "operation": [{"name": "match"}, {"name": "count", "definition": "$HOST/OperationDefinition/-s-count"},
                {"definition": "http://x.example/OperationDefinition/find"}],
            "supportedProfile": [null, "http://x.example/a b", "http://x.example/c"]}]);
    let mut left = statement("server", odd);
    left["date"] = "soon".into();
    left["format"] = json!(["odd", null]);
    let right = statement("server", json!([{"type": "Patient", "interaction": [{"code": "read"}]}]));
    // XML has neither the control character nor the places without a value.
    let asked = parameters(&[inline("left", &left), inline("right", &right)]).to_string();
    let answer = checked(service().post("/CapabilityStatement/$conforms", asked), 200);
    assert_eq!(part(&answer, "intersection")["rest"][0]["resource"][0]["interaction"], json!([{"code": "read"}]));
    let answer =
        post("/CapabilityStatement/$conforms", &parameters(&[inline("left", &right), inline("right", &right)]), 200);
    assert_eq!(part(&answer, "issues")["issue"].as_array().unwrap().len(), 1);

    let mut importing = right.clone();
    importing["imports"] = json!(["http://x.example/absent"]);
    let told = post(
        "/CapabilityStatement/$conforms",
        &parameters(&[inline("left", &importing), inline("right", &right)]),
        422,
    );
    assert!(told["issue"][0]["details"]["text"].as_str().unwrap().contains("http://x.example/absent"));
}

#[test]
fn other_versions_and_empty_ones() {
    let dstu2 = json!({"resourceType": "Conformance", "status": "active", "kind": "instance", "fhirVersion": "1.0.2",
        "profile": [{"reference": "http://hl7.org/fhir/StructureDefinition/daf-patient"}],
        "rest": [{"mode": "server", "transactionMode": "batch", "resource": [{"type": "MedicationOrder",
            "interaction": [{"code": "read"}], "searchInclude": ["*"]}]}]});
    let mut stu3 = statement("client", json!([{"type": "Patient", "profile": {"reference": "http://x.example/p"}}]));
    stu3["fhirVersion"] = "3.0.2".into();
    let empty = json!({"resourceType": "CapabilityStatement"});
    for body in [&dstu2, &stu3, &empty] {
        let status = if body == &empty { 200 } else { 422 };
        post("/CapabilityStatement/$implements", body, status);
        for other in [&dstu2, &stu3, &empty] {
            for mode in ["server/server", "client/server"] {
                let sides = [inline("left", body), inline("right", other), json!({"name": "mode", "valueCode": mode})];
                let answer = post("/CapabilityStatement/$conforms", &parameters(&sides), 200);
                assert_eq!(part(&answer, "union"), &Value::Null);
            }
        }
        let feature = json!({"name": "feature", "part": [{"name": "name", "valueUri": "read"}]});
        post("/$feature-query", &parameters(&[inline("resource", body), feature]), 200);
    }
}

#[test]
fn large_statements_are_answered() {
    let client = |types: usize| {
        let all = (0..types).map(|i| json!({"type": format!("T{i}"), "interaction": [{"code": "read"}]}));
        statement("client", all.collect::<Vec<Value>>().into())
    };
    // What asks for more than is compared at once is refused by name.
    let refused = post("/CapabilityStatement/$implements", &client(40_000), 422);
    assert!(refused["issue"][0]["details"]["text"].as_str().unwrap().contains("requirements-limit"), "{refused}");
    let many = client(10_000);
    let told = post("/CapabilityStatement/$implements", &many, 422);
    assert_eq!(told["issue"].as_array().unwrap().len(), 1001);
    let parameter = |i: usize| json!({"name": format!("p{i}"), "type": "string", "documentation": "x".repeat(40)});
    let wide: Vec<Value> = (0..20_000).map(parameter).collect();
    let wide = statement(
        "server",
        json!([{"type": "Patient", "interaction": [{"code": "search-type"}], "searchParam": wide}]),
    );
    let answer =
        post("/CapabilityStatement/$conforms", &parameters(&[inline("left", &wide), inline("right", &many)]), 200);
    assert!(part(&answer, "issues")["issue"].as_array().unwrap().len() <= 1001);
    let parts = json!([{"name": "name", "valueUri": "read"}, {"name": "value", "valueBoolean": true}]);
    let ask = json!({"name": "feature", "part": parts});
    post("/$feature-query", &parameters(&[ask, inline("resource", &many)]), 200);
}
