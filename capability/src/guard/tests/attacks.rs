//! What a hostile client tries: each is refused, by the name of what is wrong.

use serde_json::json;

use super::*;

const MINE: &str = r#"{"resourceType":"Observation","id":"a","category":"lab","subject":{"reference":"Patient/1"}}"#;

#[test]
fn what_the_negotiation_does_not_list_is_not_searched() {
    let all = "user/*.cruds";
    for (url, wanted) in [
        ("Observation?code=x", "allowed"),
        ("Observation?value-string=x", "parameter-not-negotiated"),
        ("Observation?code=x&combo-code:not=y", "parameter-not-negotiated"),
        ("Observation?_text=x", "parameter-not-negotiated"),
        ("Observation?_lastUpdated=gt2000", "parameter-not-negotiated"),
        ("Observation?_language=en", "parameter-not-negotiated"),
        ("Observation?patient.birthdate=2000", "parameter-not-negotiated"),
        ("Observation?patient.name=x", "allowed"),
        ("Patient?_has:Observation:subject:value-string=x", "parameter-not-negotiated"),
        ("Patient?_has:Observation:encounter:code=x", "parameter-not-negotiated"),
        ("Patient?_has:Observation:subject:_list=x", "parameter-unjudged"),
        ("Observation?patient._filter=x", "parameter-unjudged"),
        ("Patient/1/Observation?value-string=x", "parameter-not-negotiated"),
        ("Patient/1/*?code=x", "parameter-not-negotiated"),
        ("?_id=1&code=x", "parameter-not-negotiated"),
        ("Observation?_include=Observation:subject", "judge"),
        ("Patient?_include=Observation:subject", "include-not-negotiated"),
        ("Patient?_revinclude=Observation:subject", "include-not-negotiated"),
        ("Patient?_revinclude:iterate=Provenance:target", "judge"),
        ("Patient?_revinclude=Provenance:target", "include-not-negotiated"),
        ("Observation?code=x&_sort=-date&_count=3&_total=none&_summary=true", "allowed"),
    ] {
        let decision = ask(all, "GET", url).decide();
        assert_eq!(short(&decision), wanted, "{url}: {:?}", decision.why);
    }
    let form = "application/x-www-form-urlencoded";
    let both = ask(all, "POST", "Observation/_search?code=x").body("value%2Dstring=x").sent_as(form);
    assert_eq!(short(&both.decide()), "parameter-not-negotiated");
    let write = |query| short(&ask(all, "POST", "Observation").body(MINE).if_none_exist(query).decide());
    assert_eq!((write("identifier=1"), write("value-string=x")), ("allowed", "parameter-not-negotiated"));
}

/// A row that leaves open what the server does is no agreement.
#[test]
fn what_is_open_is_not_searched() {
    let mut open = negotiation();
    let rows = open.pointer_mut("/resources/0/searchParams").unwrap().as_array_mut().unwrap();
    rows.push(json!({"name": "value-date", "usable": "unknown", "server": "unknown"}));
    rows.push(json!({"name": "component-code", "usable": "unknown", "server": "yes"}));
    rows.push(json!({"name": "_count", "usable": "unknown", "server": "unknown"}));
    rows.push(json!({"name": "_sort", "usable": "no"}));
    let decider = Decider::new(Negotiated::read(&open).unwrap(), World);
    for (url, wanted) in [
        ("Observation?value-date=2000", "parameter-not-negotiated"),
        ("Observation?component-code=x", "allowed"),
        ("Observation?code=x&_count=5", "allowed"),
        ("Observation?code=x&_sort=date", "parameter-not-negotiated"),
    ] {
        let asked = ask("user/*.s", "GET", url);
        assert_eq!(short(&decider.decide(&asked.token(), &asked.access, &Interrupt::never())), wanted, "{url}");
    }
}

#[test]
fn no_query_names_another_method_or_version() {
    for url in [
        "Observation/_search?_method=DELETE&code=x",
        "Observation/$free?_method=PUT",
        "Observation?X-HTTP-Method-Override=PUT",
        "?_getpages=x&_METHOD=delete",
        "Observation?_format=application/fhir%2Bjson;fhirVersion%3D3.0",
    ] {
        let method = if url.contains("_search") || url.contains('$') { "POST" } else { "GET" };
        assert_eq!(short(&ask("user/*.cruds", method, url).decide()), "query-unexpected", "{url}");
    }
    let same = ask("user/*.s", "GET", "Observation?code=x&_format=application/fhir%2Bjson;fhirVersion%3D4.0");
    assert_eq!(short(&same.decide()), "allowed");
    let sent = |kind| short(&ask("user/*.cruds", "POST", "Observation").body(MINE).sent_as(kind).decide());
    assert_eq!(sent("application/fhir+json; fhirVersion=4.0"), "allowed");
    assert_eq!(sent("application/fhir+json; fhirVersion=3.0"), "body-format");
    let patch = ask("user/*.cruds", "PATCH", "Observation/a").body("[]").old(MINE);
    assert_eq!(short(&patch.sent_as("application/json-patch+json;fhirVersion=5.0").decide()), "body-format");
}

