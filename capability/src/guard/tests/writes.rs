//! Creates, updates, patches and deletes: requests, scopes, and what is decided.

use super::*;

const MINE: &str = r#"{"resourceType":"Observation","id":"a","subject":{"reference":"Patient/1"},"category":"lab"}"#;
const MINE_VITAL: &str =
    r#"{"resourceType":"Observation","id":"a","subject":{"reference":"Patient/1"},"category":"vital"}"#;
const THEIRS: &str = r#"{"resourceType":"Observation","id":"a","subject":{"reference":"Patient/2"},"category":"lab"}"#;

#[test]
fn creates_are_held_against_scope_and_profile() {
    let create = |scope, body| ask(scope, "POST", "Observation").body(body);
    let invalid = format!(r#"{{"resourceType":"Observation","category":"lab","bad":["{LAB}"]}}"#);
    let claiming = r#"{"resourceType":"Observation","category":"x","meta":{"profile":["http://example.org/lab"]}}"#;
    for (scope, body, wanted) in [
        ("user/Observation.c", MINE, "allowed"),
        ("patient/Observation.c", MINE, "allowed"),
        ("patient/Observation.c", THEIRS, "outside-patient"),
        ("patient/Observation.c", r#"{"resourceType":"Observation","open":["compartment"]}"#, "access-undetermined"),
        ("patient/Observation.c?category=lab", MINE, "allowed"),
        ("patient/Observation.c?category=vital", MINE, "outside-filter"),
        ("patient/Observation.c?category=vital patient/Observation.c?category=lab", MINE, "allowed"),
        ("user/Observation.c?category=lab", THEIRS, "allowed"),
        (
            "user/Observation.c?category=lab",
            r#"{"resourceType":"Observation","open":["filter"]}"#,
            "access-undetermined",
        ),
        ("user/Observation.u", MINE, "insufficient-scope"),
        ("user/Observation.c", MINE_VITAL, "profile-none"),
        ("user/Observation.c", claiming, "allowed"),
        ("user/Observation.c", &invalid, "profile-failed"),
        (
            "user/Observation.c",
            r#"{"resourceType":"Observation","category":"lab","open":["validity"]}"#,
            "profile-undetermined",
        ),
        ("user/Observation.c", r#"{"resourceType":"Observation","open":["filter"]}"#, "profile-undetermined"),
        ("user/Observation.c", r#"{"resourceType":"Patient"}"#, "body-type"),
        ("user/Observation.c", r#"{"resourceType":"Observation","resourceType":"Patient"}"#, "body-malformed"),
        ("user/Observation.c", r#"{"resourceType":["Observation"]}"#, "body-type"),
        ("user/Observation.c", r#"{"resourceType":"Observation""#, "body-malformed"),
        ("user/Observation.c", "[]", "body-malformed"),
        ("user/Observation.c", "", "body-malformed"),
        ("user/Observation.c", "<Observation xmlns=\"http://hl7.org/fhir\"/>", "body-format"),
    ] {
        let decision = create(scope, body).decide();
        assert_eq!(short(&decision), wanted, "{scope}: {body}: {:?}", decision.why);
    }
    let decision = create("user/Observation.c", MINE).decide();
    assert_eq!((decision.profile.as_deref(), decision.issues.len()), (Some(LAB), 0));
    let decision = create("user/Observation.c", &invalid).decide();
    assert_eq!((decision.profile.as_deref(), decision.issues.len()), (Some(LAB), 1));
    assert_eq!(short(&ask("user/*.c", "POST", "Observation").decide()), "body-missing");
    assert_eq!(short(&create("user/*.c", MINE).sent_as("application/fhir+xml").decide()), "body-format");
    assert_eq!(short(&ask("user/*.c", "POST", "Practitioner").body("{}").decide()), "interaction-not-negotiated");
    fn condition(body: &str) -> &'static str {
        short(&ask("user/*.c", "POST", "Condition").body(body).decide())
    }
    assert_eq!(condition(r#"{"resourceType":"Condition"}"#), "allowed");
    assert_eq!(condition(&format!(r#"{{"resourceType":"Condition","bad":["{PROBLEM}"]}}"#)), "profile-failed");
    let basic = |body| short(&ask("user/*.c", "POST", "Basic").body(body).decide());
    assert_eq!(basic(r#"{"resourceType":"Basic"}"#), "allowed");
    assert_eq!(basic(r#"{"resourceType":"Basic","bad":["base"]}"#), "body-invalid");
    let deep = format!("{{\"resourceType\":\"Condition\",\"x\":{}1{}}}", "[".repeat(300), "]".repeat(300));
    assert_eq!(condition(&deep), "guard-limit");
    let deep = format!("{}1{}", "{\"x\":".repeat(100_000), "}".repeat(100_000));
    assert_eq!(condition(&deep), "guard-limit");
}

#[test]
fn conditions_need_a_search_as_well() {
    let create = |scope, query| ask(scope, "POST", "Observation").body(MINE).if_none_exist(query);
    assert_eq!(short(&create("user/Observation.c", "identifier=1").decide()), "insufficient-scope");
    assert_eq!(short(&create("user/Observation.cs", "identifier=1").decide()), "allowed");
    assert_eq!(short(&create("user/Observation.cs", "").decide()), "query-malformed");
    assert_eq!(short(&create("user/Observation.cs", "patient.name=x").decide()), "chain-target");
    assert_eq!(short(&create("patient/Observation.cs", "identifier=1").decide()), "old");
    assert_eq!(short(&create("patient/Observation.cs", "identifier=1").absent().decide()), "allowed");
    assert_eq!(short(&create("patient/Observation.cs", "identifier=1").old(MINE).decide()), "allowed");
    assert_eq!(short(&create("patient/Observation.cs", "identifier=1").old(THEIRS).decide()), "outside-patient");
    let condition = ask("user/*.cruds", "POST", "Condition").body(r#"{"resourceType":"Condition"}"#);
    assert_eq!(short(&condition.if_none_exist("a=1").decide()), "conditional-not-negotiated");
    let put = |scope, url| ask(scope, "PUT", url).body(MINE);
    assert_eq!(short(&put("user/Observation.u", "Observation?identifier=1").decide()), "insufficient-scope");
    assert_eq!(short(&put("user/Observation.us", "Observation?identifier=1").decide()), "old");
    assert_eq!(short(&put("user/Observation.us", "Observation?identifier=1").old(THEIRS).decide()), "allowed");
    assert_eq!(short(&put("user/Observation.cus", "Observation?identifier=1").absent().decide()), "body-id");
    assert_eq!(short(&put("user/Observation.cus", "Observation?identifier=1").decide()), "old");
    let other = MINE.replace("\"id\":\"a\"", "\"id\":\"b\"");
    let asked = put("user/Observation.cus", "Observation?identifier=1").old(&other);
    assert_eq!(short(&asked.decide()), "body-id");
    let new = MINE.replace("\"id\":\"a\",", "");
    let put_new = |scope| ask(scope, "PUT", "Observation?identifier=1").body(&new);
    assert_eq!(short(&put_new("user/Observation.us").absent().decide()), "insufficient-scope");
    assert_eq!(short(&put_new("user/Observation.cus").absent().decide()), "allowed");
    assert_eq!(short(&put_new("user/Observation.cus").decide()), "allowed");
    assert_eq!(short(&put_new("user/Observation.cus").old(MINE).decide()), "allowed");
    let empty = put("user/Observation.us", "Observation?identifier=");
    assert_eq!(short(&empty.decide()), "parameter-unjudged");
    assert_eq!(short(&put("user/Observation.us", "Observation?unheard=x").decide()), "parameter-unjudged");
    assert_eq!(short(&put("user/Observation.us", "Observation?").decide()), "query-malformed");
    assert_eq!(short(&put("user/Observation.us", "Observation?_expunge=true").decide()), "parameter-unjudged");
    let delete = |scope, url| short(&ask(scope, "DELETE", url).decide());
    assert_eq!(delete("user/Observation.d", "Observation?identifier=1"), "insufficient-scope");
    assert_eq!(delete("user/Observation.ds", "Observation?identifier=1"), "allowed");
    assert_eq!(delete("patient/Observation.ds", "Observation?identifier=1"), "conditional-unjudged");
    assert_eq!(delete("user/Observation.ds", "Observation?identifier=1&_cascade=delete"), "parameter-unjudged");
    assert_eq!(delete("user/Observation.d", "Observation/a?_cascade=delete"), "query-unexpected");
}

#[test]
fn updates_patches_and_deletes_look_at_both_states() {
    let put = |scope| ask(scope, "PUT", "Observation/a").body(MINE);
    assert_eq!(short(&put("user/Observation.cu").decide()), "allowed");
    assert_eq!(short(&put("user/Observation.u").decide()), "old");
    assert_eq!(short(&put("user/Observation.u").old(THEIRS).decide()), "allowed");
    assert_eq!(short(&put("user/Observation.u").absent().decide()), "insufficient-scope");
    assert_eq!(short(&put("user/Observation.cu").absent().decide()), "allowed");
    assert_eq!(short(&put("patient/Observation.cu").decide()), "old");
    assert_eq!(short(&put("patient/Observation.u").old(MINE).decide()), "allowed");
    assert_eq!(short(&put("patient/Observation.u").old(THEIRS).decide()), "outside-patient");
    let moved = ask("patient/Observation.u", "PUT", "Observation/a").body(THEIRS).old(MINE);
    assert_eq!(short(&moved.decide()), "outside-patient");
    assert_eq!(short(&put("user/Observation.u?category=lab").old(MINE_VITAL).decide()), "outside-filter");
    let other = ask("user/*.cu", "PUT", "Observation/b").body(MINE);
    assert_eq!(short(&other.decide()), "body-id");
    assert_eq!(short(&ask("user/*.u", "PUT", "Observation/b").body(MINE).old(MINE).decide()), "body-id");
    let without = ask("user/*.cu", "PUT", "Observation/a").body(r#"{"resourceType":"Observation","category":"lab"}"#);
    assert_eq!(short(&without.decide()), "body-id");
    let condition = ask("user/*.cu", "PUT", "Condition/a").body(r#"{"resourceType":"Condition","id":"a"}"#);
    assert_eq!(short(&condition.absent().decide()), "conditional-not-negotiated");

    let delete = |scope| ask(scope, "DELETE", "Observation/a");
    assert_eq!(short(&delete("user/Observation.d").decide()), "allowed");
    assert_eq!(short(&delete("patient/Observation.d").decide()), "old");
    assert_eq!(short(&delete("patient/Observation.d").old(MINE).decide()), "allowed");
    assert_eq!(short(&delete("patient/Observation.d").old(THEIRS).decide()), "outside-patient");
    assert_eq!(short(&delete("patient/Observation.d").absent().decide()), "old-absent");
    assert_eq!(short(&delete("user/Observation.u").decide()), "insufficient-scope");
    assert_eq!(short(&ask("user/*.d", "DELETE", "Condition/a").decide()), "interaction-not-negotiated");

    let patch = |scope, body| ask(scope, "PATCH", "Observation/a").body(body).sent_as("application/json-patch+json");
    let close = r#"[{"op":"add","path":"/status","value":"final"}]"#;
    let steal = r#"[{"op":"replace","path":"/subject/reference","value":"Patient/2"}]"#;
    assert_eq!(short(&patch("user/Observation.u", close).decide()), "old");
    assert_eq!(short(&patch("user/Observation.ru", close).old(MINE).decide()), "allowed");
    assert_eq!(short(&patch("user/Observation.u", close).old(MINE).decide()), "judge");
    assert_eq!(short(&patch("patient/Observation.ru", close).old(MINE).decide()), "allowed");
    assert_eq!(short(&patch("patient/Observation.ru", close).old(THEIRS).decide()), "outside-patient");
    assert_eq!(short(&patch("patient/Observation.ru", steal).old(MINE).decide()), "outside-patient");
    assert_eq!(short(&patch("user/Observation.ru", close).absent().decide()), "old-absent");
    let renamed = r#"[{"op":"replace","path":"/id","value":"b"}]"#;
    assert_eq!(short(&patch("user/Observation.ru", renamed).old(MINE).decide()), "body-id");
    let spoilt = format!(r#"[{{"op":"add","path":"/bad","value":["{LAB}"]}}]"#);
    assert_eq!(short(&patch("user/Observation.ru", &spoilt).old(MINE).decide()), "profile-failed");
    let fhirpath = patch("user/*.ru", "{}").sent_as("application/fhir+json").old(MINE);
    assert_eq!(short(&fhirpath.decide()), "patch-unjudged");
    assert_eq!(short(&patch("user/*.ru", r#"[{"op":"remove","path":"/x"}]"#).old(MINE).decide()), "patch-failed");
}
