//! Reads, searches and operations: requests, scopes, and what is decided.

use serde_json::json;

use super::*;

#[test]
fn reads_need_the_negotiation_and_a_scope() {
    for (scope, method, url, wanted) in [
        ("user/Observation.r", "GET", "Observation/a", "allowed"),
        ("user/*.read", "HEAD", "Observation/a", "allowed"),
        ("system/*.cruds", "GET", "Observation/a/_history/1", "allowed"),
        ("user/Observation.r", "GET", "Observation/a/_history", "allowed"),
        ("user/Observation.r", "GET", "Observation/_history", "insufficient-scope"),
        ("user/Observation.s", "GET", "Observation/_history", "allowed"),
        ("user/Observation.s", "GET", "_history", "insufficient-scope"),
        ("user/*.s", "GET", "_history", "allowed"),
        ("patient/*.s", "GET", "_history", "judge"),
        ("user/Observation.s", "GET", "Observation/a", "insufficient-scope"),
        ("user/Observation.r", "GET", "Observation?code=x", "insufficient-scope"),
        ("user/Observation.s", "GET", "Observation?code=x", "allowed"),
        ("user/Observation.s", "GET", "Patient/1/Observation?code=x", "allowed"),
        ("user/*.s", "GET", "?_id=1", "allowed"),
        ("user/Observation.s", "GET", "?_type=Observation", "insufficient-scope"),
        ("patient/Observation.r", "GET", "Observation/a", "judge"),
        ("patient/Observation.r", "HEAD", "Observation/a", "answer-unjudged"),
        ("user/Observation.r?category=lab", "GET", "Observation/a", "judge"),
        ("user/Observation.r?category=lab", "GET", "Observation/a?_elements=id", "answer-unjudged"),
        ("user/Observation.r?category=lab", "GET", "Observation/a?_summary=true", "answer-unjudged"),
        ("user/Observation.r?category=lab user/Observation.r", "GET", "Observation/a", "allowed"),
        ("user/*.r", "GET", "Condition/a/_history", "interaction-not-negotiated"),
        ("user/*.r", "GET", "Group/a", "interaction-not-negotiated"),
        ("user/*.r", "GET", "Spaceship/a", "type-unknown"),
        ("", "GET", "metadata", "allowed"),
        ("", "GET", "Observation/a", "insufficient-scope"),
        ("openid launch/patient Patient/Observation.r", "GET", "Observation/a", "insufficient-scope"),
        ("user/Observation.r", "GET", "Observation/a?_include=Observation:patient", "query-unexpected"),
        ("user/Observation.r", "GET", "Observation/../Observation/a", "address-dots"),
    ] {
        let decision = ask(scope, method, url).decide();
        assert_eq!(short(&decision), wanted, "{scope}: {method} {url}: {:?}", decision.why);
    }
    assert_eq!(short(&ask("patient/Observation.r", "GET", "Observation/a").of(None).decide()), "patient-missing");
    let both = ask("patient/Observation.r user/Observation.r", "GET", "Observation/a").of(None).decide();
    assert_eq!((short(&both), both.scope.as_deref()), ("allowed", Some("user/Observation.r")));
    assert_eq!((both.interaction, both.resource_type.as_deref()), (Some("read"), Some("Observation")));
    for patient in ["", "..", "1/../2", "Patient/1", "%31"] {
        let decision = ask("patient/Observation.r", "GET", "Observation/a").of(Some(patient)).decide();
        assert_eq!(short(&decision), "patient-missing", "{patient}");
    }
}

