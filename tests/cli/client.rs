//! `accord client`: files of requests, scopes, profiles and guides to the CapabilityStatement of an app.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::support::{Run, accord, accord_reading, folder, path};

/// What may not appear in anything that is written: values of queries, ids, passwords, headers.
const SECRETS: [&str; 8] = ["Okafor", "4711", "1987", "laboratory", "hunter2", "tok-en", "mrn", "abc-id"];

/// The run, once nothing of a patient is in it.
fn clean(run: Run) -> Run {
    for secret in SECRETS {
        assert!(!run.out.contains(secret) && !run.err.contains(secret), "`{secret}` in {run:#?}");
    }
    run
}

fn har() -> Value {
    let bundle = json!({"resourceType": "Bundle", "type": "batch", "entry": [
        {"request": {"method": "GET", "url": "Condition?patient=4711&code=mrn"}},
        {"resource": {"resourceType": "Patient", "id": "4711"},
         "request": {"method": "PUT", "url": "Patient?identifier=mrn%7C4711"}},
        {"request": {"method": "GET", "url": "Okafor/4711"}}]});
    let entry = |method: &str, url: &str| {
        json!({"request": {"method": method, "url": url, "headers": []},
        "response": {"status": 200, "content": {"text": "{\"name\":\"Okafor\"}"}}})
    };
    let mut post = entry("POST", "https://jo:hunter2@ehr.example/fhir/");
    post["request"]["postData"] = json!({"mimeType": "application/fhir+json", "text": bundle.to_string()});
    let mut create = entry("POST", "https://ehr.example/fhir/Observation");
    create["request"]["headers"] = json!([{"name": "if-none-exist", "value": "identifier=mrn|4711"},
        {"name": "Authorization", "value": "Bearer tok-en"}, {"name": "accept", "value": "application/fhir+json"}]);
    create["request"]["postData"] = json!({"text": "{\"resourceType\":\"Observation\",\"id\":\"abc-id\"}"});
    let mut search = entry("POST", "https://ehr.example/fhir/Patient/_search");
    search["request"]["postData"] = json!({"mimeType": "application/x-www-form-urlencoded",
        "params": [{"name": "family:exact", "value": "Okafor"}, {"name": "birthdate", "value": "ge1987"}]});
    json!({"log": {"version": "1.2", "entries": [
        entry("GET", "https://app.example/Okafor/logo.png"),
        post,
        entry("GET", "https://ehr.example/fhir/Patient/4711"),
        entry("GET", "https://ehr.example/fhir/Patient/4711"),
        entry("GET", "https://ehr.example/fhir/Patient/4711/$everything"),
        create,
        search,
        json!({"request": {"method": "GET"}}),
        entry("GET", "https://ehr.example/fhir/Observation?subject:Patient.name=Okafor&category=laboratory\
            &_include=Observation:subject&_sort=-date")]}})
}

#[test]
fn a_har_file_with_a_batch() {
    let files = folder(&[("app.har", har().to_string().as_bytes())]);
    let run = clean(accord(&["client", "--requests", &path(&files, "app.har")]).ended(0));
    let statement = run.json();
    let rest = &statement["rest"][0];
    assert_eq!((&rest["mode"], &rest["interaction"][0]["code"]), (&json!("client"), &json!("batch")));
    assert_eq!(statement["format"], json!(["json"]));
    let types: Vec<&str> = rest["resource"].as_array().unwrap().iter().filter_map(|r| r["type"].as_str()).collect();
    assert_eq!(types, ["Condition", "Patient", "Observation"]);
    let patient = &rest["resource"][1];
    assert_eq!(patient["conditionalUpdate"], true);
    assert_eq!(patient["interaction"][0]["documentation"], "app.har: entry 2, batch entry 2");
    assert_eq!(patient["interaction"][1], json!({"code": "read", "documentation": "app.har: entry 3 (and 1 more)"}));
    assert_eq!(patient["operation"][0]["name"], "everything");
    assert_eq!(patient["searchParam"][1]["name"], "family");
    let observation = &rest["resource"][2];
    assert_eq!(observation["searchInclude"], json!(["Observation:subject"]));
    assert_eq!(observation["conditionalCreate"], true);
    assert_eq!(observation["extension"][0]["extension"][1]["valueString"], "subject");
    for told in
        ["entry 1)", "1 entry without a method and a url not read (first: app.har: entry 8)", "unknown resource"]
    {
        assert!(run.err.contains(told), "{told}: {}", run.err);
    }
    let again = accord(&["client", "--requests", &path(&files, "app.har")]).ended(0);
    assert_eq!(run.out, again.out, "the same bytes every time");
}

