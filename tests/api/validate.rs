//! `$validate` at its three levels.

use crate::support::{PATIENT, parameters, shared};

const BAD: &str = "{\"resourceType\":\"Patient\",\n \"id\":\"p1\",\n \"gender\":\"blue\"}";
const US_CORE: &str = "http://hl7.org/fhir/us/core/StructureDefinition/us-core-patient";

#[test]
fn every_verdict_is_a_200() {
    let answer = shared().post("/$validate", PATIENT);
    assert_eq!(answer.verdict(), "valid");
    assert!(answer.header("content-type").unwrap().starts_with("application/fhir+json"));
    let answer = shared().post("/$validate", BAD);
    assert_eq!(answer.verdict(), "invalid");
    assert_eq!(answer.json()["issue"][0]["expression"][0], "Patient.gender");
    for broken in ["", "{", "nonsense", "[]", "{\"resourceType\":\"Patient\",}", "<Patient/>"] {
        assert_eq!(shared().post("/$validate", broken).verdict(), "invalid", "{broken}");
    }
}

#[test]
fn the_type_in_the_address_counts() {
    assert_eq!(shared().post("/Patient/$validate", PATIENT).verdict(), "valid");
    assert_eq!(shared().post("/Patient/$validate", "{").verdict(), "invalid");
    let answer = shared().post("/Observation/$validate", PATIENT);
    assert_eq!((answer.status, answer.codes()), (400, vec!["type-mismatch".to_owned()]));
    let answer = shared().post("/Observation/$validate", parameters(Some(PATIENT), ""));
    assert_eq!((answer.status, answer.codes()), (400, vec!["type-mismatch".to_owned()]));
    assert_eq!(shared().post("/Nonsense/$validate", PATIENT).status, 404);
}