#[test]
fn searches_reach_no_further_than_the_scopes() {
    let all = "user/Observation.s user/Patient.rs";
    for (scope, url, wanted) in [
        (all, "Observation?_include=Observation:patient", "judge"),
        (all, "Observation?%5Finclude=Observation%3Apatient", "judge"),
        (all, "Observation?_include:iterate=Observation:subject:Patient", "judge"),
        (all, "Observation?_include=Observation:subject", "judge"),
        (all, "Observation?_include=*", "include-target"),
        (all, "Observation?_include=Observation:*", "include-target"),
        (all, "Observation?_include=Observation:unheard-of", "include-target"),
        (all, "Observation?_include=Observation:subject:Group", "include-target"),
        (all, "Observation?_include=Observation:performer", "include-not-negotiated"),
        ("user/*.rs", "Observation?_include=Observation:performer", "include-not-negotiated"),
        (all, "Observation?_revinclude=Provenance:target", "include-target"),
        ("user/Observation.s user/Provenance.r", "Observation?_revinclude=Provenance:target", "judge"),
        ("user/Observation.s", "Observation?_include=Observation:patient", "include-target"),
        (all, "Observation?patient.name=x", "allowed"),
        (all, "Observation?subject:Patient.name=x", "allowed"),
        (all, "Observation?subject.name=x", "chain-target"),
        (all, "Observation?unheard-of.name=x", "chain-target"),
        (all, "Observation?patient.general-practitioner.name=x", "chain-target"),
        ("user/Observation.s", "Observation?patient.name=x", "chain-target"),
        ("user/Observation.s patient/Patient.rs", "Observation?patient.name=x", "chain-target"),
        ("user/Observation.s user/Patient.s?category=lab", "Observation?patient.name=x", "chain-target"),
        (all, "Patient?_has:Observation:patient:code=x", "allowed"),
        ("user/Patient.s", "Patient?_has:Observation:patient:code=x", "chain-target"),
        (all, "Patient?_has:Observation:patient:_has:Provenance:target:agent=x", "chain-target"),
        (all, "Patient?_has:Observation:patient:performer.name=x", "chain-target"),
        (all, "Patient?_has:Observation=x", "query-malformed"),
        (all, "Observation?patient._has:Provenance:target:agent=x", "chain-target"),
        (all, "Observation?_sort=patient.name", "chain-target"),
        (all, "Observation?_filter=code eq x", "address-malformed"),
        (all, "Observation?_filter=code+eq+x", "parameter-unjudged"),
        (all, "Observation?_list=1", "parameter-unjudged"),
        (all, "Observation?focus=1", "parameter-not-negotiated"),
        (all, "Observation?focus:Patient=1", "parameter-not-negotiated"),
        (all, "Observation?code=%zz", "query-malformed"),
        (all, "Observation?_summary=count", "allowed"),
        ("patient/Observation.s", "Observation?_summary=count", "answer-unjudged"),
        ("patient/Observation.s", "Observation?_count=0", "answer-unjudged"),
        ("patient/Observation.s", "Observation?patient=1&_count=10&_format=json", "judge"),
        (all, "Observation?_contained=true", "parameter-unjudged"),
        (all, "Observation?_contained=false", "allowed"),
        (all, "Observation?_unheard-of=x", "judge"),
    ] {
        let decision = ask(scope, "GET", url).decide();
        assert_eq!(short(&decision), wanted, "{scope}: {url}: {:?}", decision.why);
    }
    let nested = format!("Patient?{}code=x", "_has:Observation:patient:".repeat(limits::CHAIN_LIMIT + 2));
    assert_eq!(short(&ask("user/*.rs", "GET", &nested).decide()), "guard-limit");
    let form = |body, kind| {
        short(&ask("user/Observation.s", "POST", "Observation/_search?code=x").body(body).sent_as(kind).decide())
    };
    assert_eq!(form("_include=Observation:patient", "application/x-www-form-urlencoded"), "include-target");
    assert_eq!(form("status=final", "application/x-www-form-urlencoded; charset=utf-8"), "allowed");
    assert_eq!(form("status=final", "application/json"), "body-format");
    assert_eq!(form("status=\u{e9}", "application/x-www-form-urlencoded"), "query-malformed");
    assert_eq!(short(&ask("user/Observation.s", "GET", "Observation").body("x").decide()), "body-unexpected");
    assert_eq!(
        short(&ask("user/Observation.s", "GET", "Observation").if_none_exist("a=1").decide()),
        "query-unexpected"
    );
}

