//! The known edge cases, each under its own name.

use super::found::ids;
use fhir_accord::capability::agreement::{Agreement, Kind, Outcome, ScopeAnswer, Usable, Verdict};
use fhir_accord::capability::scope::{covers, explain, normalise};
use fhir_accord::capability::{NegotiateRequest, Policy, Side, negotiate};
use serde_json::{Value, json};

use super::support::{client, definitions_of, expects, nothing, package, server, simple};

fn token_response(requested: &str, granted: &str) -> Outcome {
    asked(requested, json!({"tokenResponse": {"scope": granted}}), None).scopes[0].outcome
}

/// A client that reads and searches Observation at an able server, with scopes.
fn asked(scope: &str, policy: Value, smart: Option<Value>) -> Agreement {
    let all = json!([{"code": "read"}, {"code": "search-type"}, {"code": "create"}]);
    let mut request = NegotiateRequest::new(
        Side::Statement(client(
            json!([{"type": "Observation", "interaction": [{"code": "read"}, {"code": "search-type"}]}]),
        )),
        Side::Statement(server(
            json!([{"type": "Observation", "interaction": all}, {"type": "Patient", "interaction": all}]),
        )),
    );
    request.scope = Some(scope.to_owned());
    request.policy = serde_json::from_value::<Policy>(policy).unwrap();
    request.smart = smart;
    negotiate(&request, &nothing()).unwrap()
}

fn smart(capabilities: &[&str], scopes: &[&str]) -> Option<Value> {
    Some(json!({"capabilities": capabilities, "scopes_supported": scopes}))
}

fn has_issue(agreement: &Agreement, rule: &str) -> bool {
    agreement.issues.iter().any(|i| i.rule == rule)
}

#[test]
fn v1_to_v2() {
    assert_eq!(token_response("patient/Observation.read", "patient/Observation.rs"), Outcome::Granted);
}

#[test]
fn split_grant() {
    assert_eq!(
        token_response("patient/Observation.rs", "patient/Observation.r patient/Observation.s"),
        Outcome::Granted
    );
    assert!(covers("patient/Observation.r patient/Observation.s", "patient/Observation.rs").covers);
}

#[test]
fn bad_order() {
    let a = asked("patient/Observation.dus", json!({}), smart(&["permission-v2"], &["patient/*.cruds"]));
    assert_eq!(
        (a.scopes[0].outcome, a.scopes[0].normalised.as_str(), a.scopes[0].predicted.len()),
        (Outcome::Unknown, "", 0)
    );
    assert_eq!(a.scopes[0].why, ["bad-order"]);
    assert_eq!(a.resources[0].row(Kind::Interaction, 1).unwrap().scope, Some(ScopeAnswer::NotAsked));
    assert_eq!(normalise("patient/Observation.dus").faults[0].hint, "patient/Observation.uds");
    // Read and delete in the right order: valid by the grammar, and told apart from `.read`.
    let rd = explain("patient/Observation.rd");
    assert_eq!((rd.tokens[0].permissions.as_deref(), rd.tokens[0].fault), (Some("rd"), None));
    assert!(rd.tokens[0].hint.as_deref().unwrap().contains(".read"));
}

#[test]
fn case_context() {
    for (text, fix) in [("Patient/X.read", "patient/X.read"), ("patient/X.Read", "patient/X.read")] {
        let n = normalise(text);
        assert_eq!(
            (n.normalised.as_str(), n.faults[0].hint.as_str(), n.faults[0].rule.id()),
            ("", fix, "case-context")
        );
    }
}

#[test]
fn inner_space() {
    let faults = normalise("patient/ *.read").faults;
    assert_eq!(faults.iter().map(|f| (f.token.as_str(), f.at)).collect::<Vec<_>>(), [("patient/", 0), ("*.read", 9)]);
}

#[test]
fn lossy_v1() {
    let a = asked(
        "patient/Observation.r",
        json!({}),
        smart(&["permission-v1", "permission-patient"], &["patient/Observation.read"]),
    );
    assert_eq!(
        (a.scopes[0].outcome, a.scopes[0].predicted.join(" ")),
        (Outcome::Unknown, String::new()),
        "what a server of v1 alone makes of a v2 token is its own affair"
    );
    assert_eq!(a.ask.scope, "launch/patient patient/Patient.read patient/Observation.read");
    assert!(a.scopes[0].why.iter().any(|r| r == "broadened"));
}

