//! `accord serve` as a process: started, killed, damaged, stopped.

use std::process::Command;

use crate::program::Process;
use crate::support::PATIENT;

const NEGOTIATION: &str = r#"{"client":"ig:hl7.fhir.us.core#6.1.0","server":"ig:hl7.fhir.us.core#6.1.0"}"#;

#[test]
fn memory_outlives_kills_and_damage() {
    let folder = tempfile::tempdir().unwrap();
    let first = Process::start(folder.path());
    let answer = first.as_admin("POST", "/negotiate", NEGOTIATION);
    assert_eq!(answer.status, 200, "{}", String::from_utf8_lossy(&answer.body));
    let place = answer.header("content-location").unwrap().to_owned();
    first.kill();
    let second = Process::start(folder.path());
    assert_eq!(second.get(&place).body, answer.body);
    assert_eq!(second.post("/negotiate", NEGOTIATION).body, answer.body);
    second.kill();
    std::fs::write(folder.path().join("store/db"), b"damaged").unwrap();
    let third = Process::start(folder.path());
    assert_eq!(third.get(&place).body, answer.body);
    let found = third
        .get("/StructureDefinition?url=http://hl7.org/fhir/us/core/StructureDefinition/us-core-patient&version=6.1.0");
    assert_eq!(found.json()["total"], 1);
    let log = third.kill();
    assert!(log.contains("not closed properly"), "{log}");
}

/// A client that wants to read patients and their history, of a server that has no history.
fn negotiation(more: &str) -> String {
    let statement = |kind: &str, mode: &str, codes: &[&str]| {
        let interactions: Vec<_> = codes.iter().map(|c| serde_json::json!({"code": c})).collect();
        serde_json::json!({"resourceType": "CapabilityStatement", "kind": kind, "fhirVersion": "4.0.1",
            "format": ["json"], "rest": [{"mode": mode, "resource": [{"type": "Patient",
                "interaction": interactions}]}]})
    };
    format!(
        r#"{{"client":{},"server":{}{more}}}"#,
        statement("requirements", "client", &["read", "history-instance"]),
        statement("instance", "server", &["read"])
    )
}