/// What reaches further would tell, by a refused answer, that there is something.
#[test]
fn limited_searches_say_themselves_what_they_are_limited_to() {
    let (patient, filter, both) =
        ("patient/*.s", "user/Observation.s?category=lab", "patient/Observation.s?category=lab");
    for (scope, url, is_within) in [
        (patient, "Observation?code=x", false),
        (patient, "Observation?patient=2&code=x", false),
        (patient, "Observation?patient=1&code=x", true),
        (patient, "Observation?patient=Patient/1", true),
        (patient, "Observation?subject=Patient/1", true),
        (patient, "Observation?subject:Patient=1", true),
        (patient, "Observation?subject=1", false),
        (patient, "Observation?subject=Group/1", false),
        (patient, "Observation?patient:not=1", false),
        (patient, "Observation?patient=1,2", false),
        (patient, "Observation?performer=1", false),
        (patient, "Observation?patient=http://example.org/Patient/1", false),
        (patient, "Patient/1/Observation?code=x", true),
        (patient, "Patient/2/Observation?code=x", false),
        (patient, "Patient?_id=1", true),
        (patient, "Patient?_id=2", false),
        (patient, "Patient?identifier=1", false),
        (patient, "Patient/1/*", true),
        (patient, "?_id=1", false),
        (filter, "Observation?category=lab&code=x", true),
        (filter, "Observation?category=lab,x", false),
        (filter, "Observation?category:not=lab", false),
        (filter, "Observation", false),
        (both, "Observation?category=lab", false),
        (both, "Observation?category=lab&patient=1", true),
    ] {
        let decision = ask(scope, "GET", url).decide();
        let wanted = if is_within { "judge" } else { "search-unbounded" };
        assert_eq!(short(&decision), wanted, "{scope}: {url}: {:?}", decision.why);
    }
}

#[test]
fn operations_are_the_policys() {
    let post = |scope, url| ask(scope, "POST", url).body("{}");
    for (scope, url, wanted) in [
        ("user/Observation.r", "Observation/$free", "judge"),
        ("user/*.r", "Observation/$free", "allowed"),
        ("patient/Observation.r", "Observation/a/$free", "judge"),
        ("user/*.cruds", "Observation/$silent", "operation-undefined"),
        ("user/*.cruds", "Observation/$excluded", "operation-not-negotiated"),
        ("user/*.cruds", "Observation/$unheard-of", "operation-not-negotiated"),
        ("user/*.cruds", "$free", "operation-not-negotiated"),
        ("user/*.cruds", "Observation/$lettered", "allowed"),
        ("user/Observation.cruds", "Observation/$lettered", "judge"),
        ("user/*.rs", "Observation/$lettered", "insufficient-scope"),
        ("patient/*.cruds", "Observation/$lettered", "insufficient-scope"),
    ] {
        let decision = post(scope, url).decide();
        assert_eq!(short(&decision), wanted, "{scope}: {url}: {:?}", decision.why);
    }
    // Where the policy gives the grant, it is not known whether it is the policy that frees the operation.
    let mut granted = negotiation();
    granted["scopes"] = json!([{"requested": "user/Observation.r", "why": ["policy"]}]);
    let decider = Decider::new(Negotiated::read(&granted).unwrap(), World);
    let asked = post("user/Observation.r", "Observation/$free");
    let decision = decider.decide(&asked.token(), &asked.access, &Interrupt::never());
    assert_eq!(short(&decision), "insufficient-scope");
}

#[test]
fn what_is_not_asked_again_is_refused() {
    let named = |ask: Ask<'_>| short(&finished(ask.decide()));
    assert_eq!(named(ask("patient/Observation.r", "GET", "Observation/a")), "answer-needed");
    assert_eq!(named(ask("patient/Observation.d", "DELETE", "Observation/a")), "old-needed");
    assert_eq!(named(ask("user/Observation.r", "GET", "Observation/a")), "allowed");
    assert_eq!(named(ask("", "GET", "Observation/a")), "insufficient-scope");
}

#[test]
fn what_is_broken_off_is_refused() {
    struct Raised;
    impl fhir_accord_profiles::interrupt::Signal for Raised {
        fn is_raised(&self) -> bool {
            true
        }
    }
    let interrupt = Interrupt::by(std::sync::Arc::new(Raised));
    let asked = ask("user/Observation.c", "POST", "Observation").body("{}");
    assert_eq!(short(&decider().decide(&asked.token(), &asked.access, &interrupt)), "guard-time");
}
