//! `$subset`, `$versions`, `$feature-query`, and the service's own statement.

use serde_json::{Value, json};

use super::{SERVER, get, inline, parameters, post, service, statement};

#[test]
fn a_subset_of_each_kind() {
    let part = get("/CapabilityStatement/$subset?resource=Patient&resource=ValueSet", 200);
    let types: Vec<&str> =
        part["rest"][0]["resource"].as_array().unwrap().iter().map(|r| r["type"].as_str().unwrap()).collect();
    assert_eq!(types, ["Patient", "ValueSet"]);
    assert_eq!(part["meta"]["tag"][0]["code"], "SUBSETTED");
    assert_eq!(get("/metadata/$subset?resource=Patient,ValueSet", 200), part);
    assert_eq!(get("/CapabilityStatement/accord/$subset?resource=Patient,ValueSet", 200), part);
    let body =
        parameters(&[json!({"name": "server", "valueUri": SERVER}), json!({"name": "resource", "valueCode": "Goal"})]);
    let part = post("/CapabilityStatement/$subset", &body, 200);
    assert_eq!(part["rest"][0]["resource"].as_array().unwrap().len(), 1);
    assert_eq!(get("/CapabilityStatement/us-core-server/$subset?resource=Goal", 200)["rest"], part["rest"]);
}

#[test]
fn versions_in_every_form() {
    let form = |accept: &str| {
        let answer = service().ask("GET", "/$versions", &[("accept", accept)], b"");
        assert!(answer.header("content-type").unwrap().starts_with(accept), "{accept}");
        String::from_utf8(answer.body).unwrap()
    };
    let told: Value = serde_json::from_str(&form("application/json")).unwrap();
    assert_eq!(told, json!({"versions": ["1.0", "3.0", "4.0"], "default": "4.0"}));
    assert_eq!(
        form("application/xml"),
        "<versions><version>1.0</version><version>3.0</version><version>4.0</version><default>4.0</default></versions>"
    );
    let xml = form("application/fhir+xml");
    let report = crate::support::app().validate(xml.as_bytes(), &Default::default()).unwrap();
    assert_eq!(report.issues.iter().map(|i| i.expression.as_str()).collect::<Vec<_>>(), [""; 0]);
    assert_eq!(get("/$versions", 200)["parameter"][3], json!({"name": "default", "valueCode": "4.0"}));
    post("/$versions", &parameters(&[]), 200);
    assert_eq!(service().post("/$versions", "").status, 200);
}

#[test]
fn features_of_the_service_and_of_others() {
    let told = |answer: &Value, at: usize| {
        let parts = answer["parameter"][at]["part"].as_array().unwrap();
        let of = |name: &str| parts.iter().find(|p| p["name"] == name).cloned().unwrap_or_default();
        (of("matches")["valueBoolean"].clone(), of("processing-status")["valueCode"].clone())
    };
    let answer = get("/$feature-query?param=read@ValueSet(true)&param=delete@ValueSet(true)&param=flies", 200);
    assert_eq!(told(&answer, 0), (json!(true), json!("all-ok")));
    assert_eq!(told(&answer, 1), (json!(false), json!("all-ok")));
    assert_eq!(told(&answer, 2), (Value::Null, json!("unknown")));
    get(&format!("/CapabilityStatement/$feature-query?server={SERVER}&param=searchParam@Patient"), 200);
    let feature = json!({"name": "feature", "part": [{"name": "definition", "valueUri": "read"},
        {"name": "context", "valueString": "Patient"}, {"name": "value", "valueBoolean": true}]});
    let has = statement("server", json!([{"type": "Patient", "interaction": [{"code": "read"}]}]));
    let answer = post("/$feature-query", &parameters(&[feature, inline("resource", &has)]), 200);
    assert_eq!(answer["parameter"][0]["part"][3], json!({"name": "answer", "valueBoolean": true}));
}

#[test]
fn the_service_says_what_it_answers() {
    let own = get("/metadata", 200);
    let url = own["url"].as_str().unwrap();
    get(&format!("/CapabilityStatement/$subset?server={url}&resource=Patient"), 200);
    let of =
        own["rest"][0]["resource"].as_array().unwrap().iter().find(|r| r["type"] == "CapabilityStatement").unwrap();
    let names: Vec<&str> = of["operation"].as_array().unwrap().iter().map(|o| o["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["validate", "implements", "conforms", "subset", "feature-query"]);
    let system: Vec<&str> =
        own["rest"][0]["operation"].as_array().unwrap().iter().map(|o| o["name"].as_str().unwrap()).collect();
    assert_eq!(system, ["validate", "versions", "feature-query"]);
}
