//! The interface of HL7's validator-wrapper. `inferno.json` has the members that `wrap_target_for_hl7_wrapper` of
//! inferno-framework/inferno-core (`lib/inferno/dsl/fhir_resource_validation.rb`) sends; what is read of an answer here
//! is what its `get_issues_from_validator_response` reads, and the members of an issue are the fields of
//! `org.hl7.fhir.utilities.validation.ValidationMessage` of hapifhir/org.hl7.fhir.core that are not null.

use std::sync::{Mutex, OnceLock};

use fhir_accord::app::{AppLoader, Settings};
use fhir_accord::store::Store;
use serde_json::{Value, json};

use crate::support::{Answer, PATIENT, Server, config, serve_with};

const INFERNO: &str = include_str!("inferno.json");
const US_CORE: &str = "http://hl7.org/fhir/us/core/StructureDefinition/us-core-patient";

/// A service with all embedded guides.
pub(super) fn service() -> &'static Server {
    static SHARED: OnceLock<Server> = OnceLock::new();
    static MAKING: Mutex<()> = Mutex::new(());
    let _making = MAKING.lock();
    SHARED.get_or_init(|| {
        let loader = AppLoader::new(Settings::default(), Default::default());
        let server = serve_with(config(json!({}), None), Store::temporary().unwrap(), Box::new(loader));
        server.until_ready();
        server
    })
}

/// What Inferno sends of an instance.
fn inferno(instance: &str) -> Value {
    let mut request: Value = serde_json::from_str(INFERNO).unwrap();
    request["filesToValidate"][0]["fileContent"] = instance.into();
    request
}

fn send(request: &Value) -> Answer {
    service().ask("POST", "/validate", &[("content-type", "application/json")], request.to_string().as_bytes())
}

/// The levels of the issues of the first file.
fn levels(answer: &Answer) -> Vec<String> {
    assert_eq!(answer.status, 200, "{}", String::from_utf8_lossy(&answer.body));
    let issues = answer.json()["outcomes"][0]["issues"].as_array().unwrap().clone();
    issues.iter().map(|issue| issue["level"].as_str().unwrap().to_owned()).collect()
}