#[test]
fn wildcard_dropped() {
    let a =
        asked("patient/*.rs", json!({}), smart(&["permission-v2"], &["patient/Observation.rs", "patient/Patient.rs"]));
    assert_eq!(a.scopes[0].outcome, Outcome::Unknown);
    assert_eq!(a.resources[0].row(Kind::Interaction, 0).unwrap().scope, Some(ScopeAnswer::Unknown));
    let issue = a.issues.iter().find(|i| i.rule == "wildcard-dropped").unwrap();
    assert!(issue.text.contains("`patient/Observation.rs`"), "{}", issue.text);
}

#[test]
fn listed_wildcard() {
    let a = asked("patient/Observation.rs", json!({}), smart(&["permission-v2"], &["patient/*.*"]));
    assert_eq!(a.scopes[0].outcome, Outcome::Granted);
    assert_eq!(a.resources[0].row(Kind::Interaction, 0).unwrap().scope, Some(ScopeAnswer::Likely));
}

#[test]
fn unlisted_scope() {
    let a = asked("patient/Observation.rs", json!({}), smart(&["permission-v2"], &["patient/Patient.rs"]));
    assert_eq!((a.scopes[0].outcome, ids(&a.scopes[0].why)), (Outcome::Unknown, vec!["unlisted-scope"]));
    assert_eq!(a.resources[0].row(Kind::Interaction, 0).unwrap().usable, Usable::Unknown);
    assert_eq!(a.verdict, Verdict::Compatible);
}

#[test]
fn granular_narrowed() {
    let a = asked(
        "patient/Observation.rs",
        json!({"tokenResponse": {"scope": "patient/Observation.rs?category=laboratory"}}),
        None,
    );
    assert_eq!(
        (a.scopes[0].outcome, a.scopes[0].predicted.join(" ")),
        (Outcome::Downscoped, "patient/Observation.rs?category=laboratory".to_owned())
    );
    assert_eq!(a.resources[0].row(Kind::Interaction, 0).unwrap().why, ["granular-narrowed"]);
}

#[test]
fn granular_overlap() {
    // An Observation of both categories: a grant for one of them covers what both filters select.
    assert!(
        covers(
            "patient/Observation.rs?category=laboratory",
            "patient/Observation.rs?category=laboratory&category=vital-signs"
        )
        .covers
    );
}

#[test]
fn filter_subset() {
    assert!(covers("patient/Observation.rs?category=lab", "patient/Observation.rs?category=lab&status=final").covers);
}

#[test]
fn cross_context() {
    assert_eq!(covers("system/*.cruds", "patient/Observation.r").missing, ["patient/Observation.r"]);
}

#[test]
fn read_no_search() {
    let a = asked("patient/Observation.r", json!({}), None);
    let [read, search] = &a.resources[0].of(Kind::Interaction).collect::<Vec<_>>()[..] else { panic!() };
    assert_eq!((read.usable, search.usable, search.scope), (Usable::Unknown, Usable::No, Some(ScopeAnswer::NotAsked)));
    assert_eq!(a.verdict, Verdict::Incompatible);
    assert!(search.why.iter().any(|r| r == "not-asked"));
}

#[test]
fn write_no_read() {
    let a = asked("patient/Observation.c", json!({"granted": "patient/Observation.c"}), None);
    assert_eq!((a.can_do.0[0].1.create, a.can_do.0[0].1.read), (Usable::Yes, Usable::No));
}

#[test]
fn scope_omitted() {
    let a = asked("", json!({}), None);
    assert!(
        a.issues
            .iter()
            .any(|i| i.rule == "scope-omitted" && i.severity == fhir_accord::capability::issue::Severity::Error)
    );
    assert_eq!(a.verdict, Verdict::Incompatible);
    let by_policy = asked("", json!({"defaultScopes": "patient/*.rs"}), None);
    assert_eq!(by_policy.verdict, Verdict::Compatible);
    let mut request = NegotiateRequest::new(
        Side::Statement(client(json!([{"type": "Observation", "interaction": [{"code": "read"}]}]))),
        Side::Statement(server(json!([{"type": "Observation", "interaction": [{"code": "read"}]}]))),
    );
    request.scope = Some(String::new());
    request.flow = Some(fhir_accord::capability::agreement::Flow::Refresh);
    let refresh = negotiate(&request, &nothing()).unwrap();
    assert_eq!(
        (refresh.verdict, refresh.resources[0].row(Kind::Interaction, 0).unwrap().scope),
        (Verdict::Compatible, None)
    );
}

