//! Definitions from the store, and the CapabilityStatement.

use serde_json::Value;

use crate::support::shared;

const US_CORE: &str = "http://hl7.org/fhir/us/core/StructureDefinition/us-core-patient";

fn versions(bundle: &Value) -> Vec<String> {
    bundle["entry"]
        .as_array()
        .map(|e| e.iter().map(|e| e["resource"]["version"].as_str().unwrap().to_owned()).collect())
        .unwrap_or_default()
}

#[test]
fn by_canonical() {
    let bundle = shared().get(&format!("/StructureDefinition?url={US_CORE}")).json();
    let found = versions(&bundle);
    assert!(found.len() >= 4 && bundle["total"] == found.len(), "{found:?}");
    assert!(found.windows(2).all(|w| w[0] > w[1]), "the newest comes first: {found:?}");
    let one = shared().get(&format!("/StructureDefinition?url={US_CORE}&version=6.1.0")).json();
    assert_eq!(versions(&one), ["6.1.0"]);
    assert_eq!(
        one["entry"][0]["fullUrl"],
        "http://test.example/packages/hl7.fhir.us.core/6.1.0/StructureDefinition/us-core-patient"
    );
    assert_eq!(versions(&shared().get(&format!("/StructureDefinition?url={US_CORE}%7C7.0.0")).json()), ["7.0.0"]);
    let none = shared().get("/StructureDefinition?url=http://nowhere.example/p").json();
    assert_eq!((none["total"].as_u64(), none.get("entry")), (Some(0), None));
    assert_eq!(
        shared().get("/ValueSet?url=http://hl7.org/fhir/ValueSet/administrative-gender").json()["entry"][0]["resource"]
            ["id"],
        "administrative-gender"
    );
    assert_eq!(
        shared().get("/CodeSystem?url=http://hl7.org/fhir/administrative-gender").json()["entry"][0]["resource"]["resourceType"],
        "CodeSystem"
    );
}

#[test]
fn by_id() {
    let newest = shared().get("/StructureDefinition/us-core-patient").json();
    assert_eq!((newest["url"].as_str(), newest["version"].as_str()), (Some(US_CORE), Some("8.0.0")));
    let old = shared().get("/packages/hl7.fhir.us.core/3.1.1/StructureDefinition/us-core-patient").json();
    assert_eq!(old["version"], "3.1.1");
    assert_eq!(shared().get("/StructureDefinition/no-such-thing").status, 404);
    assert_eq!(shared().get("/packages/hl7.fhir.us.core/1.0.0/StructureDefinition/us-core-patient").status, 404);
    assert_eq!(shared().get("/Patient/p1").status, 404);
    assert_eq!(shared().get("/Patient?url=x").status, 404);
}

#[test]
fn snapshots_are_generated_where_the_package_has_none() {
    let canada = shared()
        .get("/StructureDefinition?url=http://hl7.org/fhir/ca/baseline/StructureDefinition/profile-patient")
        .json();
    let resource = &canada["entry"][0]["resource"];
    assert!(resource["snapshot"]["element"].as_array().is_some_and(|e| e.len() > 10), "{canada}");
    let again = shared()
        .get("/StructureDefinition?url=http://hl7.org/fhir/ca/baseline/StructureDefinition/profile-patient")
        .json();
    assert_eq!(canada, again);
}

#[test]
fn pages() {
    let first = shared().get("/StructureDefinition?_count=3").json();
    assert_eq!(first["entry"].as_array().unwrap().len(), 3);
    let next = first["link"].as_array().unwrap().iter().find(|l| l["relation"] == "next").unwrap()["url"]
        .as_str()
        .unwrap()
        .to_owned();
    let second = shared().get(next.strip_prefix("http://test.example").unwrap()).json();
    assert_eq!(second["entry"].as_array().unwrap().len(), 3);
    assert_ne!(first["entry"], second["entry"]);
    assert_eq!(shared().get("/StructureDefinition?_count=0").json().get("entry"), None);
}

#[test]
fn unknown_parameters_are_told() {
    let lenient = shared().get("/ValueSet?url=http://hl7.org/fhir/ValueSet/administrative-gender&colour=red").json();
    assert_eq!(lenient["entry"][1]["search"]["mode"], "outcome");
    assert_eq!(shared().ask("GET", "/ValueSet?colour=red", &[("prefer", "handling=strict")], b"").status, 400);
}

#[test]
fn what_the_service_gives_is_valid_itself() {
    for path in ["/metadata", "/ValueSet?url=http://nowhere.example/v&colour=red", "/CodeSystem?_count=0", "/nothing"] {
        let given = shared().get(path);
        let answer = shared().post("/$validate?preset=hl7", &given.body);
        let errors: Vec<Value> = answer.json()["issue"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|i| i["severity"] == "error" || i["severity"] == "fatal")
            .cloned()
            .collect();
        assert!(errors.is_empty(), "{path}: {}", serde_json::to_string_pretty(&errors).unwrap());
    }
    let statement = shared().get("/metadata").json();
    assert_eq!((statement["kind"].as_str(), statement["fhirVersion"].as_str()), (Some("instance"), Some("4.0.1")));
    assert_eq!(statement["implementation"]["url"], "http://test.example");
}