#[test]
fn names_in_escapes_are_the_same_names() {
    let u = |letter: u8| format!("\\u{:04x}", letter);
    let write = |body: &str| short(&ask("user/Observation.c", "POST", "Observation").body(body).decide());
    let twice = format!(r#"{{"resourceType":"Observation","resourceTyp{}":"Patient"}}"#, u(b'e'));
    assert_eq!(write(&twice), "body-malformed");
    let other = format!(r#"{{"resourceTyp{}":"Patient"}}"#, u(b'e'));
    assert_eq!(write(&other), "body-type");
    let delete = r#"[{"request":{"method":"DELETE","url":"Observation/a"}}]"#;
    let hidden = format!(r#"{{"resourceType":"Bundle","type":"batch","entry":[],"entr{}":{delete}}}"#, u(b'y'));
    assert_eq!(short(&ask("user/Observation.r", "POST", "").body(&hidden).decide()), "body-malformed");
    let only = hidden.replace(r#""entry":[],"#, "");
    assert_eq!(short(&ask("user/Observation.r", "POST", "").body(&only).decide()), "entry-refused");
}

/// What a Subscription has the server send is seen by no guard.
#[test]
fn subscriptions_reach_no_further_than_searches() {
    let sent = |scope: &str, criteria: &str| {
        let body = format!(r#"{{"resourceType":"Subscription","criteria":"{criteria}"}}"#);
        short(&ask(scope, "POST", "Subscription").body(&body).decide())
    };
    for (scope, criteria, wanted) in [
        ("user/Subscription.c user/Observation.s", "Observation?code=x", "allowed"),
        ("user/Subscription.c user/Observation.s", "Observation", "allowed"),
        ("user/Subscription.c", "Observation?code=x", "pushed-unjudged"),
        ("user/Subscription.c patient/Observation.rs", "Observation?patient=1", "pushed-unjudged"),
        ("user/Subscription.c user/Observation.s?category=lab", "Observation?category=lab", "pushed-unjudged"),
        ("user/*.cruds", "Condition?code=x", "pushed-unjudged"),
        ("user/*.cruds", "Observation?value-string=x", "parameter-not-negotiated"),
        ("user/*.cruds", "Observation?_include=Observation:subject", "pushed-unjudged"),
        ("user/Subscription.c user/Observation.s", "http://example.org/topic", "pushed-unjudged"),
        ("user/Subscription.c user/Observation.s", "", "pushed-unjudged"),
        ("user/*.cruds", "http://example.org/topic", "allowed"),
    ] {
        assert_eq!(sent(scope, criteria), wanted, "{scope} {criteria}");
    }
}

/// A server replaces references to what a transaction creates.
#[test]
fn a_patient_that_is_created_stands_in_for_no_other() {
    let transaction = |patient: Value| {
        let entry =
            |url: &str, resource: Value| json!({"request": {"method": "POST", "url": url}, "resource": resource});
        let mine: Value = serde_json::from_str(MINE).unwrap();
        json!({"resourceType": "Bundle", "type": "transaction",
            "entry": [entry("Patient", patient), entry("Observation", mine)]})
        .to_string()
    };
    let sent = |scope: &str, patient: Value| {
        let body = transaction(patient);
        let decision = ask(scope, "POST", "").body(&body).decide();
        decision.entries.first().map_or("nothing", short)
    };
    let mixed = "user/Patient.c patient/Observation.c";
    assert_eq!(sent(mixed, json!({"resourceType": "Patient", "id": "1"})), "bundle-malformed");
    assert_eq!(sent(mixed, json!({"resourceType": "Patient"})), "allowed");
    assert_eq!(sent("user/*.c", json!({"resourceType": "Patient", "id": "1"})), "allowed");
    // A filter may be about any resource.
    let basic = |scope: &str| {
        let basic = r#"{"request":{"method":"POST","url":"Basic"},"resource":{"resourceType":"Basic","id":"1"}}"#;
        let body = format!(r#"{{"resourceType":"Bundle","type":"transaction","entry":[{basic}]}}"#);
        short(&ask(scope, "POST", "").body(&body).decide())
    };
    assert_eq!(basic("user/Basic.c user/Observation.c?category=lab"), "entry-refused");
    assert_eq!(basic("user/Basic.c patient/Observation.c"), "allowed");
}
