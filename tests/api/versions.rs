//! Several FHIR versions served side by side.

use std::sync::{Mutex, OnceLock};

use fhir_accord::app::{AppLoader, Settings};
use fhir_accord::store::Store;
use serde_json::json;

use crate::support::{Answer, Server, config, serve_with};

const DAF: &str = "http://hl7.org/fhir/StructureDefinition/daf-patient";
const US_CORE: &str = "http://hl7.org/fhir/us/core/StructureDefinition/us-core-patient";

/// A service with a guide on DSTU2 and one on R4.
fn service() -> &'static Server {
    static SHARED: OnceLock<Server> = OnceLock::new();
    static MAKING: Mutex<()> = Mutex::new(());
    let _making = MAKING.lock();
    SHARED.get_or_init(|| {
        let packages = vec!["hl7.fhir.us.daf#1.0.2".to_owned(), "hl7.fhir.us.core#6.1.0".to_owned()];
        let loader = AppLoader::new(Settings { packages, ..Settings::default() }, Default::default());
        let server = serve_with(config(json!({}), None), Store::temporary().unwrap(), Box::new(loader));
        server.until_ready();
        server
    })
}

/// A patient whose name is as in DSTU2 (several family names) or as since STU3 (one).
fn patient(family: &str, profile: Option<&str>) -> String {
    let profile = profile.map_or(String::new(), |url| format!(r#""meta":{{"profile":["{url}"]}},"#));
    format!(
        r#"{{"resourceType":"Patient",{profile}"identifier":[{{"system":"http://a.test/i","value":"1"}}],
        "gender":"female","name":[{{"given":["A"],"family":{family}}}]}}"#
    )
}

fn send(path: &str, content_type: &str, body: &str) -> Answer {
    service().ask("POST", path, &[("content-type", content_type)], body.as_bytes())
}

#[test]
fn the_address_the_media_type_or_the_profile_tells_the_version() {
    let (old, new) = (patient(r#"["B"]"#, None), patient(r#""B""#, None));
    let json = "application/fhir+json";
    for (path, content_type, old_is, new_is) in [
        ("/$validate", json, "invalid", "valid"),
        ("/$validate?fhirVersion=4.0", json, "invalid", "valid"),
        ("/$validate?fhirVersion=1.0", json, "valid", "invalid"),
        ("/$validate?fhirVersion=3.0.1", json, "invalid", "valid"),
        ("/$validate", "application/fhir+json; fhirVersion=1.0", "valid", "invalid"),
        (&format!("/$validate?profile={DAF}"), json, "valid", "invalid"),
        (&format!("/$validate?profile={US_CORE}"), json, "invalid", "valid"),
    ] {
        assert_eq!(send(path, content_type, &old).verdict(), old_is, "{path} {content_type}");
        assert_eq!(send(path, content_type, &new).verdict(), new_is, "{path} {content_type}");
    }
    let conformance = r#"{"resourceType":"Conformance"}"#;
    assert_eq!(send("/Conformance/$validate?fhirVersion=1.0", json, conformance).verdict(), "invalid");
    let told = String::from_utf8(send("/$validate", json, conformance).body).unwrap();
    assert!(told.contains("`Conformance` is not a resource type in FHIR R4, but in DSTU2"), "{told}");
    let claims = send(
        "/$validate",
        json,
        &patient(r#""B""#, Some("http://fhir.org/guides/argonaut/StructureDefinition/argo-patient")),
    );
    let told = String::from_utf8(claims.body).unwrap();
    assert!(told.contains("the profile is for FHIR DSTU2"), "{told}");
}

#[test]
fn elements_of_another_version_tell_it() {
    let told = |body: &str| String::from_utf8(send("/$validate", "application/fhir+json", body).body).unwrap();
    let advice = "if the instance is of that version, validate it";
    let old = told(r#"{"resourceType":"Patient","careProvider":[{"reference":"Organization/1"}],"animal":{}}"#);
    assert!(old.contains("FHIR R4 has no `Patient.careProvider`, DSTU2 has") && old.contains(advice), "{old}");
    assert_eq!(old.matches(advice).count(), 1);
    let inner = told(
        r#"{"resourceType":"Bundle","type":"collection","entry":[
        {"resource":{"resourceType":"Observation","status":"final","code":{"text":"x"},"triggeredBy":[]}}]}"#,
    );
    assert!(inner.contains("FHIR R4 has no `Observation.triggeredBy`, R5 has"), "{inner}");
    for nobodys in [
        r#"{"resourceType":"Patient","animals":{}}"#,
        r#"{"resourceType":"Patient","careProvider":[],"generalPractitioner":[{"display":"x"}]}"#,
    ] {
        assert!(!told(nobodys).contains(advice), "{nobodys}");
    }
}

#[test]
fn snapshots_are_made_of_definitions_of_their_own_version() {
    let definition = |version: &str| {
        format!(
            r#"{{"resourceType":"StructureDefinition","url":"http://example.org/mine","name":"Mine","status":"draft",
            "fhirVersion":"{version}","kind":"resource","abstract":false,"constrainedType":"Patient",
            "base":"http://hl7.org/fhir/StructureDefinition/Patient","differential":{{"element":[
            {{"path":"Patient"}},{{"path":"Patient.careProvider","min":1}}]}}}}"#
        )
    };
    let made = send("/StructureDefinition/$snapshot", "application/fhir+json", &definition("1.0.2"));
    let made: serde_json::Value = serde_json::from_slice(&made.body).unwrap();
    let elements = made["snapshot"]["element"].as_array().unwrap();
    let one = elements.iter().find(|e| e["path"] == "Patient.careProvider").unwrap();
    assert_eq!((one["min"].as_u64(), one["max"].as_str()), (Some(1), Some("*")));
    let absent = send("/StructureDefinition/$snapshot", "application/fhir+json", &definition("5.0.0"));
    assert_eq!((absent.status, absent.codes()), (400, vec!["fhir-version".to_owned()]));
}

#[test]
fn what_is_not_here_is_refused() {
    let body = patient(r#""B""#, None);
    let answer = send("/$validate?fhirVersion=2.0", "application/fhir+json", &body);
    assert_eq!((answer.status, answer.codes()), (400, vec!["query".to_owned()]));
    let answer = send("/$validate", "application/fhir+json; fhirVersion=2.0", &body);
    assert_eq!(answer.status, 415);
    let answer = send("/$validate?fhirVersion=1.0", "application/fhir+json; fhirVersion=4.0", &body);
    assert_eq!((answer.status, answer.codes()), (400, vec!["query".to_owned()]));
}

#[test]
fn versions_lists_them() {
    let answer = service().get("/$versions?_format=application/json").json();
    let listed: Vec<&str> = answer["versions"].as_array().unwrap().iter().map(|v| v.as_str().unwrap()).collect();
    assert!(listed.starts_with(&["1.0", "3.0", "4.0"]), "{listed:?}");
    assert_eq!(answer["default"], "4.0");
}
