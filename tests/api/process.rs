//! `accord serve` as a process: started, killed, damaged, stopped.

use std::io::{BufRead, BufReader, Read};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use crate::support::{Answer, PATIENT, ask};

/// The program, serving on a data folder.
struct Process {
    child: Child,
    address: SocketAddr,
}

impl Process {
    fn start(folder: &Path) -> Process {
        let mut child = Command::new(env!("CARGO_BIN_EXE_accord"))
            .args(["serve", "--listen", "127.0.0.1:0", "--workers", "1", "--data"])
            .arg(folder)
            .env("ACCORD_ADMIN_TOKEN", "secret")
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let address = line.trim().strip_prefix("listening on http://").unwrap_or_else(|| panic!("{line}")).parse().unwrap();
        Process { child, address }
    }

    fn post(&self, path: &str, body: &str) -> Answer {
        ask(self.address, "POST", path, &[("content-type", "application/json")], body.as_bytes())
    }

    fn get(&self, path: &str) -> Answer {
        ask(self.address, "GET", path, &[], b"")
    }

    /// Ends it at once; gives what it logged.
    fn kill(mut self) -> String {
        self.child.kill().unwrap();
        self.logged()
    }

    fn logged(&mut self) -> String {
        let mut log = String::new();
        self.child.stderr.take().unwrap().read_to_string(&mut log).unwrap();
        log
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

const NEGOTIATION: &str = r#"{"client":"ig:hl7.fhir.us.core#6.1.0","server":"ig:hl7.fhir.us.core#6.1.0"}"#;

#[test]
fn memory_outlives_kills_and_damage() {
    let folder = tempfile::tempdir().unwrap();
    let first = Process::start(folder.path());
    let answer = first.post("/negotiate", NEGOTIATION);
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
    let found = third.get("/StructureDefinition?url=http://hl7.org/fhir/us/core/StructureDefinition/us-core-patient&version=6.1.0");
    assert_eq!(found.json()["total"], 1);
    let log = third.kill();
    assert!(log.contains("negotiations.log"), "{log}");
}

#[test]
fn no_patient_data_is_logged() {
    let folder = tempfile::tempdir().unwrap();
    let mut process = Process::start(folder.path());
    let secret = PATIENT.replace("p1", "secret-id").replace("female", "secret-value");
    assert_eq!(process.post("/Patient/secret-id/$validate?profile=http://hl7.org/fhir/StructureDefinition/Patient", &secret).verdict(), "invalid");
    assert_eq!(process.post("/Patient/secret-other/$validate", &secret).status, 400);
    assert_eq!(process.post("/$validate?secret-name=secret-value", &secret).status, 400);
    process.child.kill().unwrap();
    let log = process.logged();
    assert!(log.contains("id-mismatch") && !log.contains("secret"), "{log}");
}

/// An official package, where the shared folder is here.
fn shared_package(name: &str) -> Option<Vec<u8>> {
    let root = std::env::var_os("ACCORD_SHARED").map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared"), PathBuf::from);
    std::fs::read(root.join("packages").join(name)).ok()
}

#[test]
fn an_uploaded_guide_is_validated_against() {
    let Some(archive) = shared_package("hl7.fhir.uv.ipa-1.0.0.tgz").or_else(|| shared_package("hl7.fhir.uv.ipa-1.1.0.tgz")) else {
        println!("not here");
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let path = "/$validate?profile=http://hl7.org/fhir/uv/ipa/StructureDefinition/ipa-patient";
    let process = Process::start(folder.path());
    assert_eq!(process.post(path, PATIENT).status, 422);
    let answer = ask(process.address, "POST", "/packages", &[("content-type", "application/gzip"), ("authorization", "Bearer secret")], &archive);
    assert_eq!(answer.status, 201, "{}", String::from_utf8_lossy(&answer.body));
    assert_eq!(process.post(path, PATIENT).verdict(), "invalid");
    process.kill();
    let process = Process::start(folder.path());
    assert_eq!(process.post(path, PATIENT).verdict(), "invalid");
    assert_eq!(process.get("/StructureDefinition/ipa-patient").json()["url"], "http://hl7.org/fhir/uv/ipa/StructureDefinition/ipa-patient");
}

#[cfg(unix)]
#[test]
fn a_signal_stops_it_in_order() {
    let folder = tempfile::tempdir().unwrap();
    let mut process = Process::start(folder.path());
    assert_eq!(process.post("/$validate", PATIENT).verdict(), "valid");
    let second = Command::new(env!("CARGO_BIN_EXE_accord")).args(["serve", "--listen", "127.0.0.1:0", "--data"]).arg(folder.path()).output().unwrap();
    assert_eq!(second.status.code(), Some(3));
    assert!(String::from_utf8_lossy(&second.stderr).contains("in use by another process"));
    Command::new("kill").args(["-TERM", &process.child.id().to_string()]).status().unwrap();
    assert_eq!(process.child.wait().unwrap().code(), Some(0));
    assert!(process.logged().contains("stopped"));
}
