//! `--resources`: what references lead to, in files.

use std::fmt::Write;
use std::fs;
use std::path::Path;

use serde_json::json;
use tempfile::TempDir;

use crate::support::{Run, accord};

/// A profile of Patient: a birth date is required, and links lead to Patients of the profile.
fn profile() -> String {
    json!({
        "resourceType": "StructureDefinition", "id": "born", "url": "http://links.test/born", "name": "Born",
        "status": "active", "fhirVersion": "4.0.1", "kind": "resource", "abstract": false, "type": "Patient",
        "baseDefinition": "http://hl7.org/fhir/StructureDefinition/Patient", "derivation": "constraint",
        "differential": {"element": [
            {"id": "Patient.birthDate", "path": "Patient.birthDate", "min": 1},
            {"id": "Patient.link.other", "path": "Patient.link.other",
             "type": [{"code": "Reference", "targetProfile": ["http://links.test/born"]}]},
        ]},
    })
    .to_string()
}

/// A patient that leads to another one.
fn patient(id: &str, is_born: bool, other: &str) -> String {
    let born = if is_born { r#""birthDate":"1970","# } else { "" };
    format!(
        r#"{{"resourceType":"Patient","id":"{id}",{born}"link":[
            {{"other":{{"reference":"{other}"}},"type":"refer"}}]}}"#
    )
    .replace('\n', "")
}

/// Validates one file against the profile, with the resources of the folder.
fn validate(folder: &Path, file: &str, how: &str) -> Run {
    fs::write(folder.join("profile.json"), profile()).unwrap();
    let path = |name: &str| folder.join(name).display().to_string();
    accord(&[
        "validate",
        &path(file),
        "--package",
        "hl7.fhir.r4.core#4.0.1",
        "--package",
        &path("profile.json"),
        "--profile",
        "http://links.test/born",
        "--resources",
        &path("."),
        "--references",
        how,
        "--fail-on",
        "undetermined",
        "--format",
        "json",
    ])
}

fn rules(run: &Run) -> Vec<String> {
    let issues = run.json()["issue"].as_array().cloned().unwrap_or_default();
    let code = |i: &serde_json::Value| i["details"]["coding"][0]["code"].as_str().unwrap_or_default().to_owned();
    issues.iter().filter(|i| i["severity"] == "error" || i["severity"] == "warning").map(code).collect()
}

#[test]
fn circles_of_valid_resources_are_valid() {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("a.json"), patient("a", true, "Patient/b")).unwrap();
    fs::write(folder.path().join("b.json"), patient("b", true, "Patient/a")).unwrap();
    validate(folder.path(), "a.json", "valid").ended(0);
}

#[test]
fn what_is_wrong_at_the_end_of_a_chain_is_wrong_at_its_start() {
    let folder = TempDir::new().unwrap();
    // Lines of one file, the last patient leads back to the first, and has no birth date.
    let count = 300;
    let mut lines = String::new();
    for i in 1..count {
        writeln!(lines, "{}", patient(&format!("p{i}"), i + 1 < count, &format!("Patient/p{}", (i + 1) % count)))
            .unwrap();
    }
    fs::write(folder.path().join("all.ndjson"), lines).unwrap();
    fs::write(folder.path().join("first.json"), patient("p0", true, "Patient/p1")).unwrap();
    let run = validate(folder.path(), "first.json", "valid").ended(1);
    assert!(rules(&run).contains(&"reference-profile".to_owned()), "{run:?}");
    // Whether a target conforms is not asked here.
    validate(folder.path(), "first.json", "exists").ended(0);
}

#[test]
fn what_is_nowhere_is_told() {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("a.json"), patient("a", true, "Patient/nowhere")).unwrap();
    let run = validate(folder.path(), "a.json", "exists").ended(1);
    assert!(rules(&run).contains(&"reference-unresolved".to_owned()), "{run:?}");
    // Another server may have it.
    fs::write(folder.path().join("a.json"), patient("a", true, "http://elsewhere.test/Patient/b")).unwrap();
    validate(folder.path(), "a.json", "exists").ended(2);
    // Two say they are it.
    fs::write(folder.path().join("a.json"), patient("a", true, "Patient/b")).unwrap();
    fs::write(folder.path().join("b.json"), patient("b", true, "Patient/b")).unwrap();
    fs::write(folder.path().join("b2.json"), patient("b", true, "Patient/b")).unwrap();
    validate(folder.path(), "a.json", "exists").ended(2);
}

