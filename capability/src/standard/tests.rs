//! Views by themselves: small statements, no packages.

use std::sync::Arc;

use serde_json::{Value, json};

use super::*;
use crate::PackageDefinitions;

fn none() -> PackageDefinitions {
    PackageDefinitions::new(Arc::default())
}

fn statement(kind: &str, mode: &str, resources: Value) -> Value {
    json!({"resourceType": "CapabilityStatement", "kind": kind, "fhirVersion": "4.0.1", "format": ["json"],
        "rest": [{"mode": mode, "resource": resources}]})
}

fn client(resources: Value) -> Value {
    statement("instance", "client", resources)
}

fn server(resources: Value) -> Value {
    statement("instance", "server", resources)
}

fn expects(code: &str) -> Value {
    json!([{"url": "http://hl7.org/fhir/StructureDefinition/capabilitystatement-expectation", "valueCode": code}])
}

/// Severity, rule and element of the issues of an outcome.
fn issues(outcome: &Value) -> Vec<(String, String, String)> {
    let text = |v: &Value| v.as_str().unwrap_or("-").to_owned();
    let of = |i: &Value| (text(&i["severity"]), text(&i["details"]["coding"][0]["code"]), text(&i["expression"][0]));
    outcome["issue"].as_array().unwrap().iter().map(of).collect()
}

fn failing(wants: Value, has: Value) -> Vec<(String, String)> {
    let answer = implements(&wants, &has, &none()).unwrap();
    let errors = issues(&answer.outcome).into_iter().filter(|i| i.0 == "error").map(|i| (i.1, i.2)).collect::<Vec<_>>();
    assert_eq!(answer.matches, errors.is_empty());
    errors
}

#[test]
fn every_kind_of_item_must_be_listed() {
    let full = json!({"type": "Patient", "interaction": [{"code": "read"}, {"code": "search-type"}],
        "searchParam": [{"name": "name", "type": "string", "definition": "http://x.example/name"}],
        "searchInclude": ["Patient:link"], "searchRevInclude": ["Provenance:target"],
        "operation": [{"name": "match", "definition": "http://x.example/match"}],
        "updateCreate": true, "conditionalCreate": true, "conditionalRead": "full-support",
        "conditionalUpdate": true, "conditionalDelete": "single"});
    assert_eq!(failing(client(json!([full])), server(json!([full]))), []);
    for (i, name) in full.as_object().unwrap().keys().filter(|k| *k != "type").enumerate() {
        let mut lacking = full.clone();
        lacking.as_object_mut().unwrap().remove(name);
        let found = failing(client(json!([full])), server(json!([lacking])));
        assert!(!found.is_empty() && found.iter().all(|f| f.1.contains(name.as_str())), "{i} {name}: {found:?}");
    }
}

#[test]
fn names_alone_do_not_match() {
    let parameter = |definition: Option<&str>| {
        json!([{"type": "Patient", "interaction": [{"code": "search-type"}],
            "searchParam": [{"name": "nick", "type": "string", "definition": definition}]}])
    };
    let told = |a, b| failing(client(parameter(a)), server(parameter(b))).into_iter().map(|f| f.0).collect::<Vec<_>>();
    assert_eq!(told(None, None), ["assumed"]);
    assert_eq!(told(Some("http://x.example/a"), Some("http://x.example/b")), ["assumed"]);
    assert_eq!(told(Some("http://x.example/a"), Some("http://x.example/a|1")), [""; 0]);
    let operation = |definition: Option<&str>| {
        let operation = json!({"name": "match", "definition": definition});
        json!([{"type": "Patient", "operation": [operation]}])
    };
    let told = |a, b| failing(client(operation(a)), server(operation(b))).into_iter().map(|f| f.0).collect::<Vec<_>>();
    assert_eq!(told(Some("http://x.example/a"), None), ["definition-missing"]);
    assert_eq!(told(Some("http://x.example/a"), Some("http://x.example/b")), ["other-definition"]);
}

