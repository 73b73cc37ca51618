//! Definitions that are at fault, in use: told once, at the definition, and nothing is valid by what they leave open.

use std::path::Path;

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::service::Service;
use crate::support::accord;

const BASE: &str = "http://hl7.org/fhir/StructureDefinition";
const OWN: &str = "http://faulty.test/StructureDefinition";

/// A profile of Patient, or of what `more` says, with these elements.
fn profile(id: &str, base: &str, elements: Value, more: Value) -> Value {
    let mut definition = json!({
        "resourceType": "StructureDefinition", "id": id, "url": format!("{OWN}/{id}"), "version": "1.0.0",
            "name": "Faulty", "status": "active", "fhirVersion": "4.0.1",
        "kind": "resource", "abstract": false, "type": "Patient", "baseDefinition": base, "derivation": "constraint",
            "differential": { "element": elements },
    });
    definition.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    definition
}

fn element(id: &str, more: Value) -> Value {
    let mut element = json!({ "id": id, "path": id });
    element.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    element
}

fn constrains(id: &str, base: &str, element_id: &str, more: Value) -> Value {
    profile(id, base, json!([element(element_id, more)]), json!({}))
}

fn folder(definitions: &[Value]) -> TempDir {
    let folder = TempDir::new().unwrap();
    for definition in definitions {
        std::fs::write(
            folder.path().join(format!("{}.json", definition["id"].as_str().unwrap())),
            definition.to_string(),
        )
        .unwrap();
    }
    folder
}

/// The verdict on an instance under a profile, and the issues of the rule: severity, profile and element as the text
/// has them.
fn judged(folder: &Path, profile: &str, instance: &str) -> (String, Vec<String>) {
    let file = folder.join(format!("{profile}.instance"));
    std::fs::write(&file, instance).unwrap();
    let arguments = [
        "validate",
        file.to_str().unwrap(),
        "--package",
        folder.to_str().unwrap(),
        "--profile",
        &format!("{OWN}/{profile}"),
        "--format",
        "ndjson",
    ];
    let run = accord(&arguments);
    assert!(run.code < 3, "{run:?}");
    let line = run.lines().remove(0);
    let issues = line["outcome"]["issue"].as_array().cloned().unwrap_or_default();
    let of_rule = issues.iter().filter(|i| i["details"]["coding"][0]["code"] == "definition");
    let told = of_rule
        .map(|i| format!("{}: {}", i["severity"].as_str().unwrap(), i["details"]["text"].as_str().unwrap()))
        .collect();
    (line["verdict"].as_str().unwrap().to_owned(), told)
}

/// Judges instances, each with its right verdict; every report tells the fault once, in these words.
fn check(folder: &Path, profile: &str, says: &[&str], instances: &[(&str, &str)]) {
    for (instance, verdict) in instances {
        let (found, told) = judged(folder, profile, instance);
        assert_eq!(found, *verdict, "{profile} {instance}: {told:?}");
        assert_eq!(told.len(), 1, "{profile} {instance}: {told:?}");
        for part in says {
            assert!(told[0].contains(part), "{profile}: {told:?}");
        }
    }
}

const EMPTY: &str = r#"{"resourceType":"Patient"}"#;
const MALE: &str = r#"{"resourceType":"Patient","gender":"male"}"#;
const WRONG: &str = r#"{"resourceType":"Patient","gender":"male","birthDate":"never"}"#;