#[test]
fn the_statement_is_valid() {
    let files = folder(&[("app.har", har().to_string().as_bytes())]);
    let (from, to) = (path(&files, "app.har"), path(&files, "client.json"));
    let run = accord(&["client", "--requests", &from, "--scope", "user/Group.cruds", "--output", &to]).ended(0);
    assert_eq!(run.out, "");
    let validated = accord(&["validate", &to, "--fail-on", "undetermined"]);
    assert_eq!((validated.code, validated.err.as_str()), (0, ""), "{}", validated.out);
}

#[test]
fn an_access_log_with_junk() {
    let log = "10.0.0.1 - jo [1/Jan/2026] \"GET /fhir/P%61tient?n%61me%3Aexact=Ok%61for&birthdate=1987 HTTP/1.1\" 200\n\
        \n\
        server started for Okafor\n\
        10.0.0.1 - - [1/Jan/2026] \"\\x16\\x03\" 400 0\n\
        \u{7f}\u{fffd} \"GET /fhir/Patient?jones-4711 HTTP/2.0\" 200 \"https://app.example/?name=Okafor\"\r\n\
        10.0.0.1 - - [1/Jan/2026] \"POST /fhir HTTP/1.1\" 200\n\
        10.0.0.1 - - [1/Jan/2026] \"GET /Okafor/4711 HTTP/1.1\" 404\n";
    let run = clean(accord_reading(log.as_bytes(), &["client", "--requests", "-", "--format", "text"]).ended(0));
    let rows: Vec<String> = run.out.lines().map(|l| l.split_whitespace().collect::<Vec<_>>().join(" ")).collect();
    assert_eq!(
        rows,
        [
            "type item where from how often",
            "Patient search-type standard input: line 1 2",
            "Patient search by birthdate standard input: line 1 1",
            "Patient search by name standard input: line 1 1",
            "Patient search by birthdate + name standard input: line 1 1",
        ]
    );
    for told in [
        "note: 2 lines without a request not read (first: standard input: line 3)",
        "note: 1 part of a query without the name of a search parameter not read",
        "a batch or transaction is not visible (first: standard input: line 6)",
        "note: 1 request without a resource type in the path not read (first: standard input: line 7)",
    ] {
        assert!(run.err.contains(told), "{told}: {}", run.err);
    }
}

#[test]
fn requests_of_one_server() {
    let lines = "https://ehr.example/fhir/Patient/4711\nPOST https://other.example/fhir/Task\nGET /fhir/Group/4711\n";
    let arguments = ["client", "--requests", "-", "--base", "https://ehr.example/fhir", "--format", "text"];
    let run = clean(accord_reading(lines.as_bytes(), &arguments).ended(0));
    assert!(run.out.contains("Group") && !run.out.contains("Task"), "{}", run.out);
    assert!(run.err.contains("1 request outside the base address not read (first: standard input: line 2)"));
    let bad = accord_reading(b"", &["client", "--requests", "-", "--base", "ehr example"]).ended(3);
    assert!(bad.err.contains("`ehr example` is not a base address"), "{}", bad.err);
}