#[test]
fn profiles_and_expectations_do_not_decide() {
    let wants =
        client(json!([{"type": "Patient", "supportedProfile": ["http://x.example/p"], "versioning": "versioned",
        "interaction": [{"code": "read", "extension": expects("MAY")},
            {"code": "delete", "extension": expects("SHOULD-NOT")}]}]));
    let reads = json!([{"type": "Patient", "interaction": [{"code": "read", "extension": expects("SHOULD")}]}]);
    assert_eq!(failing(wants.clone(), statement("requirements", "server", reads)), []);
    let path = "CapabilityStatement.rest[0].resource[0].interaction[0]";
    assert_eq!(failing(wants, server(json!([{"type": "Patient"}]))), [("unlisted".to_owned(), path.to_owned())]);
}

#[test]
fn the_system_level_and_versions_count() {
    let mut wants = client(json!([]));
    wants["rest"][0]["interaction"] = json!([{"code": "batch"}]);
    assert_eq!(failing(wants.clone(), server(json!([])))[0].1, "CapabilityStatement.rest[0].interaction[0]");
    let mut has = server(json!([]));
    has["rest"][0]["interaction"] = json!([{"code": "batch"}]);
    assert_eq!(failing(wants.clone(), has.clone()), []);
    has["fhirVersion"] = "5.0.0".into();
    assert_eq!(failing(wants, has)[0].0, "fhir-version");
    let nothing = implements(&client(json!([])), &server(json!([])), &none()).unwrap();
    assert_eq!(issues(&nothing.outcome)[0].1, "nothing-weighs");
}

/// The parameters of an answer by name.
fn compared(left: &Value, right: &Value, mode: Mode) -> (Value, Value, Value) {
    let Conforms::Compared(parameters) = conforms(left, right, mode, &none()).unwrap() else { panic!("missing") };
    let of = |name: &str| {
        let all = parameters["parameter"].as_array().unwrap();
        all.iter().find(|p| p["name"] == name).map(|p| p["resource"].clone()).unwrap_or_default()
    };
    (of("issues"), of("union"), of("intersection"))
}

#[test]
fn union_and_intersection_are_what_their_names_say() {
    let left = server(json!([
        {"type": "Patient", "interaction": [{"code": "read", "extension": expects("SHALL")}, {"code": "create"}]},
        {"type": "Group", "interaction": [{"code": "read"}]},
    ]));
    let right = server(json!([
        {"type": "Patient", "interaction": [{"code": "read", "extension": expects("MAY")}, {"code": "delete"}],
            "searchParam": [{"name": "name", "type": "string"}]},
        {"type": "Goal", "interaction": [{"code": "read"}]},
    ]));
    let (told, union, common) = compared(&left, &right, Mode::ServerServer);
    let codes = |resource: &Value| {
        let all = resource["interaction"].as_array().cloned().unwrap_or_default();
        all.iter().map(|i| i["code"].as_str().unwrap().to_owned()).collect::<Vec<_>>().join(" ")
    };
    let of = |statement: &Value| {
        let all = statement["rest"][0]["resource"].as_array().unwrap().clone();
        all.iter().map(|r| format!("{}: {}", r["type"].as_str().unwrap(), codes(r))).collect::<Vec<_>>()
    };
    assert_eq!(of(&union), ["Patient: read create delete", "Group: read", "Goal: read"]);
    assert_eq!(of(&common), ["Patient: read"]);
    assert_eq!(union["rest"][0]["resource"][0]["interaction"][0]["extension"][0]["valueCode"], "SHALL");
    assert_eq!(common["rest"][0]["resource"][0]["interaction"][0]["extension"][0]["valueCode"], "MAY");
    assert_eq!((&union["kind"], &common["kind"]), (&json!("requirements"), &json!("requirements")));
    let text = told.to_string();
    for part in ["left has resource type `Group`", "right has resource type `Goal`", "SHALL in left, MAY in right"] {
        assert!(text.contains(part), "{part}: {text}");
    }
}