fn example(name: &str) -> String {
    std::fs::read_to_string(format!("{}/examples/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

#[test]
fn inferno_is_answered() {
    let answer = send(&inferno(&example("us-core-patient.json")));
    assert!(!levels(&answer).iter().any(|l| l == "ERROR" || l == "FATAL"), "{}", answer.json());
    assert!(answer.header("content-type").unwrap().starts_with("application/json"));
    let body = answer.json();
    assert_eq!(body["sessionId"].as_str().unwrap().len(), 36);
    assert_eq!(body["outcomes"][0]["fileInfo"]["fileName"], "us-core-patient.json");
    assert_eq!(body["validationTimes"], json!({}));
    let answer = send(&inferno(&example("us-core-patient-invalid.json")));
    assert_eq!(levels(&answer).iter().filter(|l| *l == "ERROR").count(), 4, "{}", answer.json());
}

#[test]
fn issues_have_the_members_of_a_validation_message() {
    let answer = send(&inferno(&example("us-core-patient-invalid.json"))).json();
    let issues = answer["outcomes"][0]["issues"].as_array().unwrap();
    let issue = issues.iter().find(|issue| issue["level"] == "ERROR").unwrap();
    assert_eq!((&issue["line"], &issue["col"]), (&7.into(), &18.into()));
    assert_eq!(issue["location"], "Patient.identifier[0]");
    assert_eq!((&issue["messageId"], &issue["type"]), (&"Validation_VAL_Profile_Minimum".into(), &"STRUCTURE".into()));
    const ALWAYS: [&str; 15] = [
        "source",
        "line",
        "col",
        "location",
        "message",
        "messageId",
        "type",
        "level",
        "html",
        "slicingHint",
        "signpost",
        "criticalSignpost",
        "matched",
        "ignorableError",
        "count",
    ];
    for issue in issues {
        let members = issue.as_object().unwrap();
        assert!(ALWAYS.iter().all(|name| members.contains_key(*name)), "{issue}");
        let others = members.keys().filter(|name| !ALWAYS.contains(&name.as_str()));
        assert!(others.into_iter().all(|name| ["invId", "diagnostics"].contains(&name.as_str())), "{issue}");
        assert!(members.values().all(|value| !value.is_null()), "{issue}");
    }
}

#[test]
fn what_is_open_is_told_and_is_no_error() {
    let mut request = inferno(&example("us-core-patient-race.json"));
    let answer = send(&request);
    assert!(levels(&answer).iter().all(|l| l == "WARNING" || l == "INFORMATION"), "{}", answer.json());
    let text = answer.json().to_string();
    assert!(text.contains("undetermined: cannot determine whether"), "{text}");
    assert!(text.contains("the terminology server `https://tx.example.org/r4` is not asked"), "{text}");
    request["validationContext"]["level"] = "ERRORS".into();
    request["validationContext"]["txServer"] = "n/a".into();
    let answer = send(&request);
    assert_eq!(levels(&answer), ["WARNING"], "no silent pass");
    assert!(answer.json().to_string().contains("undetermined: open questions are not listed"));
}

#[test]
fn the_packages_that_are_named_say_which_profile_is_meant() {
    let mut request = inferno(PATIENT);
    request["validationContext"]["igs"] = json!(["hl7.fhir.us.core#3.1.1"]);
    let text = send(&request).json().to_string();
    assert!(text.contains(&format!("{US_CORE}|3.1.1")), "{text}");
    request["validationContext"]["igs"] = json!([]);
    assert!(send(&request).json().to_string().contains(&format!("{US_CORE}|8.0.0")));
}

#[test]
fn what_is_not_loaded_is_named() {
    let mut request = inferno(PATIENT);
    request["validationContext"]["igs"] = json!(["hl7.fhir.us.core#5.0.1"]);
    let answer = send(&request);
    assert_eq!((answer.status, answer.codes()), (422, vec!["package-unknown".to_owned()]));
    assert!(answer.json().to_string().contains("start the service with `--package hl7.fhir.us.core#5.0.1`"));
    let mut request = inferno(PATIENT);
    request["validationContext"]["profiles"] = json!(["http://nowhere.test/p"]);
    let answer = send(&request);
    assert_eq!((answer.status, answer.codes()), (422, vec!["profile-unknown".to_owned()]));
}

#[test]
fn several_files_of_both_formats_are_answered_in_order() {
    let xml = "<Patient xmlns='http://hl7.org/fhir'><gender value='x'/></Patient>";
    let request = json!({
        "cliContext": {"sv": "4.0.1"},
        "sessionId": "abc",
        "filesToValidate": [
            {"fileName": "a", "fileContent": xml, "fileType": "xml"},
            {"fileName": "b", "fileContent": "{"},
            {"fileName": "c", "fileContent": PATIENT, "fileType": "xml"},
        ]
    });
    let body = send(&request).json();
    assert_eq!(body["sessionId"], "abc");
    let told =
        |i: usize| (body["outcomes"][i]["fileInfo"]["fileType"].clone(), body["outcomes"][i]["issues"].to_string());
    assert_eq!(told(0).0, "xml");
    assert!(told(0).1.contains("\"ERROR\""));
    assert!(told(1).1.contains("\"FATAL\""), "{}", told(1).1);
    assert!(told(2).1.contains("the file is sent as `xml`, and is no xml"), "{}", told(2).1);
}

#[test]
fn a_limit_of_intake_is_fatal() {
    let deep = format!("{}{}", "[".repeat(5_000), "]".repeat(5_000));
    let answer =
        send(&json!({"filesToValidate": [{"fileContent": format!(r#"{{"resourceType":"Patient","a":{deep}}}"#)}]}));
    assert!(levels(&answer).contains(&"FATAL".to_owned()), "{}", answer.json());
}

#[test]
fn the_older_wrapper_is_answered_at_the_same_address() {
    let path = format!("/validate?profile={US_CORE}%7C6.1.0,http://hl7.org/fhir/StructureDefinition/Patient");
    let answer = service().post(&path, PATIENT);
    assert_eq!(answer.verdict(), "invalid");
    assert!(answer.json()["issue"].to_string().contains(US_CORE));
    let form = [("content-type", "application/x-www-form-urlencoded")];
    assert_eq!(service().ask("POST", &path, &form, PATIENT.as_bytes()).verdict(), "invalid", "as RestClient sends it");
    assert_eq!(service().ask("POST", "/$validate", &form, PATIENT.as_bytes()).status, 415);
    let answer = service().post("/validate", PATIENT);
    assert_eq!(answer.status, 422);
    assert!(answer.json().to_string().contains("/validate?profile=URL"));
}

#[test]
fn what_is_loaded_is_listed() {
    let service = service();
    let version = service.get("/validator/version").json();
    assert_eq!(version["coreVersion"], env!("CARGO_PKG_VERSION"));
    assert_eq!(service.get("/version").json(), version);
    assert!(service.get("/versions").json()["versions"].as_array().unwrap().contains(&"4.0.1".into()));
    let guides = service.get("/igVersions/hl7.fhir.us.core").json();
    assert_eq!(guides["packageInfo"].as_array().unwrap().len(), 4);
    assert_eq!(guides["packageInfo"][0]["fhirVersion"], "4.0.1");
    assert!(service.get("/ig").json()["packageInfo"].as_array().unwrap().len() > 4);
    assert!(service.get("/profiles").json().as_array().unwrap().contains(&US_CORE.into()));
    let by_guide = service.get("/profiles-by-ig").json();
    assert!(by_guide["hl7.fhir.us.core#6.1.0"].as_array().unwrap().contains(&format!("{US_CORE}|6.1.0").into()));
    assert!(service.get("/resources").json().as_array().unwrap().contains(&"Patient".into()));
    assert_eq!(service.get("/igVersions/none").status, 404);
    for path in ["/convert", "/terminology", "/context", "/igs"] {
        let answer = service.get(path);
        assert_eq!(answer.status, 404);
        assert!(!answer.json().to_string().contains("nothing at this address"), "{path}");
    }
}
