//! Deleting uploaded packages.

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use serde_json::{Value, json};

use crate::packages::{archive, pack, upload};
use crate::program::Process;
use crate::support::{Server, config, on, serve_with, store_in};
use crate::unusable::{loader, profile};

fn delete(server: &Server, path: &str) -> (u16, Value) {
    let answer = server.ask_as("secret", "DELETE", path, "");
    (answer.status, answer.json())
}

fn names(server: &Server) -> Vec<String> {
    server.until_ready();
    let list = server.get("/packages").json();
    let name = |p: &Value| format!("{}#{}", p["id"].as_str().unwrap(), p["version"].as_str().unwrap());
    list["packages"].as_array().unwrap().iter().map(name).collect()
}

/// The versions of the value set that the test packages define.
fn versions(server: &Server) -> Vec<String> {
    let found = server.get("/ValueSet?url=http://x.org/ValueSet/colours").json();
    let entries = found["entry"].as_array().cloned().unwrap_or_default();
    let mut all: Vec<String> = entries.iter().map(|e| e["resource"]["version"].as_str().unwrap().to_owned()).collect();
    all.sort();
    all
}

#[test]
fn deleted_packages_are_gone_at_once_and_after_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let server = on(folder.path());
    for (id, version) in [("x.test", "1.0.0"), ("x.test", "1.1.0"), ("y.test", "2.0.0")] {
        assert_eq!(upload(&server, "secret", &archive(id, version, "a")).status, 201);
    }
    let listed = server.get("/packages/x.test").json();
    assert_eq!(listed["packages"].as_array().unwrap().len(), 2);
    for token in ["", "secre"] {
        let answer = server.ask_as(token, "DELETE", "/packages/x.test/1.0.0", "");
        let scheme = "Bearer error=\"invalid_token\"";
        assert_eq!((answer.status, answer.header("www-authenticate")), (401, Some(scheme)));
    }
    assert_eq!(versions(&server).len(), 3);
    let gone = json!({"deleted": ["x.test#1.0.0"], "absentFor": []});
    assert!(jsonschema::is_valid(&server.get("/schema/deleted.json").json(), &gone));
    assert_eq!(delete(&server, "/packages/x.test/1.0.0"), (200, gone));
    assert_eq!(versions(&server), ["1.1.0", "2.0.0"]);
    assert_eq!(server.get("/packages/x.test/1.0.0").status, 404);
    assert_eq!(server.get("/packages/x.test/1.0.0/ValueSet/colours").status, 404);
    assert_eq!(delete(&server, "/packages/x.test/1.0.0").0, 404);
    drop(server);
    let server = on(folder.path());
    server.until_ready();
    assert_eq!(versions(&server), ["1.1.0", "2.0.0"]);
    // What is gone may come again, with another content too.
    assert_eq!(upload(&server, "secret", &archive("x.test", "1.0.0", "b")).status, 201);
    assert_eq!(server.get("/packages/x.test/1.0.0/ValueSet/colours").json()["title"], "b");
    let (status, answer) = delete(&server, "/packages/x.test");
    assert_eq!((status, &answer["deleted"]), (200, &json!(["x.test#1.0.0", "x.test#1.1.0"])));
    assert_eq!((names(&server), server.get("/packages/x.test").status), (vec!["y.test#2.0.0".to_owned()], 404));
    assert_eq!(delete(&server, "/packages/x.test").0, 404);
    drop(server);
    let server = on(folder.path());
    assert_eq!(names(&server), ["y.test#2.0.0"]);
    assert_eq!(std::fs::read_dir(folder.path().join("uploads")).unwrap().count(), 2);
}

#[test]
fn garbage_deletes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let server = on(folder.path());
    assert_eq!(upload(&server, "secret", &archive("x.test", "1.0.0", "a")).status, 201);
    let long = format!("/packages/{}/1", "x".repeat(4000));
    let garbage = [
        "/packages/x.test%231.0.0",
        "/packages/x.test/%2e%2e",
        "/packages/..%2F..%2Fetc/passwd",
        "/packages/%00/%00",
        "/packages/X.TEST/1.0.0",
        "/packages/x.test/1.0.0%00",
        "/packages/x.test/1",
        "/packages/*/*",
        "/packages/%FF/%FE",
        "/packages//",
        "/packages/x.test/",
        "/packages/x.test/1.0.0/ValueSet/colours",
        &long,
    ];
    for path in garbage {
        let status = server.ask_as("secret", "DELETE", path, "").status;
        assert!((400..=405).contains(&status), "{path}: {status}");
    }
    assert_eq!(server.ask_as("secret", "DELETE", "/packages", "").status, 405);
    assert_eq!(names(&server), ["x.test#1.0.0"]);
    assert_eq!(crate::support::shared().ask("DELETE", "/packages/x/1", &[], b"").codes(), ["switched-off"]);
}

