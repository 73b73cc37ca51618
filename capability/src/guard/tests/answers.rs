//! Answers of servers.

use serde_json::json;

use super::*;

fn observation(patient: &str) -> Value {
    json!({"resourceType": "Observation", "id": "a", "subject": {"reference": format!("Patient/{patient}")}})
}

fn set(resources: &[Value]) -> Value {
    let entries: Vec<Value> = resources.iter().map(|r| json!({"resource": r})).collect();
    json!({"resourceType": "Bundle", "type": "searchset", "total": 7, "entry": entries})
}

fn patient(id: &str) -> Value {
    json!({"resourceType": "Patient", "id": id})
}

#[test]
fn a_read_shows_what_was_asked_for() {
    let read = ask("patient/Observation.r", "GET", "Observation/a");
    let outcome = json!({"resourceType": "OperationOutcome", "issue": []});
    for (answer, rule) in [
        (observation("1"), "allowed"),
        (observation("2"), "outside-patient"),
        (outcome, "allowed"),
        (patient("1"), "answer-unjudged"),
        (set(&[observation("1")]), "answer-unjudged"),
        (json!({"id": "a"}), "answer-unjudged"),
        (json!([]), "answer-malformed"),
        (json!(null), "answer-malformed"),
    ] {
        assert_eq!(short(&read.seen(&answer)), rule, "{answer}");
    }
    let empty = decider().judge_answer(&read.token(), &read.access, b"", &Interrupt::never());
    assert_eq!(short(&empty), "answer-malformed");
}

#[test]
fn a_search_shows_what_the_scopes_carry() {
    let search = ask("patient/Observation.s patient/Patient.r", "GET", "Observation?_include=Observation:patient");
    for (answer, rule) in [
        (json!({"resourceType": "Bundle", "total": 0}), "allowed"),
        (set(&[]), "answer-unjudged"),
        (set(&[observation("1"), patient("1")]), "allowed"),
        (set(&[observation("1"), observation("2")]), "outside-patient"),
        (set(&[observation("1"), patient("2")]), "outside-patient"),
        (set(&[observation("1"), json!({"resourceType": "OperationOutcome"})]), "allowed"),
        (set(&[json!({"resourceType": "Practitioner", "id": "x"})]), "insufficient-scope"),
        (set(&[json!({"resourceType": "Group", "id": "x"})]), "answer-unjudged"),
        (json!({"resourceType": "Bundle", "entry": [{"fullUrl": "Observation/a"}]}), "answer-unjudged"),
        (observation("1"), "answer-unjudged"),
        (set(&vec![observation("1"); limits::ANSWER_ENTRIES_LIMIT]), "allowed"),
        (set(&vec![observation("1"); limits::ANSWER_ENTRIES_LIMIT + 1]), "guard-limit"),
    ] {
        assert_eq!(short(&search.seen(&answer)), rule, "{}", &answer.to_string()[..80]);
    }
    let whole = ask("patient/*.s", "GET", "?_id=a");
    assert_eq!(short(&whole.seen(&set(&[observation("1"), patient("1")]))), "allowed");
    assert_eq!(short(&whole.seen(&set(&[observation("1"), patient("2")]))), "outside-patient");
}

#[test]
fn a_history_shows_no_version_of_others() {
    let history = ask("patient/Observation.rs", "GET", "Observation/a/_history");
    assert_eq!(short(&history.seen(&set(&[observation("1"), observation("1")]))), "allowed");
    assert_eq!(short(&history.seen(&set(&[observation("1"), observation("2")]))), "outside-patient");
    let deleted =
        json!({"resourceType": "Bundle", "entry": [{"request": {"method": "DELETE", "url": "Observation/a"}}]});
    assert_eq!(short(&history.seen(&deleted)), "answer-unjudged");
    let all = ask("patient/*.s", "GET", "_history");
    assert_eq!(short(&all.seen(&set(&[observation("2")]))), "outside-patient");
}

#[test]
fn a_patch_shows_nothing_that_may_not_be_read() {
    let patch = ask("user/Observation.u", "PATCH", "Observation/a");
    assert_eq!(short(&patch.seen(&observation("1"))), "insufficient-scope");
    assert_eq!(short(&patch.seen(&json!({"resourceType": "OperationOutcome"}))), "allowed");
    let empty = decider().judge_answer(&patch.token(), &patch.access, b"", &Interrupt::never());
    assert_eq!(short(&empty), "allowed");
}

#[test]
fn an_operation_shows_what_may_be_read() {
    let operation = ask("patient/Observation.r", "GET", "Observation/a/$free");
    let parameters = |r: Value| json!({"resourceType": "Parameters", "parameter": [{"part": [{"resource": r}]}]});
    for (answer, rule) in [
        (set(&[observation("1")]), "allowed"),
        (set(&[observation("1"), observation("2")]), "outside-patient"),
        (parameters(observation("1")), "allowed"),
        (parameters(observation("2")), "outside-patient"),
        (observation("2"), "outside-patient"),
        (patient("1"), "insufficient-scope"),
    ] {
        assert_eq!(short(&operation.seen(&answer)), rule, "{answer}");
    }
}

fn a_page_shows(page: &Ask<'_>, url: &str) {
    assert_eq!(short(&page.decide()), "judge", "{url}");
    for (answer, is_shown) in [
        (set(&[observation("1"), patient("1")]), true),
        (set(&[observation("2")]), false),
        (set(&[patient("2")]), false),
        (set(&[json!({"resourceType": "Practitioner", "id": "x"})]), false),
        (set(&[json!({"resourceType": "Condition", "id": "x"})]), false),
        (observation("1"), false),
    ] {
        assert_eq!(page.seen(&answer).verdict == Verdict::Allowed, is_shown, "{answer}");
    }
}

#[test]
fn a_further_page_shows_what_its_search_may_show() {
    let scopes = "patient/Observation.s patient/Patient.r";
    for url in ["?_getpages=x&_getpagesoffset=20&_count=20&_format=json", "?_cursor=x", "?_page=2&_elements=id"] {
        a_page_shows(&ask(scopes, "GET", url), url);
    }
    let other = ["?_getpages=x&code=y", "?_getpages=x&_include=Observation:patient", "?_getpages=x&_count=0"];
    for url in other.into_iter().chain(["?_count=20&_format=json", "?_cursor=x&_has=y", "?_elements=id"]) {
        assert_eq!(ask("patient/Observation.s", "GET", url).decide().verdict, Verdict::Refused, "{url}");
    }
}

#[test]
fn where_a_resource_comes_from_is_shown_with_it() {
    let origin = |targets: &[&str]| {
        let targets: Vec<Value> = targets.iter().map(|t| json!({"reference": t})).collect();
        json!({"resourceType": "Provenance", "id": "p", "target": targets})
    };
    let url = "Observation?patient=1&_revinclude=Provenance:target";
    let search = ask("patient/Observation.s patient/Provenance.r", "GET", url);
    assert_eq!(short(&search.decide()), "judge");
    for (targets, is_shown) in [
        (&["Observation/a"][..], true),
        (&["Observation/a", "Observation/b"], false),
        (&["Patient/2"], false),
        (&["http://example.org/Observation/a"], false),
        (&[], false),
    ] {
        let seen = search.seen(&set(&[observation("1"), origin(targets)]));
        assert_eq!(seen.verdict == Verdict::Allowed, is_shown, "{targets:?}");
    }
    let without = ask("patient/Observation.s", "GET", url);
    assert_eq!(without.seen(&set(&[observation("1"), origin(&["Observation/a"])])).verdict, Verdict::Refused);
}