#[test]
fn equal_statements_do_not_differ() {
    let one = server(json!([{"type": "Patient", "interaction": [{"code": "read"}], "versioning": "versioned"}]));
    let (told, union, common) = compared(&one, &one, Mode::ServerServer);
    assert_eq!(told["issue"][0]["details"]["text"], "no differences found");
    assert_eq!(told["issue"].as_array().unwrap().len(), 1);
    assert_eq!(union["rest"], common["rest"]);
}

#[test]
fn a_client_is_told_what_it_lacks() {
    let wants = client(json!([{"type": "Patient",
            "interaction": [{"code": "read"}, {"code": "create", "extension": expects("SHOULD")}]}]));
    let has = server(json!([{"type": "Patient", "interaction": [{"code": "delete"}]}]));
    let (told, union, common) = compared(&wants, &has, Mode::ClientServer);
    let severities: Vec<String> = issues(&told).into_iter().map(|i| i.0).collect();
    assert_eq!(severities, ["error", "warning"]);
    assert_eq!(union["rest"][0]["resource"][0]["interaction"].as_array().unwrap().len(), 3);
    assert_eq!(common["rest"][0]["resource"][0]["interaction"], Value::Null);
}

#[test]
fn a_missing_import_is_told() {
    let mut left = server(json!([]));
    left["imports"] = json!(["http://x.example/absent"]);
    let answer = conforms(&left, &server(json!([])), Mode::ServerServer, &none()).unwrap();
    let Conforms::Missing(outcome) = answer else { panic!("{answer:?}") };
    assert_eq!(issues(&outcome)[0].1, "unresolved-import");
}

#[test]
fn a_subset_is_a_part() {
    let whole = server(json!([{"type": "Patient"}, {"type": "Group"}, {"type": "Vendor"}]));
    let types = |names: &[&str]| names.iter().map(|n| (*n).to_owned()).collect::<Vec<_>>();
    let part = subset(&whole, &types(&["Group", "Goal", "Vendor"])).unwrap();
    assert_eq!(part["rest"][0]["resource"], json!([{"type": "Group"}, {"type": "Vendor"}]));
    assert_eq!(part["meta"]["tag"][0]["code"], "SUBSETTED");
    assert_eq!(subset(&part, &types(&["Group"])).unwrap()["meta"]["tag"].as_array().unwrap().len(), 1);
    assert_eq!(subset(&whole, &types(&["group"])), Err(SubsetError::UnknownType("group".to_owned())));
    assert_eq!(subset(&json!({}), &types(&["Group"])), Err(SubsetError::NoRest));
}

/// Status, answer and values of a query of an address.
fn asked(statement: &Value, query: &str) -> String {
    let query = FeatureQuery::parse(query).unwrap();
    let answer = feature_query(statement, &[query], &none()).unwrap();
    let parts = answer["parameter"][0]["part"].as_array().unwrap().clone();
    let of = |name: &str, member: &str| {
        let all = parts.iter().filter(|p| p["name"] == name).map(|p| p[member].to_string().replace('"', ""));
        all.filter(|t| t != "null").collect::<Vec<_>>().join(",")
    };
    format!(
        "{} {} {}",
        of("processing-status", "valueCode"),
        of("matches", "valueBoolean"),
        [of("value", "valueCode"), of("value", "valueBoolean")].concat()
    )
}