#[test]
fn patient_no_launch() {
    use fhir_accord::capability::agreement::LaunchContext;
    assert_eq!(asked("patient/Observation.rs", json!({}), None).launch.context, LaunchContext::Conditional);
    assert_eq!(asked("launch/patient patient/Observation.rs", json!({}), None).launch.context, LaunchContext::Granted);
    assert_eq!(asked("launch patient/Observation.rs", json!({}), None).launch.context, LaunchContext::Conditional);
    assert_eq!(asked("user/Observation.rs", json!({}), None).launch.context, LaunchContext::Missing);
}

#[test]
fn grant_without_capability() {
    let mut request = NegotiateRequest::new(
        Side::Statement(client(
            json!([{"type": "Observation", "interaction": [{"code": "create", "extension": expects("MAY")}]}]),
        )),
        Side::Statement(server(json!([{"type": "Observation", "interaction": [{"code": "read"}]}]))),
    );
    request.scope = Some("patient/Observation.c".to_owned());
    request.policy.granted = request.scope.clone();
    let a = negotiate(&request, &nothing()).unwrap();
    let create = a.resources[0].row(Kind::Interaction, 0).unwrap();
    assert_eq!((create.scope, create.usable), (Some(ScopeAnswer::Granted), Usable::No));
}

#[test]
fn vendor_type() {
    let a = asked("patient/PatientPortalTemplate.* patient/Observation.rs", json!({}), None);
    assert_eq!(a.scopes[0].normalised, "patient/PatientPortalTemplate.cruds");
    assert!(a.scopes[0].why.iter().any(|r| r == "vendor-type") && has_issue(&a, "vendor-type"));
    assert!(normalise("patient/PatientPortalTemplate.*").faults.is_empty());
    assert!(explain("patient/PatientPortalTemplate.*").tokens[0].meaning.contains("vendor"));
}

#[test]
fn self_instantiates() {
    let mut statement = server(json!([{"type": "Patient"}]));
    statement["url"] = json!("http://x.example/CapabilityStatement/me");
    statement["instantiates"] = json!(["http://x.example/CapabilityStatement/me"]);
    let a = simple(client(json!([{"type": "Patient"}])), statement, &nothing());
    assert_eq!(a.verdict, Verdict::Compatible);
    assert!(has_issue(&a, "self-instantiates"));
}

#[test]
fn type_mismatch() {
    let bundle = json!({"resourceType": "StructureDefinition", "url": "http://x.example/b", "version": "1",
        "kind": "resource", "type": "Bundle", "derivation": "constraint",
            "baseDefinition": "http://hl7.org/fhir/StructureDefinition/Bundle"});
    let definitions = definitions_of(vec![package("x.ca.y#1", &[bundle])]);
    let wants = client(json!([{"type": "Practitioner", "supportedProfile": ["http://x.example/b"]}]));
    let has = server(json!([{"type": "Practitioner", "supportedProfile": ["http://x.example/b"]}]));
    let a = simple(wants, has.clone(), &definitions);
    assert_eq!(a.issues.iter().filter(|i| i.rule == "type-mismatch").count(), 2);
    assert!(a.resources[0].row(Kind::Profile, 0).is_none());
    // Without the definition nobody can tell.
    let b = simple(client(json!([{"type": "Practitioner"}])), has, &nothing());
    assert!(!has_issue(&b, "type-mismatch") && has_issue(&b, "unresolved-profile"));
}

#[test]
fn undefined_param() {
    let wants = client(json!([{"type": "Patient", "searchParam": [{"name": "name",
            "definition": "http://hl7.org/fhir/SearchParameter/Patient-name", "type": "string"}]}]));
    let a = simple(
        wants,
        server(json!([{"type": "Patient", "interaction": [{"code": "search-type"}],
            "searchParam": [{"name": "name", "type": "string"}]}])),
        &nothing(),
    );
    let param = a.resources[0].row(Kind::SearchParam, 0).unwrap();
    assert_eq!(
        (param.server, ids(&param.why), a.verdict),
        (fhir_accord::capability::agreement::Answer::Yes, vec!["assumed"], Verdict::Compatible)
    );
}

#[test]
fn implementation_guide_null() {
    let mut statement = server(json!([{"type": "Patient"}]));
    statement["implementationGuide"] = json!([null]);
    assert_eq!(simple(client(json!([{"type": "Patient"}])), statement, &nothing()).verdict, Verdict::Compatible);
}
