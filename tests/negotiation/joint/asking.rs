//! The scope string to ask for.

use fhir_accord::capability::agreement::{AskedToken, Outcome, Verdict};
use serde_json::{Value, json};

use super::{embedded, observations};
use crate::support::{client, server, with};

#[test]
fn a_server_of_v1_scopes_is_asked_in_v1() {
    let smart = json!({"capabilities": ["launch-standalone", "client-public", "permission-patient",
        "context-standalone-patient"], "scopes_supported": ["launch/patient", "patient/Patient.read",
        "patient/Observation.read"]});
    let pressure = observations("us-core-blood-pressure|6.1.0");
    let a = embedded(client(pressure.clone()), server(pressure), |r| {
        r.scope = Some("launch/patient patient/Patient.rs patient/Observation.rs?category=laboratory".to_owned());
        r.smart = Some(smart);
    });
    assert!(a.scopes[1..].iter().all(|s| s.outcome == Outcome::Unknown), "{:?}", a.scopes);
    assert_eq!(a.ask.scope, "launch/patient patient/Patient.read patient/Observation.read");
}

#[test]
fn the_least_that_is_needed() {
    let wants = client(json!([{"type": "Patient", "interaction": [{"code": "read"}]},
        {"type": "Observation", "interaction": [{"code": "read"}, {"code": "create"}],
            "searchParam": [{"name": "code"}]}, {"type": "Goal", "interaction": [{"code": "delete"}]}]));
    let has = server(json!([{"type": "Patient", "interaction": [{"code": "read"}]},
        {"type": "Observation", "interaction": [{"code": "read"}, {"code": "search-type"}],
            "searchParam": [{"name": "code"}]}]));
    let a = with(wants, has, |r| r.scope = Some("patient/Patient.rs patient/Condition.r".to_owned()));
    assert_eq!(a.ask.scope, "launch/patient patient/Patient.r patient/Observation.rs");
    let told = |all: &[AskedToken]| all.iter().map(|t| format!("{} {}", t.token, t.why)).collect::<Vec<_>>();
    assert_eq!(told(&a.ask.missing), ["patient/Observation.rs not-asked"]);
    assert_eq!(told(&a.ask.beyond), ["patient/Patient.s not-needed", "patient/Condition.r type-not-needed"]);
}

#[test]
fn what_is_asked_for_is_granted_by_a_server_that_lists_it() {
    let entry = |t: &str, codes: &[&str]| {
        let interactions: Vec<Value> = codes.iter().map(|c| json!({"code": c})).collect();
        json!({"type": t, "interaction": interactions, "searchParam": [{"name": "_id"}]})
    };
    let wants = client(json!([
        entry("Patient", &["read"]),
        entry("Observation", &["read", "search-type", "create"]),
        entry("Goal", &["update", "delete"])
    ]));
    let all = ["read", "search-type", "create", "update", "delete"];
    let has = server(json!([entry("Patient", &all), entry("Observation", &all), entry("Goal", &all)]));
    for requested in ["patient/*.rs", "launch/patient openid patient/Observation.rs?category=a", "user/Patient.r", "x"]
    {
        let a = with(wants.clone(), has.clone(), |r| r.scope = Some(requested.to_owned()));
        let listed: Vec<&str> = a.ask.scope.split(' ').collect();
        let smart = json!({"capabilities": ["permission-v2"], "scopes_supported": listed});
        let again = with(wants.clone(), has.clone(), |r| {
            r.scope = Some(a.ask.scope.clone());
            r.smart = Some(smart);
        });
        let outcomes: Vec<Outcome> =
            again.scopes.iter().map(|s| s.outcome).filter(|o| *o != Outcome::Granted).collect();
        assert!(outcomes.iter().all(|o| *o == Outcome::Unknown && requested == "x"), "{requested}: {:?}", again.scopes);
        assert_eq!((&again.ask.scope, again.ask.missing.len()), (&a.ask.scope, 0), "{requested}");
        assert_eq!(again.verdict, Verdict::Compatible, "{requested}");
    }
}

#[test]
fn words_that_do_nothing_in_the_flow_are_not_asked_for() {
    use fhir_accord::capability::agreement::Flow;
    let entry = json!([{"type": "Observation", "interaction": [{"code": "read"}]}]);
    let asked = |scope: &str, flow: Flow| {
        let a = with(client(entry.clone()), server(entry.clone()), |r| {
            r.scope = Some(scope.to_owned());
            r.flow = Some(flow);
        });
        a.ask.scope
    };
    assert_eq!(asked("openid offline_access x-site system/*.rs", Flow::Backend), "x-site system/Observation.r");
    let launched = "patient/Patient.r patient/Observation.r";
    assert_eq!(asked("launch patient/*.rs", Flow::Standalone), format!("launch/patient {launched}"));
    assert_eq!(asked("launch patient/*.rs", Flow::Ehr), format!("launch {launched}"));
}
