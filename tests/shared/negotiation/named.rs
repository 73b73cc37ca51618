//! Edge cases that only published definitions and real configurations show.

use super::found::profiles;
use fhir_accord::capability::agreement::{Agreement, ClientType, Flow, Kind, Outcome, ProfileStatus, Verdict};
use serde_json::{Value, json};

use super::support::{NEEDS, capability, definitions};
use crate::harness::{Test, tests};
use crate::made::{client, expects, observation, server, simple, with};

pub const TESTS: &[Test] = tests! {
    NEEDS => wrong_canonical, dstu2_top_profile, versionless, a_guide_claims_its_profiles, real_configurations;
};

fn has_issue(agreement: &Agreement, rule: &str) -> bool {
    agreement.issues.iter().any(|i| i.rule == rule)
}

fn wrong_canonical() {
    let definitions = definitions();
    let mut statement = server(json!([{"type": "Patient"}]));
    statement["instantiates"] = json!(["http://hl7.org/fhir/us/core/CapabilityStatement-us-core-server.html"]);
    let a = simple(client(json!([{"type": "Patient", "interaction": [{"code": "read"}]}])), statement, definitions);
    assert_eq!(a.verdict, Verdict::Incompatible);
    let issue = a.issues.iter().find(|i| i.rule == "unresolved-instantiates").unwrap();
    assert!(issue.text.contains("http://hl7.org/fhir/us/core/CapabilityStatement/us-core-server"), "{}", issue.text);
}

fn dstu2_top_profile() {
    let definitions = definitions();
    let daf = "http://hl7.org/fhir/StructureDefinition/daf-patient";
    let statement = |mode: &str, extra: Value| {
        json!({"resourceType": "Conformance", "kind": "instance",
        "fhirVersion": "1.0.2", "format": ["json"], "profile": extra, "rest": [{"mode": mode,
            "resource": [{"type": "Patient"}]}]})
    };
    let wants = statement("client", json!([{"reference": daf}]));
    let has = statement(
        "server",
        json!([{"reference": daf}, {"reference": "StructureDefinition/daf-patient"},
            {"reference": "http://hl7.org/fhir/StructureDefinition/daf-condition"}]),
    );
    let a = simple(wants, has, definitions);
    assert_eq!(
        (a.resources.len(), a.resources[0].row(Kind::Profile, 0).unwrap().profile().unwrap().status),
        (1, ProfileStatus::Claimed)
    );
    assert_eq!(a.resources[0].row(Kind::Profile, 0).unwrap().profile().unwrap().evidence[0].path, "profile[0]");
    assert!(has_issue(&a, "relative-reference") && has_issue(&a, "profile-without-entry"));
}

fn versionless() {
    let definitions = definitions();
    let url = "http://hl7.org/fhir/us/core/StructureDefinition/us-core-patient";
    let wants = client(json!([{"type": "Patient", "supportedProfile": [format!("{url}|8.0.0")]}]));
    let a = simple(wants.clone(), server(json!([{"type": "Patient", "supportedProfile": [url]}])), definitions);
    let profile = &profiles(&a.resources[0])[0];
    assert_eq!(
        (profile.status, profile.why.clone(), profile.satisfied_by.as_deref()),
        (ProfileStatus::Unknown, vec!["version-unknown"], Some(url))
    );
    assert_eq!(a.verdict, Verdict::Indeterminate);
    let same = simple(
        wants.clone(),
        server(json!([{"type": "Patient", "supportedProfile": [format!("{url}|8.0.0")]}])),
        definitions,
    );
    assert_eq!(same.resources[0].row(Kind::Profile, 0).unwrap().profile().unwrap().status, ProfileStatus::Proven);
    let other =
        simple(wants, server(json!([{"type": "Patient", "supportedProfile": [format!("{url}|6.1.0")]}])), definitions);
    assert_eq!(other.resources[0].row(Kind::Profile, 0).unwrap().why, ["other-version"]);
}

