//! The other subcommands: explain, snapshot, package, scope, negotiate.

use fhir_accord::capability::rules::rules;
use fhir_accord::profiles::issue::RULES;
use serde_json::Value;

use crate::support::{PROFILE, accord, accord_reading, folder, guide, path};

#[test]
fn explain_tells_of_every_rule() {
    let all = accord(&["explain"]).ended(0);
    assert_eq!(all.out.lines().count(), RULES.len() + rules().count());
    for rule in RULES.iter().step_by(17) {
        let one = accord(&["explain", rule.id.as_str()]).ended(0);
        assert!(one.out.starts_with(rule.id.as_str()) && one.out.contains(rule.meaning), "{}", one.out);
    }
}

#[test]
fn explain_tells_of_the_rules_of_negotiation() {
    for rule in rules().step_by(13) {
        let one = accord(&["explain", rule.id]).ended(0);
        assert!(one.out.starts_with(&format!("{}\n\n  means    {}\n", rule.id, rule.meaning)), "{}", one.out);
        assert!([rule.when, rule.help, rule.spec].iter().all(|text| one.out.contains(text)), "{}", one.out);
    }
}

#[test]
fn explain_helps_with_an_id_that_is_nearly_right() {
    let run = accord(&["explain", "slice"]).ended(3);
    assert!(run.err.contains("unknown rule `slice`") && run.err.contains("slice-min"), "{}", run.err);
}

#[test]
fn an_expression_may_start_with_a_minus() {
    let run = |args: &[&str]| accord(args).ended(0).out;
    assert!(run(&["fhirpath", "-10 div 3"]).contains("-3"));
    assert!(run(&["fhirpath", "--explain", "-10 div 3"]).contains("route:"));
    assert!(run(&["fhirpath", "-10 div 3", "--format", "json"]).contains("\"value\": -3"));
}

#[test]
fn snapshot_of_a_differential() {
    let run = accord_reading(PROFILE.as_bytes(), &["snapshot", "-"]).ended(0);
    let elements = run.json()["snapshot"]["element"].as_array().cloned().unwrap();
    let of = |id: &str| elements.iter().find(|e| e["id"] == id).cloned().unwrap();
    assert_eq!((of("Patient.birthDate")["min"].as_i64(), of("Patient.gender")["min"].as_i64()), (Some(1), Some(0)));
    assert_eq!(run.out, accord_reading(PROFILE.as_bytes(), &["snapshot", "-"]).out);
}

/// A profile whose constraint names an element that a Patient does not have.
fn broken_profile() -> String {
    PROFILE.replace(
        r#"{"id": "Patient", "path": "Patient"}"#,
        r#"{"id": "Patient", "path": "Patient", "constraint": [{"key": "tall-1", "severity": "error", "human": "x", "expression": "name.famly.exists()"}]}"#,
    )
}

#[test]
fn a_broken_constraint_is_an_issue_of_its_definition() {
    let says = "http://guide.test/tall-patient at `Patient`: the expression of `tall-1` is broken: `famly` is not an \
        element of HumanName (at offset 5 of `name.famly.exists()`) [invariant-broken]";
    let run = accord_reading(broken_profile().as_bytes(), &["snapshot", "-"]).ended(1);
    assert!(run.err.contains(says), "{}", run.err);
    let here =
        folder(&[("profile.json", broken_profile().as_bytes()), ("patient.json", crate::support::PATIENT.as_bytes())]);
    let run = accord(&["validate", "--package", &path(&here, "profile.json"), &path(&here, "patient.json")]).ended(0);
    assert!(run.err.contains(says), "{}", run.err);
}