/// A service with the core package of R4 and what was uploaded to a data folder.
fn real(folder: &Path) -> Server {
    let server = serve_with(config(json!({}), Some("secret")), store_in(folder), Box::new(loader()));
    server.until_ready();
    server
}

/// `base.test`, and `above.test`, whose profile is derived from that of the other.
fn chain() -> [Vec<u8>; 2] {
    let core = r#""hl7.fhir.r4.core":"4.0.1""#;
    let manifest = |id: &str, dependencies: &str| {
        format!(r#"{{"name":"{id}","version":"1.0.0","fhirVersions":["4.0.1"],"dependencies":{{{dependencies}}}}}"#)
    };
    let base = profile(
        "base",
        "http://hl7.org/fhir/StructureDefinition/Patient",
        r#"{"id":"Patient.name","path":"Patient.name","min":1}"#,
    );
    let above = profile(
        "above",
        "http://x.org/StructureDefinition/base",
        r#"{"id":"Patient.gender","path":"Patient.gender","min":1}"#,
    );
    [
        pack(&[("package/package.json", &manifest("base.test", core)), ("package/base.json", &base)]),
        pack(&[
            ("package/package.json", &manifest("above.test", &format!(r#"{core},"base.test":"1.0.0""#))),
            ("package/above.json", &above),
        ]),
    ]
}

const BASE: &str = "/$validate?profile=http://x.org/StructureDefinition/base";
const ABOVE: &str = "/$validate?profile=http://x.org/StructureDefinition/above";
const PATIENT: &str = r#"{"resourceType":"Patient","gender":"male"}"#;

#[test]
fn what_others_depend_on_is_deleted_and_told() {
    let folder = tempfile::tempdir().unwrap();
    let server = real(folder.path());
    for archive in chain() {
        let answer = upload(&server, "secret", &archive);
        assert_eq!(answer.status, 201, "{}", String::from_utf8_lossy(&answer.body));
        assert_eq!((&answer.json()["absent"], &answer.json()["issueCount"]), (&json!([]), &json!(0)));
    }
    assert_eq!(server.post(BASE, PATIENT).verdict(), "invalid");
    assert_eq!(server.post(ABOVE, PATIENT).verdict(), "invalid");
    let name_of = |element: &serde_json::Value| element["path"] == "Patient.name";
    let snapshot = |server: &Server| {
        let above = server.get("/StructureDefinition/above").json();
        above["snapshot"]["element"]
            .as_array()
            .and_then(|all| all.iter().find(|e| name_of(e)))
            .map(|e| e["min"].clone())
    };
    assert_eq!(snapshot(&server), Some(json!(1)));
    assert_eq!(delete(&server, "/packages/hl7.fhir.r4.core/4.0.1").0, 409);
    assert_eq!(delete(&server, "/packages/hl7.fhir.r4.core").0, 409);
    let gone = json!({"deleted": ["base.test#1.0.0"], "absentFor": ["above.test#1.0.0"]});
    assert_eq!(delete(&server, "/packages/base.test/1.0.0"), (200, gone));
    let check = |server: &Server| {
        assert_eq!(snapshot(server), None, "there is nothing to make it from any more");
        let unknown = server.post(BASE, PATIENT);
        assert_eq!((unknown.status, unknown.codes()), (422, vec!["profile-unknown".to_owned()]));
        assert_eq!(server.get("/StructureDefinition/base").status, 404);
        assert_eq!(server.get("/StructureDefinition?url=http://x.org/StructureDefinition/base").json()["total"], 0);
        // What rests on it is open now.
        assert_eq!(server.post(ABOVE, PATIENT).verdict(), "undetermined");
        let above = server.get("/packages/above.test/1.0.0").json();
        assert_eq!(above["absent"], json!(["base.test#1.0.0"]));
        assert_eq!((&above["issues"][0]["rule"], above["issueCount"].as_u64()), (&json!("definition"), Some(1)));
        assert!(above["issues"][0]["text"].as_str().unwrap().contains("is not loaded"), "{above}");
    };
    check(&server);
    drop(server);
    let server = real(folder.path());
    check(&server);
    // It comes back, and all is as it was: also one that depends on what is missing can be uploaded.
    let [base, above] = chain();
    assert_eq!(upload(&server, "secret", &base).status, 201);
    assert_eq!(server.post(ABOVE, PATIENT).verdict(), "invalid");
    assert_eq!(server.get("/packages/above.test/1.0.0").json()["issueCount"], 0);
    assert_eq!(snapshot(&server), Some(json!(1)));
    assert_eq!(delete(&server, "/packages/base.test").0, 200);
    assert_eq!(delete(&server, "/packages/above.test").0, 200);
    let lonely = upload(&server, "secret", &above);
    assert_eq!((lonely.status, &lonely.json()["absent"]), (201, &json!(["base.test#1.0.0"])));
}

/// Validations go on while the package of their profile is deleted and uploaded again: each has a verdict by the one
/// set of packages or by the other.
#[test]
fn deleting_races_with_validations() {
    let folder = tempfile::tempdir().unwrap();
    let server = real(folder.path());
    let [base, _] = chain();
    assert_eq!(upload(&server, "secret", &base).status, 201);
    let stop = AtomicBool::new(false);
    let (known, unknown) = std::thread::scope(|scope| {
        let validate = || {
            let mut seen = (0, 0);
            while !stop.load(Ordering::SeqCst) {
                let answer = server.post(BASE, PATIENT);
                match answer.status {
                    200 => {
                        assert_eq!(answer.verdict(), "invalid");
                        seen.0 += 1;
                    }
                    422 => {
                        assert_eq!(answer.codes(), ["profile-unknown"]);
                        seen.1 += 1;
                    }
                    other => panic!("{other}: {}", String::from_utf8_lossy(&answer.body)),
                }
                let read = server.get("/StructureDefinition/base");
                assert!([200, 404].contains(&read.status), "{}", String::from_utf8_lossy(&read.body));
            }
            seen
        };
        let threads: Vec<_> = (0..3).map(|_| scope.spawn(validate)).collect();
        for _ in 0..8 {
            // Two at once: one of them deletes it.
            let two: Vec<_> = (0..2).map(|_| scope.spawn(|| delete(&server, "/packages/base.test/1.0.0").0)).collect();
            let mut two: Vec<u16> = two.into_iter().map(|t| t.join().unwrap()).collect();
            two.sort_unstable();
            assert_eq!(two, [200, 404]);
            assert_eq!(upload(&server, "secret", &base).status, 201);
        }
        stop.store(true, Ordering::SeqCst);
        threads.into_iter().map(|t| t.join().unwrap()).fold((0, 0), |a, b| (a.0 + b.0, a.1 + b.1))
    });
    assert!(known > 0, "{known} {unknown}");
}

#[test]
fn what_was_acknowledged_as_deleted_outlives_kills() {
    let folder = tempfile::tempdir().unwrap();
    let options = ["--store", "redb"];
    let (mut there, mut killed) = (Vec::new(), Process::with(folder.path(), &options));
    for round in 0..4 {
        let version = format!("{round}.0.0");
        let body = archive("x.test", &version, "a");
        let answer = killed.as_admin("POST", "/packages", &body);
        assert_eq!(answer.status, 201, "{}", String::from_utf8_lossy(&answer.body));
        there.push(version);
        if round % 2 == 1 {
            let version = there.remove(0);
            let path = format!("/packages/x.test/{version}");
            assert_eq!(killed.as_admin("DELETE", &path, "").status, 200);
        }
        killed.kill();
        killed = Process::with(folder.path(), &options);
        for _ in 0..600 {
            if killed.get("/health/ready").status == 200 {
                break;
            }
            std::thread::sleep(std::time::Duration::from_millis(50));
        }
        let listed = killed.get("/packages/x.test").json();
        let found = listed["packages"].as_array().unwrap().iter().map(|p| p["version"].as_str().unwrap().to_owned());
        let mut found: Vec<String> = found.collect();
        found.sort();
        assert_eq!(found, there, "round {round}");
    }
}