#[test]
fn a_request_names_a_policy_of_the_operator() {
    let folder = tempfile::tempdir().unwrap();
    let policies = folder.path().join("policies");
    std::fs::create_dir(&policies).unwrap();
    let write = |name: &str, text: &str| std::fs::write(policies.join(name), text).unwrap();
    let accepting = r#"const SETTINGS = #{ registration: "patient/Patient.r" }; fn weigh(f) { if f.item == "history-instance" { "accept" } }"#;
    write("lenient.rhai", accepting);
    write("second.rhai", accepting);
    write("broken.rhai", "fn weigh(f) { f.nothing }");
    let data = folder.path().join("data");
    let options = ["--policy", policies.to_str().unwrap()];
    let process = Process::with(&data, &options);
    let ask = |process: &Process, more: &str| {
        let answer = process.as_admin("POST", "/negotiate", negotiation(more));
        assert_eq!(answer.status, 200, "{}", String::from_utf8_lossy(&answer.body));
        assert_eq!(process.get(answer.header("content-location").unwrap()).body, answer.body);
        answer.json()
    };
    let plain = ask(&process, "");
    let lenient = ask(&process, r#","policyScript":"lenient""#);
    assert_eq!((plain["verdict"].as_str(), lenient["verdict"].as_str()), (Some("incompatible"), Some("compatible")));
    assert_eq!(
        (lenient["policy"]["file"].as_str(), lenient["policy"]["changes"].as_array().unwrap().len()),
        (Some("lenient.rhai"), 1)
    );
    let second = ask(&process, r#","policyScript":"second""#);
    assert_eq!(second["policy"]["file"], "second.rhai");
    assert!(lenient["id"] != plain["id"] && second["id"] != lenient["id"]);
    // The settings are those of the script where the request says nothing.
    let outcomes = |more: &str| ask(&process, &format!(r#","scope":"patient/Patient.rs"{more}"#))["scopes"].clone();
    let same = r#","policy":{"registration":"patient/Patient.r"}"#;
    assert_eq!(outcomes(r#","policyScript":"lenient""#), outcomes(same));
    assert_eq!(
        outcomes(r#","policyScript":"lenient","policy":{"registration":"patient/Patient.rs"}"#),
        outcomes(r#","policy":{"registration":"patient/Patient.rs"}"#)
    );
    assert_ne!(outcomes(same), outcomes(r#","policy":{"registration":"patient/Patient.rs"}"#));
    let failed = ask(&process, r#","policyScript":"broken""#);
    let issue =
        failed["issues"].as_array().unwrap().iter().find(|i| i["rule"] == "policy-script-failed").cloned().unwrap();
    assert!(issue["text"].as_str().unwrap().starts_with("broken.rhai:1:"), "{issue}");
    assert!(!failed.to_string().contains(policies.to_str().unwrap()), "the folder is the operator's alone");
    for (more, pointer, says) in [
        (
            r#","policyScript":"other""#,
            "/policyScript",
            "unknown policy `other`; known policies: `broken`, `lenient`, `second`",
        ),
        (r#","policyScript":"../policies/lenient""#, "/policyScript", "unknown policy"),
        (r#","policyScript":"lenient.rhai""#, "/policyScript", "unknown policy"),
        (r#","packages":["a.b#1","/etc/passwd"]"#, "/packages/1", "is a path"),
    ] {
        let answer = process.post("/negotiate", &negotiation(more));
        let issue = answer.json()["issue"][0].clone();
        assert_eq!((answer.status, issue["extension"][0]["valueString"].as_str()), (422, Some(pointer)), "{issue}");
        assert!(issue["details"]["text"].as_str().unwrap().contains(says), "{issue}");
    }
    assert_eq!(process.post("/negotiate", &negotiation(r#","policyScript":{"text":"fn weigh(f) {}"}"#)).status, 422);
    process.kill();
    write("lenient.rhai", &format!("{accepting} // changed"));
    let process = Process::with(&data, &options);
    assert_ne!(ask(&process, r#","policyScript":"lenient""#)["id"], lenient["id"]);
    assert_eq!(
        process.get(&format!("/negotiate/{}", lenient["id"].as_str().unwrap())).json(),
        lenient,
        "what was negotiated stays"
    );
    process.kill();
    let none = Process::start(&data);
    let answer = none.post("/negotiate", &negotiation(r#","policyScript":"lenient""#));
    assert!((answer.status, answer.json().to_string().contains("this service has no policies")) == (422, true));
}

#[test]
fn no_patient_data_is_logged() {
    let folder = tempfile::tempdir().unwrap();
    let mut process = Process::start(folder.path());
    let secret = PATIENT.replace("p1", "secret-id").replace("female", "secret-value");
    assert_eq!(
        process
            .post("/Patient/secret-id/$validate?profile=http://hl7.org/fhir/StructureDefinition/Patient", &secret)
            .verdict(),
        "invalid"
    );
    assert_eq!(process.post("/Patient/secret-other/$validate", &secret).status, 400);
    assert_eq!(process.post("/$validate?secret-name=secret-value", &secret).status, 400);
    process.child.kill().unwrap();
    let log = process.logged();
    assert!(log.contains("id-mismatch") && !log.contains("secret"), "{log}");
}

#[cfg(unix)]
#[test]
fn a_signal_stops_it_in_order() {
    let folder = tempfile::tempdir().unwrap();
    let mut process = Process::start(folder.path());
    assert_eq!(process.post("/$validate", PATIENT).verdict(), "valid");
    let second = Command::new(env!("CARGO_BIN_EXE_accord"))
        .args(["serve", "--listen", "127.0.0.1:0", "--data"])
        .arg(folder.path())
        .output()
        .unwrap();
    assert_eq!(second.status.code(), Some(3));
    assert!(String::from_utf8_lossy(&second.stderr).contains("in use by another process"));
    Command::new("kill").args(["-TERM", &process.child.id().to_string()]).status().unwrap();
    assert_eq!(process.child.wait().unwrap().code(), Some(0));
    assert!(process.logged().contains("stopped"));
}