/// The profile with a constraint on the Patient, by its members.
fn constrained(members: &str) -> String {
    let constraint = format!(
        r#"{{"id": "Patient", "path": "Patient", "constraint": [{{"key": "tall-2", "severity": "error", {members}"expression": "name.exists()"}}]}}"#
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
        ("p.json", crate::support::PATIENT.as_bytes()),
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
fn snapshot_without_a_base_or_with_a_fault() {
    let orphan = PROFILE.replace("http://hl7.org/fhir/StructureDefinition/Patient\"", "http://nobody.test/base\"");
    let run = accord_reading(orphan.as_bytes(), &["snapshot", "-"]).ended(3);
    assert!(run.err.contains("http://nobody.test/base"), "{}", run.err);
    let wrong = PROFILE.replace("Patient.birthDate", "Patient.birthDat");
    let run = accord_reading(wrong.as_bytes(), &["snapshot", "-"]).ended(1);
    assert!(run.err.contains("Patient.birthDat"), "{}", run.err);
    accord_reading(b"{", &["snapshot", "-"]).ended(3);
}

#[test]
fn packages_are_listed() {
    let run = accord(&["package", "list"]).ended(0);
    for name in
        ["hl7.fhir.r4.core#4.0.1", "hl7.fhir.us.core#6.1.0", "hl7.fhir.ca.baseline#1.2.0", "hl7.fhir.uv.ips#1.1.0"]
    {
        assert!(run.out.contains(name), "{name}: {}", run.out);
    }
}

#[test]
fn a_package_set_is_locked_and_checked() {
    let files = folder(&[]);
    let lock = path(&files, "accord.lock");
    let arguments = |check: bool| {
        let mut all = vec!["package", "lock", "--package", "hl7.fhir.us.core#6.1.0", "--output", &lock];
        all.extend(check.then_some("--check"));
        accord(&all)
    };
    arguments(false).ended(0);
    arguments(true).ended(0);
    let text = std::fs::read_to_string(&lock).unwrap();
    assert!(text.contains("us.cdc.phinvads"), "what is absent is named: {text}");
    std::fs::write(&lock, text.replacen("6.1.0", "3.1.1", 1)).unwrap();
    arguments(true).ended(1);
}

#[test]
fn a_package_and_its_profile_by_path() {
    let files = folder(&[
        ("guide.tgz", &guide()),
        ("p.json", br#"{"resourceType":"Patient","id":"p"}"#),
        ("profile.json", PROFILE.as_bytes()),
    ]);
    for package in ["guide.tgz", "profile.json"] {
        let run = accord(&[
            "validate",
            &path(&files, "p.json"),
            "--package",
            &path(&files, package),
            "--profile",
            "http://guide.test/tall-patient|1.0.0",
        ])
        .ended(1);
        assert!(run.out.contains("`birthDate` is missing"), "{package}: {}", run.out);
    }
}

#[test]
fn scopes_by_themselves() {
    let normalised =
        accord(&["scope", "normalise", "patient/Observation.read patient/Observation.rs", "--format", "json"])
            .ended(0)
            .json();
    assert_eq!(normalised["minimal"], "patient/Observation.rs");
    let covers = |granted: &str, requested: &str| {
        accord(&["scope", "covers", "--granted", granted, "--requested", requested, "--format", "json"]).ended(0).json()
            ["covers"]
            .clone()
    };
    assert_eq!(
        (covers("patient/*.rs", "patient/Observation.r"), covers("patient/*.r", "patient/Observation.s")),
        (Value::Bool(true), Value::Bool(false))
    );
    let explained = accord(&["scope", "explain", "patient/Observation.sr"]).ended(0);
    assert!(explained.out.contains("fault"), "{}", explained.out);
}

#[test]
fn negotiation_of_the_examples() {
    let arguments =
        ["negotiate", "--client", "examples/client.json", "--server", "examples/server.json", "--format", "json"];
    let first = accord(&arguments).ended(0);
    assert_eq!(first.out, accord(&arguments).out, "the same bytes every time");
    assert!(first.json()["verdict"].is_string());
    let missing = accord(&["negotiate", "--client", "examples/client.json", "--server", "no/such.json"]).ended(3);
    assert!(missing.err.contains("`no/such.json`"), "{}", missing.err);
    let guide =
        accord(&["negotiate", "--client", "examples/client.json", "--server", "ig:test.nowhere#1.0.0"]).ended(3);
    assert!(guide.err.contains("test.nowhere#1.0.0"), "{}", guide.err);
    let patient =
        accord(&["negotiate", "--client", "examples/us-core-patient.json", "--server", "examples/server.json"])
            .ended(3);
    assert!(patient.err.contains("Patient"), "{}", patient.err);
}

const US_CORE_PATIENT: &str = "http://hl7.org/fhir/us/core/StructureDefinition/us-core-patient|6.1.0";

#[test]
fn generate_prints_instances_that_are_valid() {
    let run = accord(&["generate", US_CORE_PATIENT]).ended(0);
    assert_eq!(run.json()["resourceType"], "Patient");
    accord_reading(run.out.as_bytes(), &["validate", "-", "--profile", US_CORE_PATIENT, "--fail-on", "undetermined"])
        .ended(0);
    assert_eq!(run.out, accord(&["generate", US_CORE_PATIENT]).out);
    let full = accord(&["generate", US_CORE_PATIENT, "--kind", "full"]).ended(0);
    assert!(full.json()["address"][0]["city"].is_string());
}

#[test]
fn generate_prints_several_instances_as_lines() {
    let run = accord(&["generate", US_CORE_PATIENT, "--kind", "boundary", "--count", "5", "--seed", "3"]).ended(0);
    assert_eq!(run.lines().len(), 5);
    let array =
        accord(&["generate", US_CORE_PATIENT, "--kind", "boundary", "--count", "5", "--seed", "3", "--format", "json"]);
    assert_eq!(array.ended(0).json().as_array().map(Vec::len), Some(5));
}

#[test]
fn generate_says_what_it_cannot_build() {
    let unknown = accord(&["generate", "http://a.test/StructureDefinition/none"]).ended(3);
    assert!(unknown.err.contains("`http://a.test/StructureDefinition/none`"), "{unknown:?}");
    let none = accord(&["generate", "http://hl7.org/fhir/StructureDefinition/Resource"]).ended(3);
    assert!(none.out.is_empty() && none.err.contains("abstract"), "{none:?}");
}
