//! Requests about capability, scope and profile together, and the definitions that they rest on.

use fhir_accord::capability::CodesAt;
use serde_json::{Value, json};

use crate::requests::{request, statement, with};
use crate::told::Told;

const BASE: &str = "http://test.example/";

/// Search parameters, a compartment, and a guide that cannot decide for one statement.
pub fn resources() -> Vec<Value> {
    let requires = |name: &str| {
        json!({"resourceType": "CapabilityStatement", "url": format!("{BASE}{name}"), "version": "1",
            "kind": "requirements", "fhirVersion": "4.0.1", "rest": [{"mode": "client"}]})
    };
    vec![
        json!({"resourceType": "SearchParameter", "url": "http://hl7.org/fhir/SearchParameter/Patient-gender",
            "version": "1", "code": "gender", "type": "token", "base": ["Patient"], "expression": "Patient.gender"}),
        json!({"resourceType": "CompartmentDefinition", "url": format!("{BASE}compartment"), "version": "1",
            "code": "Patient", "resource": [{"code": "Observation", "param": ["subject"]}, {"code": "Organization"}]}),
        requires("one"),
        requires("other"),
    ]
}

/// What the profiles of these requests say of the gender.
pub fn codes(told: Told) -> Told {
    let male = CodesAt::Fixed(vec![(None, "male".to_owned())]);
    let codes = vec![(format!("{BASE}e|1"), male), (format!("{BASE}open|1"), CodesAt::Any)];
    Told { codes, ..told }
}

pub fn all() -> Vec<Value> {
    let patient = |more: Value| json!([with(json!({"type": "Patient", "interaction": [{"code": "read"}]}), more)]);
    let should = json!([{"url": "http://hl7.org/fhir/StructureDefinition/capabilitystatement-expectation",
        "valueCode": "SHOULD"}]);
    let plain = patient(json!({}));
    let parameters = json!({"searchParam": [{"name": "gender", "type": "token"}, {"name": "_sort"}]});
    let other = json!({"searchParam": [{"name": "gender", "type": "string"}]});
    let kept = json!({"versioning": "versioned", "readHistory": true});
    let mut doubtful = request(&patient(json!({"extension": should})), &plain, json!({}));
    doubtful["server"]["kind"] = json!("requirements");
    doubtful["server"]["rest"][0]["resource"][0]["extension"] = should;
    let profile = |name: &str| json!({"supportedProfile": [format!("{BASE}{name}")]});
    let elsewhere = json!([{"type": "Patient"}, with(json!({"type": "Group"}), profile("e-profile|1"))]);
    let narrowed = |name: &str, query: &str| {
        let entry = patient(profile(name));
        let granted = json!({"tokenResponse": {"scope": format!("launch/patient patient/Patient.rs?{query}")}});
        request(&entry, &entry, json!({"scope": "patient/Patient.rs", "policy": granted}))
    };
    let asked = json!({"scope": "patient/Patient.rd patient/Organization.r user/Group.r"});
    vec![
        json!({"client": "ig:test.guide#1", "server": statement("server", &plain)}),
        request(&json!([]), &plain, json!({})),
        doubtful,
        request(&patient(parameters), &patient(other), json!({})),
        request(&patient(kept), &plain, json!({})),
        request(&patient(profile("e-profile|1")), &elsewhere, json!({})),
        request(&patient(profile("e-profile|1")), &patient(profile("e-profil|1")), json!({})),
        narrowed("e|1", "gender=male"),
        narrowed("e|1", "gender=female"),
        narrowed("open|1", "gender=male"),
        narrowed("e|1", "ward=7"),
        request(&plain, &plain, asked),
    ]
}
