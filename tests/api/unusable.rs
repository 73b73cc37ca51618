//! Uploads that cannot be used, or not wholly: what is wrong with their definitions is told.

use fhir_accord::app::{AppLoader, Settings};
use serde_json::{Value, json};

use crate::packages::{archive, pack, upload};
use crate::support::{Server, config, serve_with, store_in};

/// Loads the core package of R4, and uploads.
pub fn loader() -> AppLoader {
    let packages = vec!["hl7.fhir.r4.core#4.0.1".to_owned()];
    let images = Some(std::env::temp_dir().join("accord-tests-of-uploads"));
    let settings = Settings { packages, images, ..Settings::default() };
    AppLoader::new(settings, fhir_accord::scripts::policies(&[]).unwrap())
}

/// A profile on Patient with one element in its differential.
pub fn profile(name: &str, base: &str, element: &str) -> String {
    format!(
        r#"{{"resourceType":"StructureDefinition","id":"{name}","url":"http://x.org/StructureDefinition/{name}",
        "version":"1.0.0","name":"{name}","status":"active","fhirVersion":"4.0.1","kind":"resource","abstract":false,
        "type":"Patient","baseDefinition":"{base}","derivation":"constraint",
        "differential":{{"element":[{element}]}}}}"#
    )
}

const PATIENT: &str = "http://hl7.org/fhir/StructureDefinition/Patient";
const MANIFEST: &str = r#"{"name":"x.test","version":"1.0.0","fhirVersions":["4.0.1"],
    "dependencies":{"hl7.fhir.r4.core":"4.0.1"}}"#;

fn package(files: &[(&str, &str)]) -> Vec<u8> {
    let files: Vec<(String, &str)> = files.iter().map(|(name, text)| (format!("package/{name}"), *text)).collect();
    let files: Vec<(&str, &str)> = files.iter().map(|(name, text)| (&**name, *text)).collect();
    let manifest = [("package/package.json", MANIFEST)];
    pack(&[&manifest[..], &files[..]].concat())
}

fn server(folder: &std::path::Path) -> Server {
    let server = serve_with(config(json!({}), Some("secret")), store_in(folder), Box::new(loader()));
    server.until_ready();
    server
}

fn rules(issues: &Value) -> Vec<String> {
    let of = |i: &Value| i["details"]["coding"][1]["code"].as_str().map(str::to_owned);
    issues.as_array().unwrap().iter().filter_map(of).collect()
}

