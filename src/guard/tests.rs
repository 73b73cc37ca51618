use serde_json::json;

use super::*;
use crate::app::Settings;
use crate::capability::guard::{Method, State, Verdict};

fn app() -> Arc<App> {
    let packages = vec!["hl7.fhir.r4.core#4.0.1".to_owned()];
    Arc::new(App::open(&Settings { packages, ..Settings::default() }).unwrap())
}

fn negotiation(version: &str, profile: &str) -> Value {
    json!({"id": "0", "fhirVersion": {"chosen": version}, "system": {"interactions": []}, "scopes": [],
        "resources": [{"type": "Observation", "interactions": [{"code": "search-type", "usable": "likely"},
            {"code": "create", "usable": "likely"}],
            "includes": [{"code": "Observation:patient", "usable": "yes"}],
            "searchParams": [{"name": "patient", "usable": "yes"}, {"name": "subject", "usable": "yes"},
                {"name": "code", "usable": "yes"}]},
            {"type": "Patient", "interactions": [{"code": "read", "usable": "yes"},
                {"code": "search-type", "usable": "yes"}],
                "searchParams": [{"name": "name", "usable": "yes"}]}],
        "profileSet": [{"type": "Observation", "direction": "write", "profile": profile, "as": null,
            "selector": null}]})
}

const VITALS: &str = "http://hl7.org/fhir/StructureDefinition/vitalsigns|4.0.1";

fn decide(guard: &Guard, scope: &str, url: &str, body: Option<&str>) -> Decision {
    let token = TokenContext { scope: scope.to_owned(), patient: Some("1".to_owned()) };
    let method = if body.is_some() { Method::Post } else { Method::Get };
    let access = Access {
        method,
        url,
        if_none_exist: None,
        content_type: None,
        body: body.map(str::as_bytes),
        old: State::NotRead,
    };
    guard.decide(&token, &access, &Interrupt::never())
}

#[test]
fn a_negotiation_that_cannot_be_guarded_is_refused() {
    let refused = |value: Value| Guard::open(&value, app()).err().unwrap_or_default();
    assert!(refused(json!({})).contains("accord negotiate"));
    assert_eq!(refused(negotiation("5.0", VITALS)), "the negotiation is for FHIR R5, the loaded packages are for R4");
    assert!(refused(negotiation("9.9", VITALS)).contains("unknown FHIR version"));
    let unknown = refused(negotiation("4.0", "http://example.org/unheard-of"));
    assert!(unknown.contains("http://example.org/unheard-of"), "{unknown}");
}

#[test]
fn bodies_are_validated_under_the_negotiated_profile() {
    let guard = Guard::open(&negotiation("4.0", VITALS), app()).unwrap();
    let body = json!({"resourceType": "Observation", "status": "final", "effectiveDateTime": "2020-01-01",
        "category": [{"coding": [{"system": "http://terminology.hl7.org/CodeSystem/observation-category",
            "code": "vital-signs"}]}],
        "code": {"coding": [{"system": "http://loinc.org", "code": "8867-4"}]}, "subject": {"reference": "Patient/1"},
        "valueQuantity": {"value": 80, "unit": "/min", "system": "http://unitsofmeasure.org", "code": "/min"}});
    let decision = decide(&guard, "user/Observation.c", "Observation", Some(&body.to_string()));
    assert_eq!((decision.verdict, decision.profile.as_deref()), (Verdict::Allowed, Some(VITALS)), "{decision:?}");
    let mut without = body.clone();
    without.as_object_mut().unwrap().remove("subject");
    let decision = decide(&guard, "user/Observation.c", "Observation", Some(&without.to_string()));
    assert_eq!((decision.why[0].rule, decision.profile.as_deref()), ("profile-failed", Some(VITALS)));
    assert!(decision.issues.iter().any(|i| i["severity"] == "error"), "{:?}", decision.issues);
}

#[test]
fn references_lead_where_the_specification_says() {
    let guard = Guard::open(&negotiation("4.0", VITALS), app()).unwrap();
    let all = "user/Observation.s user/Patient.rs";
    for (url, rule) in [
        ("Observation?_include=Observation:patient", None),
        ("Observation?patient.name=x", None),
        ("Observation?subject.name=x", Some("chain-target")),
        ("Observation?code.name=x", Some("chain-target")),
        ("Observation?_include=Observation:code", Some("include-target")),
        ("Unheard?x=1", Some("type-unknown")),
        ("DomainResource?x=1", Some("type-unknown")),
    ] {
        let decision = decide(&guard, all, url, None);
        assert_eq!(decision.why.first().map(|r| r.rule), rule, "{url}: {decision:?}");
    }
}

#[test]
fn what_a_project_says_of_issues_holds_for_bodies() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("accord.toml");
    std::fs::write(&file, "[levels]\nelement-min = \"warning\"\n").unwrap();
    let project = crate::project::Project::read(&file, folder.path()).unwrap();
    let filter = crate::project::Project::filter(Some(&project), None, &|_| false).unwrap().map(Arc::new);
    let app = app();
    let decide = |filter: Option<Arc<Filter>>| {
        let negotiated = Negotiated::read(&negotiation("4.0", VITALS)).unwrap();
        let decider = decider(negotiated, Arc::clone(&app), (Policies::default(), filter), &[]).unwrap();
        let body = br#"{"resourceType":"Observation","status":"final","effectiveDateTime":"2020-01-01",
            "category":[{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/observation-category",
            "code":"vital-signs"}]}],"code":{"coding":[{"system":"http://loinc.org","code":"8867-4"}]},
            "valueQuantity":{"value":80,"unit":"/min","system":"http://unitsofmeasure.org","code":"/min"}}"#;
        let token = TokenContext { scope: "user/Observation.c".to_owned(), patient: None };
        let access = Access {
            method: Method::Post,
            url: "Observation",
            if_none_exist: None,
            content_type: None,
            body: Some(body),
            old: State::NotRead,
        };
        decider.decide(&token, &access, &Interrupt::never())
    };
    let refused = decide(None);
    assert_eq!(refused.verdict, Verdict::Refused, "{refused:?}");
    let allowed = decide(filter);
    assert_eq!(allowed.verdict, Verdict::Allowed, "{allowed:?}");
}