fn a_guide_claims_its_profiles() {
    let definitions = definitions();
    let guide = |text: &str| {
        let mut s = server(json!([{"type": "Patient"}]));
        s["implementationGuide"] = json!([text]);
        s
    };
    let ask = |required: &str, statement: Value| {
        let a = simple(
            client(json!([{"type": "Patient", "supportedProfile": [required]}, {"type": "Group",
                    "extension": expects("MAY")}])),
            statement,
            definitions,
        );
        let p = &profiles(&a.resources[0])[0];
        (p.status, p.satisfied_by.clone().unwrap_or_default(), p.why.clone())
    };
    let url = "http://hl7.org/fhir/us/core/StructureDefinition/us-core-patient";
    let ig = "http://hl7.org/fhir/us/core/ImplementationGuide/hl7.fhir.us.core";
    assert_eq!(ask(url, guide(&format!("{ig}|6.1.0"))), (ProfileStatus::Claimed, format!("{url}|6.1.0"), vec![]));
    assert_eq!(ask(url, guide(ig)), (ProfileStatus::Claimed, format!("{url}|8.0.0"), vec!["guide-version-unknown"]));
    assert_eq!(
        ask(&format!("{url}|6.1.0"), guide(ig)),
        (ProfileStatus::Claimed, format!("{url}|6.1.0"), vec!["guide-version-unknown"])
    );
    assert_eq!(
        ask(&format!("{url}|7.0.0"), guide(&format!("{ig}|6.1.0"))),
        (ProfileStatus::Unknown, format!("{url}|6.1.0"), vec!["other-version"])
    );
    let ca = "http://hl7.org/fhir/ca/baseline/StructureDefinition/profile-patient";
    assert_eq!(ask(ca, guide(ig)).2, ["undeclared"]);
    // The guide's version is not its profiles' version.
    assert_eq!(
        ask(ca, guide("http://hl7.org/fhir/ca/baseline/ImplementationGuide/hl7.fhir.ca.baseline|1.2.0")).1,
        format!("{ca}|1.1.1")
    );
}

fn real_configurations() {
    let lantern = capability("smartcfg-lantern-fhir-sandbox");
    let ask = |smart: &Value, scope: &str, flow: Flow, client_type: ClientType| {
        let a =
            with(client(observation(json!([{"code": "read"}]))), server(observation(json!([{"code": "read"}]))), |r| {
                r.smart = Some(smart.clone());
                r.scope = Some(scope.to_owned());
                r.flow = Some(flow);
                r.client_type = Some(client_type);
            });
        a.scopes.iter().map(|s| s.outcome).collect::<Vec<_>>()
    };
    assert_eq!(
        ask(&lantern, "system/Observation.read", Flow::Backend, ClientType::ConfidentialAsymmetric),
        [Outcome::Granted]
    );
    let cerner = capability("smartcfg-cerner-millennium-r4");
    assert_eq!(
        ask(
            &cerner,
            "launch patient/Account.read online_access patient/*.read patient/Account.r",
            Flow::Ehr,
            ClientType::Public
        ),
        [Outcome::Granted, Outcome::Granted, Outcome::Granted, Outcome::Unknown, Outcome::Unknown]
    );
    let launcher = capability("smartcfg-smart-launcher-v2-rendered");
    assert_eq!(
        ask(
            &launcher,
            "launch/patient openid patient/Observation.rs user/*.cruds offline_access online_access",
            Flow::Standalone,
            ClientType::Public
        ),
        [Outcome::Granted, Outcome::Granted, Outcome::Granted, Outcome::Granted, Outcome::Granted, Outcome::Dropped]
    );
    let bluebutton = capability("smartcfg-cms-bluebutton-rendered");
    assert_eq!(
        ask(
            &bluebutton,
            "patient/Patient.rs patient/Coverage.read",
            Flow::Standalone,
            ClientType::ConfidentialSymmetric
        ),
        [Outcome::Granted, Outcome::Granted]
    );
    assert_eq!(ask(&bluebutton, "patient/Patient.rs", Flow::Standalone, ClientType::Public), [Outcome::Unknown]);
}
