//! Constraints of a profile: broken ones, and what those that do not hold say.

use crate::support::{PATIENT, PROFILE, accord, accord_reading, folder, path};

/// A profile whose constraint names an element that a Patient does not have.
fn broken_profile() -> String {
    PROFILE.replace(
        r#"{"id": "Patient", "path": "Patient"}"#,
        concat!(
            r#"{"id": "Patient", "path": "Patient", "constraint": [{"key": "tall-1", "severity": "error", "#,
            r#""human": "x", "expression": "name.famly.exists()"}]}"#
        ),
    )
}

#[test]
fn a_broken_constraint_is_an_issue_of_its_definition() {
    let says = "http://guide.test/tall-patient at `Patient`: the expression of `tall-1` is broken: `famly` is not an \
        element of HumanName (at offset 5 of `name.famly.exists()`) [invariant-broken]";
    let run = accord_reading(broken_profile().as_bytes(), &["snapshot", "-"]).ended(1);
    assert!(run.err.contains(says), "{}", run.err);
    let here = folder(&[("profile.json", broken_profile().as_bytes()), ("patient.json", PATIENT.as_bytes())]);
    let run = accord(&["validate", "--package", &path(&here, "profile.json"), &path(&here, "patient.json")]).ended(0);
    assert!(run.err.contains(says), "{}", run.err);
}

/// The profile with a constraint on the Patient, by its members.
fn constrained(members: &str) -> String {
    let constraint = format!(
        concat!(
            r#"{{"id": "Patient", "path": "Patient", "constraint": [{{"key": "tall-2", "severity": "error", "#,
            r#"{members}"expression": "name.exists()"}}]}}"#
        ),
        members = members
    );
    PROFILE.replace(r#"{"id": "Patient", "path": "Patient"}"#, &constraint)
}

#[test]
fn a_constraint_that_does_not_hold_says_what_it_says_to_people() {
    let spoken = constrained(r#""human": "a tall patient has a name ", "#);
    // What is derived says it too.
    let derived = PROFILE
        .replace("tall-patient", "taller")
        .replace("http://hl7.org/fhir/StructureDefinition/Patient", "http://guide.test/tall-patient");
    let files = folder(&[
        ("p.json", PATIENT.as_bytes()),
        ("spoken.json", spoken.as_bytes()),
        ("silent.json", constrained("").as_bytes()),
        ("both/spoken.json", spoken.as_bytes()),
        ("both/derived.json", derived.as_bytes()),
    ]);
    let text = |package: &str, profile: &str| {
        accord(&["validate", &path(&files, "p.json"), "--package", &path(&files, package), "--profile", profile])
            .ended(1)
            .out
    };
    let says = "constraint `tall-2` failed: \"a tall patient has a name\" (`name.exists()`)";
    for (package, profile) in [("spoken.json", "http://guide.test/tall-patient"), ("both", "http://guide.test/taller")]
    {
        let out = text(package, profile);
        assert!(out.contains(says), "{package}: {out}");
    }
    let out = text("silent.json", "http://guide.test/tall-patient");
    assert!(out.contains("constraint `tall-2` failed: `name.exists()`"), "{out}");
}

#[test]
fn a_date_may_be_bounded_by_a_span_of_time_from_now() {
    let bounded = |unit: &str| {
        let span =
            |value: u32| format!(r#"{{"value": {value}, "system": "http://unitsofmeasure.org", "code": "{unit}"}}"#);
        let bounds = format!(r#""minValueQuantity": {}, "maxValueQuantity": {}"#, span(100), span(2));
        PROFILE.replace(r#""min": 1}"#, &format!(r#""min": 1, {bounds}}}"#))
    };
    let here = folder(&[("years.json", bounded("a").as_bytes()), ("kilograms.json", bounded("kg").as_bytes())]);
    let told = |profile: &str, born: &str| {
        let patient = format!(
            r#"{{"resourceType":"Patient","meta":{{"profile":["{}"]}},"birthDate":"{born}"}}"#,
            "http://guide.test/tall-patient"
        );
        let package = path(&here, profile);
        let now = ["--now", "2024-06-15T12:00:00Z"];
        let run = accord_reading(
            patient.as_bytes(),
            &["validate", "--package", &package, now[0], now[1], "--format", "ndjson", "-"],
        );
        let line = run.lines().remove(0);
        line["verdict"].as_str().unwrap().to_owned()
    };
    for (born, verdict) in [
        ("1924-06-14", "invalid"),
        ("1924-06-15", "valid"),
        ("1924", "undetermined"),
        ("2026-06-15", "valid"),
        ("2026-06-16", "invalid"),
    ] {
        assert_eq!(told("years.json", born), verdict, "{born}");
    }
    assert_eq!(told("kilograms.json", "2000-01-01"), "undetermined");
}