#[test]
fn the_id_in_the_address_counts() {
    assert_eq!(shared().post("/Patient/p1/$validate", PATIENT).verdict(), "valid");
    let answer = shared().post("/Patient/p2/$validate", PATIENT);
    assert_eq!((answer.status, answer.codes()), (400, vec!["id-mismatch".to_owned()]));
    assert_eq!(shared().post("/Patient/p1/$validate", r#"{"resourceType":"Patient","active":true}"#).status, 200);
}

#[test]
fn profiles_come_from_address_and_body() {
    let path = format!("/$validate?profile={US_CORE}");
    let answer = shared().post(&path, PATIENT);
    assert_eq!(answer.verdict(), "invalid");
    let diagnostics = answer.json()["issue"].to_string();
    assert!(diagnostics.contains(US_CORE), "{diagnostics}");
    let body = parameters(Some(PATIENT), &format!(r#"{{"name":"profile","valueUri":"{US_CORE}"}}"#));
    assert_eq!(shared().post("/$validate", body).verdict(), "invalid");
    let answer = shared().post("/$validate?profile=http://nowhere.example/p", PATIENT);
    assert_eq!((answer.status, answer.codes()), (422, vec!["profile-unknown".to_owned()]));
    assert!(answer.json().to_string().contains("http://nowhere.example/p"));
    let two = format!("/$validate?profile={US_CORE}%7C6.1.0&profile=http://hl7.org/fhir/StructureDefinition/Patient");
    assert_eq!(shared().post(&two, PATIENT).verdict(), "invalid");
}

#[test]
fn places_are_those_of_the_body() {
    let body = format!(
        "{{\"resourceType\":\"Parameters\",\n\"parameter\":[{{\"name\":\"resource\",\n   \"resource\":{BAD}}}]}}"
    );
    let answer = shared().post("/$validate", &body);
    assert_eq!(answer.verdict(), "invalid");
    let issue = answer.json()["issue"][0].clone();
    let plain = shared().post("/$validate", BAD).json()["issue"][0].clone();
    let line = |issue: &serde_json::Value| issue["extension"][0]["valueInteger"].as_u64().unwrap();
    assert_eq!(line(&issue), line(&plain) + 2, "{issue}");
    assert_eq!(issue["extension"][1], plain["extension"][1]);
    assert_eq!(issue["expression"], plain["expression"]);
    let first = format!(
        "{{\"resourceType\":\"Parameters\",\"parameter\":[{{\"name\":\"resource\",\"resource\":{}}}]}}",
        BAD.replace('\n', "")
    );
    let column = shared().post("/$validate", &first).json()["issue"][0]["extension"][1]["valueString"]
        .as_str()
        .unwrap()
        .parse::<u64>()
        .unwrap();
    assert_eq!(first.as_bytes()[column as usize - 1..].iter().take(4).map(|b| *b as char).collect::<String>(), "blue");
}

#[test]
fn numbers_and_faults_inside_parameters_are_the_resources_own() {
    let number = r#"{"resourceType":"Observation","status":"final","code":{"text":"x"},"valueQuantity":{"value":1.}}"#;
    let twice = r#"{"resourceType":"Patient","id":"a","id":"b"}"#;
    for resource in [number, twice] {
        let raw = shared().post("/$validate", resource);
        let wrapped = shared().post("/$validate", parameters(Some(resource), ""));
        if wrapped.status == 200 {
            assert_eq!(wrapped.codes(), raw.codes());
        } else {
            assert_eq!(wrapped.codes(), ["body-syntax"]);
        }
    }
    assert!(
        shared().post("/$validate", parameters(Some(twice), "")).codes().contains(&"json-duplicate-key".to_owned())
    );
}

#[test]
fn unreadable_parameters_are_refused() {
    for body in [
        r#"{"resourceType":"Parameters","parameter":["#.to_owned(),
        parameters(None, ""),
        parameters(Some(PATIENT), r#"{"name":"mode","valueCode":"rename"}"#),
        parameters(Some(PATIENT), r#"{"name":"colour","valueCode":"red"}"#),
        parameters(Some("3"), ""),
    ] {
        let answer = shared().post("/$validate", &body);
        assert_eq!(answer.status, 400, "{body}");
        assert_eq!(answer.json()["resourceType"], "OperationOutcome");
    }
    let inner = parameters(Some(PATIENT), "");
    assert_eq!(shared().post("/Parameters/$validate", parameters(Some(&inner), "")).status, 200);
}

#[test]
fn modes() {
    let anonymous = r#"{"resourceType":"Patient","active":true}"#;
    assert_eq!(shared().post("/$validate?mode=create", anonymous).verdict(), "valid");
    let answer = shared().post("/Patient/p1/$validate?mode=update", anonymous);
    assert_eq!(answer.verdict(), "invalid");
    assert!(answer.json()["issue"][0]["details"]["text"].as_str().unwrap().contains("must have an `id`"));
    assert_eq!(shared().post("/Patient/p1/$validate?mode=update", PATIENT).verdict(), "valid");
    assert_eq!(shared().post("/Patient/$validate?mode=update", PATIENT).codes().last().unwrap(), "mode");
    assert_eq!(
        shared().post("/Patient/p1/$validate", parameters(None, r#"{"name":"mode","valueCode":"delete"}"#)).verdict(),
        "valid"
    );
    assert_eq!(shared().post("/$validate?mode=profile", PATIENT).status, 400);
    assert_eq!(shared().post(&format!("/$validate?mode=profile&profile={US_CORE}"), PATIENT).verdict(), "invalid");
    assert_eq!(shared().post("/$validate?mode=rename", PATIENT).status, 400);
    assert_eq!(
        shared()
            .post("/$validate?mode=create", parameters(Some(PATIENT), r#"{"name":"mode","valueCode":"update"}"#))
            .status,
        400
    );
}

#[test]
fn kept_definitions_are_validated_without_being_sent() {
    let profile = r#"{"name":"profile","valueUri":"http://hl7.org/fhir/StructureDefinition/StructureDefinition"},{"name":"mode","valueCode":"profile"}"#;
    let answer = shared().post("/StructureDefinition/us-core-patient/$validate", parameters(None, profile));
    assert_eq!(answer.status, 200, "{}", String::from_utf8_lossy(&answer.body));
    assert_eq!(shared().post("/StructureDefinition/no-such-thing/$validate", parameters(None, profile)).status, 404);
}

#[test]
fn policies_and_slips_of_the_pen() {
    let odd = r#"{"resourceType":"Patient","text":{"status":"generated","div":"<div xmlns=\"http://www.w3.org/1999/xhtml\">A</div>"},"extension":[{"url":"http://nowhere.org/e","valueString":"x"}]}"#;
    assert_eq!(shared().post("/$validate?unknownExtensions=error", odd).verdict(), "invalid");
    assert_eq!(shared().post("/$validate?unknownExtensions=allow", odd).verdict(), "valid");
    assert_eq!(shared().post("/$validate?preset=hl7", odd).verdict(), "valid");
    let answer = shared().post("/$validate?profil=http://x.org", PATIENT);
    assert_eq!((answer.status, answer.codes()), (400, vec!["query".to_owned()]));
    assert_eq!(shared().post("/$validate?display=loud", PATIENT).status, 400);
    assert!(shared().post("/$validate?_pretty=true", PATIENT).body.contains(&b'\n'));
}

#[test]
fn the_same_request_has_the_same_answer() {
    let first = shared().post("/$validate", BAD).body;
    for _ in 0..5 {
        assert_eq!(shared().post("/$validate", BAD).body, first);
    }
}

#[test]
fn packages_that_are_named_are_the_only_ones() {
    let us = "http://hl7.org/fhir/us/core/StructureDefinition/us-core-patient";
    let patient = format!(r#"{{"resourceType":"Patient","meta":{{"profile":["{us}"]}},"gender":"male"}}"#);
    let of = |query: &str| crate::wrapper::service().post(&format!("/$validate{query}"), &patient);
    assert_eq!(of("?package=hl7.fhir.us.core%236.1.0").verdict(), "invalid");
    let other = of("?package=hl7.fhir.r4.core");
    assert_eq!((other.verdict(), other.codes()), ("undetermined".to_owned(), vec!["profile-unknown".to_owned()]));
    let unknown = of("?package=unheard.of%231.0.0");
    assert_eq!((unknown.status, unknown.codes()), (422, vec!["package-unknown".to_owned()]));
    let asked = of(&format!("?package=hl7.fhir.r4.core&profile={us}"));
    assert_eq!(asked.status, 422);
    assert_eq!(of("?package=").status, 400);
    assert_eq!(of("?package=a&negotiation=b").status, 400);
    assert_eq!(of(&format!("?{}", "package=a&".repeat(51))).status, 400);
}