#[test]
fn bases_that_cannot_be_used() {
    let gender = || json!({ "min": 1 });
    let folder = folder(&[
        constrains("lost", "http://faulty.test/nowhere", "Patient.gender", gender()),
        constrains("below-lost", &format!("{OWN}/lost"), "Patient.active", json!({ "min": 1 })),
        constrains("sound", &format!("{BASE}/Patient"), "Patient.gender", gender()),
        constrains("of-other-version", &format!("{OWN}/sound|2.0.0"), "Patient.active", gender()),
        constrains("own", &format!("{OWN}/own"), "Patient.gender", gender()),
        constrains("one", &format!("{OWN}/two"), "Patient.gender", gender()),
        constrains("two", &format!("{OWN}/three"), "Patient.active", gender()),
        constrains("three", &format!("{OWN}/one"), "Patient.name", gender()),
        profile("of-other-type", &format!("{BASE}/Observation"), json!([]), json!({})),
    ]);
    let open = [(EMPTY, "undetermined"), (MALE, "undetermined"), (WRONG, "invalid")];
    let url = |id: &str| format!("definition `{OWN}/{id}` has an error at `Patient`");
    check(
        folder.path(),
        "lost",
        &["warning", &url("lost"), "its base `http://faulty.test/nowhere` is not loaded"],
        &open,
    );
    check(folder.path(), "below-lost", &[&url("lost"), "`http://faulty.test/nowhere`"], &open);
    check(
        folder.path(),
        "of-other-version",
        &[&url("of-other-version"), "sound|2.0.0` is not loaded, only version `1.0.0` is"],
        &open,
    );
    check(folder.path(), "own", &[&url("own"), "it is its own base"], &open);
    check(folder.path(), "one", &[&url("one"), &format!("by way of `{OWN}/two`, `{OWN}/three`")], &open);
    check(folder.path(), "three", &[&url("three"), &format!("by way of `{OWN}/one`, `{OWN}/two`")], &open);
    check(
        folder.path(),
        "of-other-type",
        &[&url("of-other-type"), "of type `Patient`, its base of type `Observation`"],
        &open,
    );
}