#[test]
fn features_are_answered() {
    let has = server(json!([
        {"type": "Patient", "interaction": [{"code": "read"}], "versioning": "versioned-update",
            "searchParam": [{"name": "name", "type": "string"}], "searchInclude": ["Patient:link"],
            "operation": [{"name": "match", "definition": "http://x.example/match"}],
            "supportedProfile": ["http://x.example/p"]},
        {"type": "Group", "interaction": [{"code": "create"}, {"code": "read"}]},
    ]));
    for (query, told) in [
        ("read@Patient(true)", "all-ok true true"),
        ("read@Patient(false)", "all-ok false false"),
        ("create@Patient(true)", "all-ok false true"),
        ("create@Patient(false)", "all-ok true false"),
        ("read(true)", "all-ok true true"),
        ("create(true)", "all-ok false true"),
        ("read", "all-ok  true"),
        ("create@Patient", "all-ok  false"),
        ("batch(true)", "all-ok false true"),
        ("read@Goal(true)", "all-ok false true"),
        ("read@goal(true)", "unknown  true"),
        ("updateCreate@Patient(true)", "all-ok false true"),
        ("versioning@Patient(versioned)", "all-ok true versioned"),
        ("versioning@Group(no-version)", "all-ok true no-version"),
        ("versioning@Patient(no-version)", "all-ok false no-version"),
        ("versioning", "all-ok  no-version,versioned-update"),
        ("searchParam@Patient", "all-ok  name"),
        ("searchParam@Patient(name)", "all-ok true name"),
        ("searchParam@Patient(birthdate)", "all-ok false birthdate"),
        ("searchParam(name)", "context  name"),
        ("searchInclude@Patient(Patient:link)", "all-ok true Patient:link"),
        ("searchRevInclude@Patient(Patient:link)", "all-ok false Patient:link"),
        ("operation@Patient(match)", "all-ok true match"),
        ("operation@Patient(http://x.example/match)", "all-ok true http://x.example/match"),
        ("operation@Patient(http://x.example/other)", "all-ok false http://x.example/other"),
        ("supportedProfile@Patient(http://x.example/p)", "all-ok true http://x.example/p"),
        ("supportedProfile@Patient(http://x.example/q)", "all-ok false http://x.example/q"),
        ("flies(true)", "unknown  true"),
        ("read@Patient(perhaps)", "unknown  perhaps"),
        ("@Patient(true)", "feature  true"),
    ] {
        assert_eq!(asked(&has, query), told, "{query}");
    }
    let promised = statement(
        "requirements",
        "server",
        json!([{"type": "Patient",
        "interaction": [{"code": "read", "extension": expects("MAY")}]}]),
    );
    assert_eq!(asked(&promised, "read@Patient(true)"), "unknown  true");
}

#[test]
fn declared_features_are_answered_in_the_words_of_the_question() {
    let url = "http://hl7.org/fhir/uv/application-feature/FeatureDefinition/FeatureSupport";
    let mut has = server(json!([]));
    has["extension"] = json!([{"url": "http://hl7.org/fhir/uv/application-feature/StructureDefinition/feature",
        "extension": [{"url": "definition", "valueCanonical": url}, {"url": "value", "valueCode": "1.0.0"}]}]);
    let parameter = json!({"name": "feature", "part": [{"name": "definition", "valueCanonical": url},
        {"name": "value", "valueCode": "1.0.0"}]});
    let query = FeatureQuery::from_parameter(&parameter).unwrap();
    let answer = feature_query(&has, &[query], &none()).unwrap();
    let parts = answer["parameter"][0]["part"].as_array().unwrap();
    assert_eq!(parts[0], json!({"name": "definition", "valueCanonical": url}));
    assert_eq!(parts[2], json!({"name": "answer", "valueBoolean": true}));
    assert!(FeatureQuery::from_parameter(&json!({"part": [{"name": "qualifier"}]})).is_err());
    assert!(FeatureQuery::from_parameter(&json!({"part": [{"name": "value", "valueQuantity": {}}]})).is_err());
}

#[test]
fn imports_beyond_the_limit_are_told() {
    let told = |count: usize| {
        let mut left = server(json!([]));
        left["imports"] = (0..count).map(|i| json!(format!("http://x.example/{}", i % 103))).collect();
        let sides = [&left, &server(json!([]))].map(|s| stated::Stated::of(s, &none()));
        let mut outcome = outcome::Outcome::default();
        stated::compare(sides.each_ref(), false, &none(), &mut outcome);
        outcome.finish().to_string()
    };
    assert!(told(1000).contains("not looked at: 3 (limit 100 a side)"), "{}", told(1000));
    assert!(!told(100).contains("not looked at"), "{}", told(100));
}