#[test]
fn scopes_profiles_and_a_guide() {
    let profile = "http://hl7.org/fhir/us/core/StructureDefinition/us-core-patient|6.1.0";
    let scope = "patient/*.rs patient/Observation.rs?category=laboratory launch/patient";
    let arguments = ["client", "--scope", scope, "--profile", profile, "--guide", "hl7.fhir.ca.baseline#1.2.0"];
    let run = clean(accord(&arguments).ended(0));
    assert!(run.err.contains("1 scope for all resource types"), "{}", run.err);
    let resources = run.json()["rest"][0]["resource"].as_array().cloned().unwrap();
    assert_eq!((&resources[0]["type"], &resources[1]["type"]), (&json!("Observation"), &json!("Patient")));
    assert_eq!(resources[1]["supportedProfile"][0], profile);
    let text = resources[1]["documentation"].as_str().unwrap();
    assert!(text.contains("guide hl7.fhir.ca.baseline#1.2.0"), "{text}");
    let unknown = accord(&["client", "--profile", "http://nobody.test/profile"]).ended(3);
    assert!(unknown.err.contains("unknown profile `http://nobody.test/profile`") && unknown.err.contains("--package"));
    let guide = accord(&["client", "--guide", "test.nowhere#1.0.0"]).ended(3);
    assert!(guide.err.contains("test.nowhere#1.0.0"), "{}", guide.err);
    let extension = "http://hl7.org/fhir/us/core/StructureDefinition/us-core-race";
    let extension = accord(&["client", "--profile", extension]).ended(3);
    assert!(extension.err.contains("is not a profile on a resource type"), "{}", extension.err);
}

#[test]
fn files_that_cannot_be_read() {
    let cut = har().to_string();
    let files = folder(&[
        ("empty.har", b" \n"),
        ("cut.har", &cut.as_bytes()[..cut.len() - 30]),
        ("broken.har", b"{\"log\": {\"entries\": [\n{\"request\": Okafor"),
        ("other.json", br#"{"resourceType": "Patient", "id": "4711"}"#),
        ("shape.har", br#"{"log": {"entries": "Okafor"}}"#),
        ("binary", b"GET \0\x01\x02"),
        ("log.gz", b"\x1f\x8b\x08\0"),
        ("junk.log", b"nothing Okafor\n"),
    ]);
    for (name, told) in [
        ("empty.har", "empty.har` has no content; give a HAR file"),
        ("cut.har", "cut.har` is cut off at line 1, column"),
        ("broken.har", "broken.har` is not valid JSON at line 2, column 13"),
        ("other.json", "other.json` is JSON, but not a HAR file: it has no `log.entries`"),
        ("shape.har", "shape.har` is JSON, but not a HAR file"),
        ("binary", "binary` is a binary file"),
        ("log.gz", "log.gz` is compressed: unpack it first"),
        ("none.log", "none.log` could not be read"),
        ("junk.log", "found no request, scope or profile"),
    ] {
        let run = clean(accord(&["client", "--requests", &path(&files, name)]).ended(3));
        assert!(run.err.contains(told) && run.out.is_empty(), "{told}: {run:#?}");
    }
    let nothing = accord(&["client"]).ended(3);
    assert!(nothing.err.contains("--requests"), "{}", nothing.err);
}

#[test]
fn a_hundred_megabytes_of_log() {
    let line =
        "10.0.0.1 - - [1/Jan/2026] \"GET /fhir/Observation?patient=4711&code=laboratory HTTP/1.1\" 200 1 \"-\" \"a\"\n";
    let log = format!("{}{}\n", line.repeat((100 << 20) / line.len()), "x".repeat(2 << 20));
    let started = Instant::now();
    let run = clean(accord_reading(log.as_bytes(), &["client", "--requests", "-"]).ended(0));
    assert!(started.elapsed() < Duration::from_secs(60), "it took {:?}", started.elapsed());
    assert!(run.err.contains("1 line beyond the limit of length not read"), "{}", run.err);
}