#[test]
fn bases_that_can_be_used() {
    let patient = format!("{BASE}/Patient");
    let older = profile("line", &patient, json!([element("Patient.gender", json!({ "min": 1 }))]), json!({}));
    let mut newer = constrains("line-2", &format!("{OWN}/line|1.0.0"), "Patient.active", json!({ "min": 1 }));
    (newer["url"], newer["version"]) = (older["url"].clone(), "2.0.0".into());
    let folder = folder(&[
        older,
        newer,
        constrains("by-line", &format!("{OWN}/line|1.0"), "Patient.name", json!({ "max": "0" })),
        constrains("by-core", &format!("{BASE}/Patient|4.0.1"), "Patient.gender", json!({ "min": 1 })),
    ]);
    for (profile, instance, verdict) in [
        ("line", r#"{"resourceType":"Patient","active":true,"gender":"male"}"#, "valid"),
        ("line", MALE, "invalid"),
        ("line|1.0.0", MALE, "valid"),
        ("by-line", MALE, "valid"),
        ("by-line", EMPTY, "invalid"),
        ("by-core", MALE, "valid"),
        ("by-core", EMPTY, "invalid"),
    ] {
        assert_eq!(judged(folder.path(), profile, instance), (verdict.to_owned(), Vec::new()), "{profile} {instance}");
    }
}

#[test]
fn what_the_base_demands_holds_where_a_profile_loosens_it() {
    let strict =
        json!([element("Patient.gender", json!({ "min": 1 })), element("Patient.name", json!({ "max": "1" }))]);
    let weak = json!({ "binding": { "strength": "example", "valueSet": "http://hl7.org/fhir/ValueSet/languages" } });
    let folder = folder(&[
        profile("strict", &format!("{BASE}/Patient"), strict, json!({})),
        constrains("fewer", &format!("{OWN}/strict"), "Patient.gender", json!({ "min": 0 })),
        constrains("more", &format!("{OWN}/strict"), "Patient.name", json!({ "max": "*" })),
        constrains("weaker", &format!("{BASE}/Patient"), "Patient.gender", weak),
        constrains("below-fewer", &format!("{OWN}/fewer"), "Patient.active", json!({ "min": 1 })),
    ]);
    let twice = r#"{"resourceType":"Patient","gender":"male","name":[{"text":"a"},{"text":"b"}]}"#;
    let rule = "the base's rule applies";
    check(
        folder.path(),
        "fewer",
        &["`Patient.gender`", "the minimum 0 is below the base's 1", rule],
        &[(MALE, "valid"), (EMPTY, "invalid")],
    );
    check(
        folder.path(),
        "more",
        &["`Patient.name`", "the maximum * is above the base's 1", rule],
        &[(MALE, "valid"), (twice, "invalid")],
    );
    check(
        folder.path(),
        "weaker",
        &["`Patient.gender`", "required", rule],
        &[(MALE, "valid"), (r#"{"resourceType":"Patient","gender":"m"}"#, "invalid")],
    );
    let active = r#"{"resourceType":"Patient","gender":"male","active":true}"#;
    check(
        folder.path(),
        "below-fewer",
        &[&format!("`{OWN}/fewer`"), rule],
        &[(active, "valid"), (r#"{"resourceType":"Patient","active":true}"#, "invalid")],
    );
}

#[test]
fn what_a_profile_cannot_mean_is_open() {
    let one = |id: &str, element: &str, more: Value| constrains(id, &format!("{BASE}/Patient"), element, more);
    let folder = folder(&[
        one("element", "Patient.nmae", json!({ "min": 1 })),
        one("deep-element", "Patient.contact.nmae", json!({ "min": 1 })),
        one("type", "Patient.gender", json!({ "type": [{ "code": "integer" }] })),
        one("no-type", "Patient.deceased[x]", json!({ "type": [{ "code": "Bolean" }] })),
        one(
            "target",
            "Patient.managingOrganization",
            json!({ "type": [{ "code": "Reference", "targetProfile": [format!("{BASE}/Medication")] }] }),
        ),
        one("value", "Patient.gender", json!({ "fixedString": "male" })),
        one("none", "Patient.gender", json!({ "min": 2 })),
        constrains("below-element", &format!("{OWN}/element"), "Patient.gender", json!({ "min": 1 })),
    ]);
    let open = [(MALE, "undetermined"), (WRONG, "invalid")];
    check(
        folder.path(),
        "element",
        &["warning", "`Patient.nmae`", "no element `nmae`", "not everything it requires could be checked"],
        &open,
    );
    check(folder.path(), "deep-element", &["`Patient.contact.nmae`"], &open);
    check(folder.path(), "type", &["`Patient.gender`", "does not allow the type `integer`"], &open);
    check(folder.path(), "no-type", &["`Patient.deceased[x]`", "unknown type `Bolean`"], &open);
    check(folder.path(), "target", &["`Patient.managingOrganization`", "Medication"], &open);
    check(folder.path(), "value", &["`Patient.gender`", "`fixedString`"], &open);
    check(folder.path(), "none", &["`Patient.gender`", "the minimum 2 is above the maximum 1"], &[(MALE, "invalid")]);
    check(
        folder.path(),
        "below-element",
        &[&format!("`{OWN}/element`"), "`Patient.nmae`"],
        &[(MALE, "undetermined"), (EMPTY, "invalid")],
    );
}

#[test]
fn published_snapshots_are_checked_too() {
    let published = |id: &str, base: &str, more: Value| {
        let root = json!({ "id": "Patient", "path": "Patient", "min": 0, "max": "*" });
        let gender = json!({ "id": "Patient.gender", "path": "Patient.gender", "min": 0, "max": "1",
            "type": [{ "code": "code" }] });
        profile(id, base, json!([]), json!({ "snapshot": { "element": [root, gender, more] } }))
    };
    let text = json!({ "id": "Patient.text", "path": "Patient.text", "min": 0, "max": "1",
        "type": [{ "code": "Narrative" }] });
    let nmae =
        json!({ "id": "Patient.nmae", "path": "Patient.nmae", "min": 1, "max": "1", "type": [{ "code": "string" }] });
    let photo =
        json!({ "id": "Patient.photo", "path": "Patient.photo", "min": 0, "max": "1", "type": [{ "code": "Period" }] });
    let patient = format!("{BASE}/Patient");
    let folder = folder(&[
        constrains("strict", &patient, "Patient.gender", json!({ "min": 1 })),
        published("sound", &patient, text.clone()),
        published("wider", &format!("{OWN}/strict"), text),
        published("element", &patient, nmae),
        published("type", &patient, photo),
    ]);
    assert_eq!(judged(folder.path(), "sound", MALE), ("valid".to_owned(), Vec::new()));
    check(
        folder.path(),
        "wider",
        &["`Patient.gender`", "the minimum 0 is below the base's 1"],
        &[(MALE, "valid"), (EMPTY, "invalid")],
    );
    check(folder.path(), "element", &["`Patient.nmae`", "`Patient` has no element `nmae`"], &[(MALE, "undetermined")]);
    check(folder.path(), "type", &["`Patient.photo`", "does not allow the type `Period`"], &[(MALE, "undetermined")]);
}

#[test]
fn faults_of_form_are_not_told() {
    let order = json!([
        element("Patient.gender", json!({ "mustSupport": true })),
        element("Patient.name", json!({ "min": 1 })),
        element("Patient.gender", json!({ "min": 1 }))
    ]);
    let folder = folder(&[profile("form", &format!("{BASE}/Patient"), order, json!({}))]);
    let whole = r#"{"resourceType":"Patient","gender":"male","name":[{"text":"a"}]}"#;
    assert_eq!(judged(folder.path(), "form", whole), ("valid".to_owned(), Vec::new()));
    assert_eq!(judged(folder.path(), "form", MALE).0, "invalid");
}

#[test]
fn faults_are_met_wherever_the_definition_is_used() {
    let reference = |profile: &str| {
        json!({ "min": 1, "type": [{ "code": "Reference",
        "targetProfile": [format!("{OWN}/{profile}")] }] })
    };
    let on_name = json!({ "type": "HumanName", "kind": "complex-type" });
    let name = |profile: &str| json!({ "type": [{ "code": "HumanName", "profile": [format!("{OWN}/{profile}")] }] });
    let folder = folder(&[
        profile(
            "name",
            &format!("{BASE}/HumanName"),
            json!([element("HumanName.familly", json!({ "min": 1 }))]),
            on_name,
        ),
        constrains("names", &format!("{BASE}/Patient"), "Patient.name", name("name")),
        profile("organization", "http://faulty.test/nowhere", json!([]), json!({ "type": "Organization" })),
        constrains("targets", &format!("{BASE}/Patient"), "Patient.managingOrganization", reference("organization")),
    ]);
    let named = r#"{"resourceType":"Patient","name":[{"text":"a"},{"text":"b"}]}"#;
    check(folder.path(), "names", &[&format!("`{OWN}/name`"), "`HumanName.familly`"], &[(named, "undetermined")]);
    assert_eq!(judged(folder.path(), "names", EMPTY), ("valid".to_owned(), Vec::new()));
    let target = r##"{"resourceType":"Patient","contained":[{"resourceType":"Organization","id":"o","name":"a"}],"managingOrganization":{"reference":"#o"}}"##;
    check(folder.path(), "targets", &[&format!("`{OWN}/organization`"), "nowhere"], &[(target, "undetermined")]);
}

#[test]
fn every_format_tells_it_and_claims_count_as_requests() {
    let folder = folder(&[constrains("lost", "http://faulty.test/nowhere", "Patient.gender", json!({ "min": 1 }))]);
    let file = folder.path().join("patients.ndjson");
    let patient = format!(r#"{{"resourceType":"Patient","meta":{{"profile":["{OWN}/lost"]}}}}"#);
    std::fs::write(&file, &patient).unwrap();
    let package = folder.path().join("lost.json");
    for format in ["text", "json", "ndjson"] {
        let run = accord(&[
            "validate",
            file.to_str().unwrap(),
            "--package",
            package.to_str().unwrap(),
            "--format",
            format,
            "--fail-on",
            "undetermined",
        ])
        .ended(2);
        let says = format!(
            "definition `{OWN}/lost` has an error at `Patient`: its base `http://faulty.test/nowhere` is not loaded"
        );
        assert_eq!(run.out.matches(&says).count(), 1, "{format}: {}", run.out);
    }
    let run = accord(&[
        "validate",
        file.to_str().unwrap(),
        "--package",
        package.to_str().unwrap(),
        "--profile",
        &format!("{OWN}/lost|9.0"),
    ])
    .ended(3);
    assert!(run.err.contains(&format!("only `{OWN}/lost|1.0.0` is loaded")), "{}", run.err);
}

#[test]
fn the_service_tells_it_too() {
    let folder = folder(&[constrains("lost", "http://faulty.test/nowhere", "Patient.gender", json!({ "min": 1 }))]);
    let data = TempDir::new().unwrap();
    let service =
        Service::start(&["--data", data.path().to_str().unwrap(), "--package", folder.path().to_str().unwrap()]);
    let claiming = format!(r#"{{"resourceType":"Patient","meta":{{"profile":["{OWN}/lost"]}}}}"#);
    for (path, patient) in
        [(format!("/$validate?profile={OWN}/lost"), EMPTY), ("/$validate".to_owned(), claiming.as_str())]
    {
        let answer = service.post(&path, patient);
        assert!(answer.starts_with("HTTP/1.1 200") && answer.contains(r#""code":"undetermined""#), "{answer}");
        assert_eq!(answer.matches("its base `http://faulty.test/nowhere` is not loaded").count(), 1, "{answer}");
    }
}
