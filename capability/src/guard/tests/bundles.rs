//! Batches and transactions.

use serde_json::json;

use super::*;

fn bundle(kind: &str, entries: &[Value]) -> String {
    json!({"resourceType": "Bundle", "type": kind, "entry": entries}).to_string()
}

fn entry(method: &str, url: &str, resource: Option<Value>) -> Value {
    let mut entry = json!({"request": {"method": method, "url": url}});
    if let Some(resource) = resource {
        entry["resource"] = resource;
    }
    entry
}

fn mine() -> Value {
    json!({"resourceType": "Observation", "id": "a", "subject": {"reference": "Patient/1"}, "category": "lab"})
}

fn theirs() -> Value {
    json!({"resourceType": "Observation", "id": "a", "subject": {"reference": "Patient/2"}, "category": "lab"})
}

fn sent(scope: &str, entries: &[Value]) -> Decision {
    ask(scope, "POST", "").body(&bundle("transaction", entries)).decide()
}

#[test]
fn one_refused_entry_refuses_the_whole() {
    let good = entry("POST", "Observation", Some(mine()));
    assert_eq!(short(&sent("patient/Observation.c", std::slice::from_ref(&good))), "allowed");
    assert_eq!(short(&sent("patient/Observation.c", &[])), "allowed");
    let decision = sent("patient/Observation.c", &[good.clone(), entry("POST", "Observation", Some(theirs()))]);
    assert_eq!(short(&decision), "entry-refused");
    assert!(decision.why[0].text.starts_with("entry 1 is refused (outside-patient)"), "{}", decision.why[0].text);
    let each: Vec<&str> = decision.entries.iter().map(short).collect();
    assert_eq!((each, decision.interaction), (vec!["allowed", "outside-patient"], Some("transaction")));
    for (bad, rule) in [
        (entry("POST", "http://evil.example/Observation", Some(mine())), "address-absolute"),
        (entry("POST", "/Observation", Some(mine())), "address-empty"),
        (entry("GET", "../admin", None), "address-dots"),
        (entry("GET", "urn:uuid:1", None), "address-absolute"),
        (entry("POST", "Observation", None), "body-missing"),
        (entry("POST", "Observation", Some(json!({"resourceType": "Patient"}))), "body-type"),
        (entry("DELETE", "Observation/b", None), "insufficient-scope"),
        (entry("GET", "Observation/b", Some(mine())), "body-unexpected"),
        (entry("PATCH", "Observation/b", Some(mine())), "patch-unjudged"),
        (entry("POST", "Observation/$free", Some(mine())), "judge"),
    ] {
        let decision = sent("user/Observation.cr", &[good.clone(), bad.clone()]);
        assert_eq!(short(&decision.entries[1]), rule, "{bad}");
        assert_eq!(decision.verdict == Verdict::Refused, rule != "judge", "{bad}");
    }
    let nested = entry("POST", "Basic", Some(json!({"resourceType": "Bundle", "type": "batch"})));
    assert_eq!(short(&sent("user/*.cruds", &[nested])), "entry-refused");
    let body = bundle("batch", &[]).replace("\"entry\"", "\"type\":\"transaction\",\"entry\"");
    assert_eq!(short(&ask("user/*.cruds", "POST", "").body(&body).decide()), "body-malformed");
}

