//! What a negotiation says at its bounds on scopes, and beyond them.

use super::found::ids;
use fhir_accord::capability::agreement::{Agreement, Outcome};
use fhir_accord::capability::scope::{LISTED_LIMIT, OVERLAPS_LIMIT, PAIRS_LIMIT, PROPOSED_LIMIT};
use fhir_accord::capability::{NegotiateRequest, PackageDefinitions, negotiate};
use serde_json::{Value, json};

fn list(n: usize, item: impl Fn(usize) -> String) -> String {
    (0..n).map(item).collect::<Vec<_>>().join(" ")
}

/// Two sides that read and search these types, with what else is asked.
fn negotiated(types: &[String], more: Value) -> Agreement {
    let entry = |name: &String| json!({"type": name, "interaction": [{"code": "read"}, {"code": "search-type"}]});
    let side = |mode: &str| {
        json!({"resourceType": "CapabilityStatement", "kind": "instance", "fhirVersion": "4.0.1", "format": ["json"],
            "rest": [{"mode": mode, "resource": types.iter().map(entry).collect::<Vec<_>>()}]})
    };
    let mut body = json!({"client": side("client"), "server": side("server")});
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    negotiate(&NegotiateRequest::from_json(&body).unwrap(), &PackageDefinitions::new(Default::default())).unwrap()
}

fn types(n: usize) -> Vec<String> {
    (0..n).map(|i| format!("T{i}")).collect()
}

fn told<'a>(agreement: &'a Agreement, rule: &str) -> Vec<&'a str> {
    agreement.issues.iter().filter(|i| i.rule == rule).map(|i| i.path.as_str()).collect()
}

#[test]
fn a_token_beyond_a_bound_grants_nothing() {
    let token = |n: usize| format!("patient/T0.rs?{}", (0..n).map(|i| format!("a{i}=b")).collect::<Vec<_>>().join("&"));
    for (n, is_read) in [(PAIRS_LIMIT, true), (PAIRS_LIMIT + 1, false), (6_000, false)] {
        let agreement = negotiated(&types(1), json!({"scope": token(n), "smart": {"scopes_supported": [token(n)]}}));
        assert_eq!(agreement.scopes[0].outcome == Outcome::Granted, is_read);
        assert_eq!(told(&agreement, "scope-limit").len(), usize::from(!is_read));
    }
}

#[test]
fn scopes_that_a_configuration_lists() {
    let listed = |n: usize| json!({"scope": "patient/T0.rs", "smart": {"scopes_supported": types(n)}});
    assert!(told(&negotiated(&types(1), listed(LISTED_LIMIT)), "scope-limit").is_empty());
    let beyond = negotiated(&types(1), listed(LISTED_LIMIT + 1));
    assert_eq!(told(&beyond, "scope-limit"), ["scopes_supported"]);
    assert_eq!(told(&negotiated(&types(1), listed(200_000)), "scope-limit"), ["scopes_supported"]);
}

#[test]
fn scopes_that_a_policy_gives() {
    let too_long = list(1025, |i| format!("patient/T{i}.rs"));
    for member in ["granted", "registration", "authority"] {
        let agreement = negotiated(&types(1), json!({"scope": "patient/T0.rs", "policy": {member: too_long}}));
        assert_eq!(told(&agreement, "scope-limit"), [member]);
    }
}

#[test]
fn what_requests_have_in_common_with_the_grant() {
    let wild = |n: usize| list(n, |i| format!("patient/*.rs?a={i}"));
    let granted = list(1024, |i| format!("patient/T{i}.r?b={i}"));
    let asked = |n: usize| negotiated(&types(1), json!({"scope": wild(n), "policy": {"granted": granted}}));
    let spelt_out = |agreement: &Agreement| agreement.scopes.iter().filter(|s| s.predicted.len() == 1024).count();
    let most = OVERLAPS_LIMIT / 1024;
    let within = asked(most);
    assert_eq!(spelt_out(&within), most);
    let beyond = asked(most + 1);
    assert_eq!(spelt_out(&beyond), most);
    let last = beyond.scopes.last().unwrap();
    assert_eq!((last.outcome, ids(&last.why)), (Outcome::Downscoped, vec!["policy", "scope-limit"]));
    assert_eq!(spelt_out(&asked(1024)), most);
}

#[test]
fn types_in_place_of_a_wildcard() {
    let with = |n: usize| {
        let listed: Vec<String> = types(n).iter().map(|t| format!("patient/{t}.rs")).collect();
        let agreement = negotiated(&types(n), json!({"scope": "patient/*.rs", "smart": {"scopes_supported": listed}}));
        let text = agreement.issues.iter().find(|i| i.rule == "wildcard-dropped").unwrap().text.clone();
        (text.matches("patient/T").count(), text.contains("for the others"))
    };
    assert_eq!(with(PROPOSED_LIMIT), (PROPOSED_LIMIT, false));
    assert_eq!(with(PROPOSED_LIMIT + 1), (PROPOSED_LIMIT, true));
}

#[test]
fn many_tokens_beside_many_types() {
    let scopes = list(1024, |i| format!("patient/*.rs?a={i}&b={}", "x".repeat(1000)));
    let listed: Vec<String> = (0..4096).map(|i| format!("patient/T{i}.rs")).collect();
    let capabilities: Vec<String> = (0..100_000).map(|i| format!("vendor-{i}")).collect();
    for more in [
        json!({"scope": scopes, "smart": {"scopes_supported": listed, "capabilities": capabilities}}),
        json!({"scope": scopes, "policy": {"granted": scopes}}),
        json!({"scope": scopes, "policy": {"registration": list(1024, |i| format!("patient/T{i}.r?c={i}"))}}),
    ] {
        let agreement = negotiated(&types(1000), more);
        assert_eq!((agreement.scopes.len(), agreement.resources.len()), (1024, 1000));
    }
}