#[test]
fn a_package_of_no_use_is_refused_with_what_is_wrong() {
    let folder = tempfile::tempdir().unwrap();
    let server = server(folder.path());
    let before = server.get("/packages").body;
    let unknown = profile("unknown", PATIENT, r#"{"id":"Patient.nose","path":"Patient.nose","min":1}"#);
    let orphan = profile(
        "orphan",
        "http://x.org/StructureDefinition/none",
        r#"{"id":"Patient.name","path":"Patient.name","min":1}"#,
    );
    let circle = profile(
        "circle",
        "http://x.org/StructureDefinition/circle",
        r#"{"id":"Patient.name","path":"Patient.name","min":1}"#,
    );
    let empty = r#"{"resourceType":"StructureDefinition","url":"http://x.org/StructureDefinition/empty"}"#;
    let elements = r#"{"id":"Patient","path":"Patient"},{"id":"Patient.nose","path":"Patient.nose","min":1}"#;
    let snapshot = profile("unknown", PATIENT, elements).replace("\"differential\":{", "\"snapshot\":{");
    let cases: [(&str, Vec<u8>, &str, &str); 6] = [
        ("element", package(&[("a.json", &unknown)]), "unknown` at `Patient.nose`", "Patient.nose"),
        ("snapshot", package(&[("a.json", &snapshot)]), "unknown` at `Patient.nose`", "Patient.nose"),
        ("base", package(&[("a.json", &orphan)]), "orphan` at `Patient`: its base", "Patient"),
        ("circle", package(&[("a.json", &circle), ("b.json", &unknown)]), "circle` at `Patient`", "Patient"),
        ("nothing", package(&[("a.json", empty)]), "http://x.org/StructureDefinition/empty`", ""),
        ("torn", package(&[("a.json", &unknown[..200])]), "`a.json`: the file is not JSON", ""),
    ];
    for (name, archive, text, element) in cases {
        let answer = upload(&server, "secret", &archive);
        let issues = answer.json()["issue"].clone();
        assert_eq!((answer.status, answer.codes()[0].as_str()), (422, "package-unusable"), "{name}: {issues}");
        assert!(rules(&issues).contains(&"definition".to_owned()), "{name}: {issues}");
        let found = issues.as_array().unwrap().iter().any(|issue| {
            issue["details"]["text"].as_str().unwrap().contains(text)
                && (element.is_empty() || issue["expression"] == json!([element]))
        });
        assert!(found, "{name}: {issues}");
    }
    let answer = upload(&server, "secret", &package(&[]));
    assert_eq!((answer.status, answer.codes()), (422, vec!["package-unusable".to_owned()]));
    let left = std::fs::read_dir(folder.path().join("uploads")).unwrap().count();
    assert_eq!((left, server.get("/packages").body), (0, before));
}

#[test]
fn a_package_with_some_faults_is_taken_and_lists_them() {
    let folder = tempfile::tempdir().unwrap();
    let server = self::server(folder.path());
    let elements: Vec<String> =
        (0..150).map(|i| format!(r#"{{"id":"Patient.nose{i}","path":"Patient.nose{i}","min":1}}"#)).collect();
    let faulty: Vec<(String, String)> = elements
        .chunks(15)
        .enumerate()
        .map(|(i, e)| (format!("f{i}.json"), profile(&format!("f{i}"), PATIENT, &e.join(","))))
        .collect();
    let expression =
        r#"{"path":"Patient","constraint":[{"key":"x-1","severity":"error","human":"x","expression":"name.where("}]}"#;
    let broken = profile("broken", PATIENT, expression);
    let good = profile("good", PATIENT, r#"{"id":"Patient.name","path":"Patient.name","min":1}"#);
    let mut files: Vec<(&str, &str)> = faulty.iter().map(|(name, text)| (&**name, &**text)).collect();
    files.extend([("broken.json", &*broken), ("good.json", &*good), ("torn.json", "{")]);
    let answer = upload(&server, "secret", &package(&files));
    assert_eq!(answer.status, 201, "{}", String::from_utf8_lossy(&answer.body));
    let check = |server: &Server| {
        let schema = server.get("/schema/package.json").json();
        let one = server.get("/packages/x.test/1.0.0").json();
        assert!(jsonschema::is_valid(&schema, &one), "{one}");
        assert_eq!(one["issueCount"], 152, "{one}");
        let issues = one["issues"].as_array().unwrap();
        assert_eq!(issues.len(), 100);
        assert!(issues.iter().all(|i| i["severity"] == "error"));
        let list = server.get("/packages").json();
        let listed = list["packages"].as_array().unwrap().iter().find(|p| p["id"] == "x.test").unwrap().clone();
        assert_eq!((&listed["issueCount"], listed["issues"].as_array().unwrap().len()), (&json!(152), 10));
        issues.clone()
    };
    let issues = check(&server);
    let is_told = |rule: &str, definition: &str| {
        issues.iter().any(|i| i["rule"] == rule && i["definition"].as_str().unwrap().ends_with(definition))
    };
    assert!(is_told("invariant-broken", "broken") && is_told("definition", "/f0"), "{issues:?}");
    let valid = r#"{"resourceType":"Patient","name":[{"family":"A"}]}"#;
    let url = "/$validate?profile=http://x.org/StructureDefinition/good";
    assert_eq!(server.post(url, valid).verdict(), "valid");
    drop(server);
    let again = self::server(folder.path());
    assert_eq!(check(&again), issues);
}

#[test]
fn archives_that_are_cut_off_anywhere_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let server = self::server(folder.path());
    let whole = archive("x.test", "1.0.0", "a");
    for cut in (0..whole.len()).step_by(7) {
        let answer = upload(&server, "secret", &whole[..cut]);
        assert_eq!(answer.status, 422, "{cut}: {}", String::from_utf8_lossy(&answer.body));
    }
    assert_eq!(std::fs::read_dir(folder.path().join("uploads")).map_or(0, |d| d.count()), 0);
    assert_eq!(upload(&server, "secret", &whole).status, 201);
}
