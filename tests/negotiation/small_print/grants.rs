//! Scopes: launch, caps and what is granted.

use fhir_accord::capability::agreement::{
    Flow, Kind, Outcome, PatientSelection, RefreshToken, ScopeAnswer, Usable, Verdict,
};
use serde_json::{Value, json};

use crate::support::{client, observation, server, with};

#[test]
fn launch_identity_and_refresh() {
    let ask = |scope: &str, flow: Flow| {
        with(client(observation(json!([]))), server(observation(json!([]))), |r| {
            r.scope = Some(scope.to_owned());
            r.flow = Some(flow);
        })
    };
    let a = ask("launch/patient openid fhirUser offline_access patient/Observation.rs", Flow::Standalone);
    assert_eq!(
        (a.launch.patient_selection, a.launch.identity, a.launch.refresh),
        (PatientSelection::Ehr, "fhirUser", RefreshToken::Offline)
    );
    assert!(a.issues.iter().any(|i| i.rule == "identity-unreadable" && i.text.contains("Practitioner")));
    assert_eq!(ask("user/Patient.rs", Flow::Standalone).launch.patient_selection, PatientSelection::App);
    assert_eq!(ask("user/Patient.r", Flow::Standalone).launch.patient_selection, PatientSelection::None);
    let backend = ask("system/*.rs patient/*.rs offline_access", Flow::Backend);
    assert_eq!(
        backend.scopes.iter().map(|s| s.outcome).collect::<Vec<_>>(),
        [Outcome::Unknown, Outcome::Rejected, Outcome::Rejected]
    );
    assert_eq!(backend.launch.refresh, RefreshToken::None);
}

#[test]
fn caps_of_registration_and_authority() {
    let ask = |policy: Value| {
        with(
            client(observation(json!([{"code": "read"}, {"code": "search-type"}]))),
            server(observation(json!([{"code": "read"}, {"code": "search-type"}]))),
            |r| {
                r.scope = Some("patient/Observation.rs".to_owned());
                r.policy = serde_json::from_value(policy).unwrap();
            },
        )
    };
    let a = ask(json!({"registration": "patient/Observation.r"}));
    assert_eq!(
        (a.scopes[0].outcome, a.scopes[0].predicted.join(" ")),
        (Outcome::Downscoped, "patient/Observation.r".to_owned())
    );
    assert_eq!(
        a.resources[0].of(Kind::Interaction).map(|i| i.scope.unwrap()).collect::<Vec<_>>(),
        [ScopeAnswer::Likely, ScopeAnswer::Missing]
    );
    assert_eq!(a.verdict, Verdict::Incompatible);
    let b = ask(json!({"authority": "user/Observation.s", "granted": "patient/Observation.rs"}));
    assert_eq!(b.resources[0].of(Kind::Interaction).map(|i| i.usable).collect::<Vec<_>>(), [Usable::No, Usable::Yes]);
}

#[test]
fn grants_that_nothing_uses() {
    let a = with(client(observation(json!([{"code": "read"}]))), server(observation(json!([{"code": "read"}]))), |r| {
        r.scope = Some("patient/Observation.rs patient/Goal.r user/*.r openid".to_owned());
        r.policy.granted = r.scope.clone();
    });
    assert_eq!(a.unused_grants, ["patient/Observation.s", "patient/Goal.r"]);
}