#[test]
fn entries_and_xml_are_resources_too() {
    let folder = TempDir::new().unwrap();
    let urn = "urn:uuid:53fefa32-fcbb-4ff8-8a92-55ee120877b7";
    let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
    write("a.json", &patient("a", true, urn));
    let entry = |resource: &str| {
        format!(
            r#"{{"resourceType":"Bundle","type":"collection","entry":[{{"fullUrl":"{urn}","resource":{resource}}}]}}"#
        )
    };
    write("bundle.json", &entry(&patient("b", true, "Patient/c")));
    let xml = r#"<Patient xmlns="http://hl7.org/fhir"><id value="c"/><birthDate value="1970"/></Patient>"#;
    write("c.xml", xml);
    validate(folder.path(), "a.json", "valid").ended(0);
    // An entry is judged within its Bundle.
    write("bundle.json", &entry(&patient("b", false, "Patient/c")));
    let run = validate(folder.path(), "a.json", "valid").ended(1);
    assert!(rules(&run).contains(&"reference-profile".to_owned()), "{run:?}");
    // An entry of a Bundle in XML has the namespace of the whole.
    let whole = format!(
        r#"<Bundle xmlns="http://hl7.org/fhir"><type value="collection"/><entry><fullUrl value="{urn}"/><resource>
        <Patient><id value="b"/><birthDate value="1970"/></Patient></resource></entry></Bundle>"#
    );
    fs::remove_file(folder.path().join("bundle.json")).unwrap();
    write("bundle.xml", &whole);
    validate(folder.path(), "a.json", "valid").ended(0);
}

#[test]
fn what_cannot_be_read_may_be_what_is_looked_for() {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("a.json"), patient("a", true, "Patient/b")).unwrap();
    validate(folder.path(), "a.json", "exists").ended(1);
    fs::write(folder.path().join("cut.json"), r#"{"resourceType":"Patient","id":"#).unwrap();
    let run = validate(folder.path(), "a.json", "exists").ended(2);
    assert!(run.err.contains("holds no resource that can be read"), "{run:?}");
}

#[test]
fn what_rests_on_many_is_judged_once_more() {
    let folder = TempDir::new().unwrap();
    // One of many links leads to a patient without a birth date; all lead back.
    let count = 2_000;
    let links: Vec<String> =
        (0..count).map(|i| format!(r#"{{"other":{{"reference":"Patient/p{i}"}},"type":"refer"}}"#)).collect();
    let first = format!(r#"{{"resourceType":"Patient","id":"first","birthDate":"1970","link":[{}]}}"#, links.join(","));
    fs::write(folder.path().join("first.json"), first).unwrap();
    let mut lines = String::new();
    for i in 0..count {
        writeln!(lines, "{}", patient(&format!("p{i}"), i % 2 == 0, "Patient/first")).unwrap();
    }
    fs::write(folder.path().join("all.ndjson"), lines).unwrap();
    fs::write(folder.path().join("start.json"), patient("start", true, "Patient/first")).unwrap();
    let run = validate(folder.path(), "start.json", "valid").ended(1);
    assert!(rules(&run).contains(&"reference-profile".to_owned()), "{run:?}");
}

#[test]
fn an_entry_reaches_the_others_of_its_bundle() {
    let folder = TempDir::new().unwrap();
    let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
    let constrained = json!({
        "resourceType": "StructureDefinition", "id": "kin", "url": "http://links.test/kin", "name": "Kin",
        "status": "active", "fhirVersion": "4.0.1", "kind": "resource", "abstract": false, "type": "Patient",
        "baseDefinition": "http://hl7.org/fhir/StructureDefinition/Patient", "derivation": "constraint",
        "differential": {"element": [{"id": "Patient", "path": "Patient", "constraint": [{"key": "kin-1",
            "severity": "error", "human": "those who are linked are male",
            "expression": "link.other.resolve().all(gender = 'male')"}]}]},
    });
    let leading = json!({
        "resourceType": "StructureDefinition", "id": "leading", "url": "http://links.test/leading", "name": "Leading",
        "status": "active", "fhirVersion": "4.0.1", "kind": "resource", "abstract": false, "type": "Patient",
        "baseDefinition": "http://hl7.org/fhir/StructureDefinition/Patient", "derivation": "constraint",
        "differential": {"element": [{"id": "Patient.link.other", "path": "Patient.link.other",
            "type": [{"code": "Reference", "targetProfile": ["http://links.test/kin"]}]}]},
    });
    write("kin.json", &constrained.to_string());
    write("leading.json", &leading.to_string());
    write("a.json", &patient("a", true, "Patient/b"));
    let urn = |n: u32| format!("urn:uuid:53fefa32-fcbb-4ff8-8a92-55ee120877b{n}");
    let bundle = |gender: &str| {
        json!({"resourceType": "Bundle", "type": "collection", "entry": [
            {"fullUrl": urn(1), "resource": {"resourceType": "Patient", "id": "b",
                "link": [{"other": {"reference": urn(2)}, "type": "refer"}]}},
            {"fullUrl": urn(2), "resource": {"resourceType": "Patient", "id": "c", "gender": gender}},
        ]})
        .to_string()
    };
    let path = |name: &str| folder.path().join(name).display().to_string();
    for (gender, code) in [("male", 0), ("female", 1)] {
        write("bundle.json", &bundle(gender));
        let (a, kin, leading, all) = (path("a.json"), path("kin.json"), path("leading.json"), path("."));
        let core = "hl7.fhir.r4.core#4.0.1";
        accord(&[
            "validate",
            &a,
            "--package",
            core,
            "--package",
            &kin,
            "--package",
            &leading,
            "--profile",
            "http://links.test/leading",
            "--resources",
            &all,
            "--references",
            "valid",
            "--fail-on",
            "undetermined",
        ])
        .ended(code);
    }
}