#[test]
fn what_is_no_batch_is_refused_by_name() {
    let whole = |body: &str| short(&ask("user/*.cruds", "POST", "").body(body).decide());
    let request = r#""request":{"method":"POST","url":"Observation"}"#;
    for (body, rule) in [
        (bundle("collection", &[]), "bundle-malformed"),
        (r#"{"resourceType":"Bundle"}"#.to_owned(), "bundle-malformed"),
        (r#"{"resourceType":"Observation"}"#.to_owned(), "bundle-malformed"),
        (bundle("batch", &[json!({})]), "bundle-malformed"),
        (bundle("batch", &[json!(7)]), "bundle-malformed"),
        (bundle("batch", &[json!([[]])]), "bundle-malformed"),
        (bundle("batch", &[json!({"request": []})]), "bundle-malformed"),
        (bundle("batch", &[json!({"request": {"method": "TRACE", "url": "x"}})]), "bundle-malformed"),
        (bundle("batch", &[json!({"request": {"method": "GET"}})]), "bundle-malformed"),
        (bundle("batch", &[json!({"request": {"method": ["GET"], "url": "Observation"}})]), "bundle-malformed"),
        (
            bundle("batch", &[json!({"resource": 7, "request": {"method": "POST", "url": "Observation"}})]),
            "bundle-malformed",
        ),
        (format!(r#"{{"resourceType":"Bundle","type":"batch","entry":[{{{request},{request}}}]}}"#), "body-malformed"),
        (bundle("batch", &vec![entry("GET", "Observation/a", None); limits::ENTRIES_LIMIT + 1]), "guard-limit"),
        (String::new(), "body-malformed"),
    ] {
        assert_eq!(whole(&body), rule, "{}", &body[..body.len().min(200)]);
    }
    assert_eq!(whole(&bundle("batch", &vec![entry("GET", "Observation/a", None); limits::ENTRIES_LIMIT])), "allowed");
    assert_eq!(short(&ask("user/*.cruds", "POST", "?x=1").body(&bundle("batch", &[])).decide()), "query-unexpected");
}

#[test]
fn old_states_come_as_a_bundle() {
    let entries = [entry("GET", "Observation/a", None), entry("PUT", "Observation/a", Some(mine()))];
    let body = bundle("transaction", &entries);
    let asked = ask("patient/Observation.ru", "POST", "").body(&body);
    assert_eq!(short(&asked.decide()), "old");
    let each: Vec<&str> = asked.decide().entries.iter().map(short).collect();
    assert_eq!(each, ["judge", "old"]);
    let olds = |old: Value| json!({"resourceType": "Bundle", "entry": [{"fullUrl": "x"}, old]}).to_string();
    assert_eq!(short(&asked.old(&olds(json!({"resource": mine()}))).decide()), "judge");
    assert_eq!(short(&asked.old(&olds(json!({"resource": theirs()}))).decide()), "entry-refused");
    assert_eq!(short(&asked.old(&olds(json!({"fullUrl": "none"}))).decide()), "entry-refused");
    for odd in [json!([]), json!("none"), json!(null)] {
        assert_eq!(short(&asked.old(&olds(json!({"resource": odd}))).decide()), "bundle-malformed");
    }
    let few = json!({"resourceType": "Bundle", "entry": [{"fullUrl": "x"}]}).to_string();
    assert_eq!(short(&asked.old(&few).decide()), "bundle-malformed");
    let twice = vec![entry("PUT", "Observation/a", Some(mine())); 2];
    assert_eq!(short(&sent("user/Observation.cu", &twice)), "bundle-malformed");
}

#[test]
fn references_by_a_query_are_searches() {
    let with = |reference: &str| {
        entry(
            "POST",
            "Observation",
            Some(json!({"resourceType": "Observation", "category": "lab",
            "subject": {"reference": reference}})),
        )
    };
    for (scope, reference, rule) in [
        ("user/Observation.c", "Patient?identifier=1", "chain-target"),
        ("user/Observation.c user/Patient.s", "Patient?identifier=1", "allowed"),
        ("user/Observation.c patient/Patient.s", "Patient?identifier=1", "chain-target"),
        ("user/*.cs", "Patient?general-practitioner.name=x", "chain-target"),
        ("user/*.cs", "http://evil.example/Patient?x=1", "chain-target"),
        ("user/Observation.c", "urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0", "allowed"),
        ("patient/Observation.c", "urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0", "outside-patient"),
    ] {
        assert_eq!(short(&sent(scope, &[with(reference)]).entries[0]), rule, "{scope} {reference}");
    }
}

#[test]
fn answers_are_judged_entry_by_entry() {
    let body = bundle("batch", &[entry("GET", "Observation/a", None), entry("POST", "Observation", Some(mine()))]);
    let asked = ask("patient/Observation.cr", "POST", "").body(&body);
    assert_eq!(short(&asked.decide()), "judge");
    let answer = |first: Value| json!({"resourceType": "Bundle", "type": "batch-response", "entry": [first, {}]});
    assert_eq!(short(&asked.seen(&answer(json!({"resource": mine()})))), "allowed");
    assert_eq!(short(&asked.seen(&answer(json!({"resource": theirs()})))), "outside-patient");
    assert_eq!(short(&asked.seen(&answer(json!({"response": {"status": "404"}})))), "allowed");
    assert_eq!(short(&asked.seen(&json!({"resourceType": "Bundle", "entry": []}))), "answer-unjudged");
    assert_eq!(short(&asked.seen(&theirs())), "answer-unjudged");
}

#[test]
fn what_an_entry_is_called_does_not_lead_references_elsewhere() {
    let called = |url: &str, name: &str| {
        let mut entry = entry("POST", url, Some(mine()));
        entry["fullUrl"] = name.into();
        entry
    };
    for (scope, name, wanted) in [
        ("patient/Observation.c", "urn:uuid:05efabf0-4be2-4561-91ce-51548425acb9", "allowed"),
        ("patient/Observation.c", "http://example.org/Patient/1", "entry-refused"),
        ("patient/Observation.c", "Patient/1", "entry-refused"),
        ("user/Observation.c", "http://example.org/Patient/1", "allowed"),
    ] {
        assert_eq!(short(&sent(scope, &[called("Observation", name)])), wanted, "{scope}: {name}");
    }
    let put = |name: &str| {
        let mut entry = entry("PUT", "Observation/a", Some(mine()));
        entry["fullUrl"] = name.into();
        short(&sent("patient/Observation.u", &[entry]))
    };
    for name in ["http://example.org/Observation/a", "Observation/a", "urn:uuid:05efabf0-4be2-4561-91ce-51548425acb9"] {
        assert_eq!(put(name), "old", "{name}");
    }
    for name in ["http://example.org/Patient/1", "Patient/1", "XObservation/a", ""] {
        assert_eq!(put(name), "entry-refused", "{name}");
    }
}
