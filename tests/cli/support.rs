//! Runs the binary as a user does: in the project's folder, with folders of its own for packages and images.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::sync::OnceLock;

use serde_json::Value;
use tempfile::TempDir;

/// What one run gave.
#[derive(Debug)]
pub struct Run {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Run {
    /// What a process gave.
    pub fn of(output: Output) -> Run {
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("what the binary writes is UTF-8");
        Run {
            code: output.status.code().expect("the binary was not killed"),
            out: text(output.stdout),
            err: text(output.stderr),
        }
    }

    /// Standard output as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|e| panic!("{e}: {self:?}"))
    }

    /// Standard output as JSON lines.
    pub fn lines(&self) -> Vec<Value> {
        self.out.lines().map(|l| serde_json::from_str(l).unwrap_or_else(|e| panic!("{e}: {l}"))).collect()
    }

    /// The run, once it is known to have ended so.
    pub fn ended(self, code: i32) -> Run {
        assert_eq!(self.code, code, "{self:#?}");
        self
    }
}

/// The project's folder.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A home without packages, for all runs of this process.
fn home() -> &'static Path {
    static HOME: OnceLock<TempDir> = OnceLock::new();
    HOME.get_or_init(|| TempDir::new().unwrap()).path()
}

/// The binary with these arguments, not started.
pub fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_accord"));
    command.args(arguments).current_dir(root()).stdin(Stdio::null());
    command
        .env("HOME", home())
        .env_remove("XDG_DATA_HOME")
        .env_remove("XDG_CACHE_HOME")
        .env_remove("ACCORD_PACKAGES")
        .env_remove("ACCORD_TERMINOLOGY")
        .env_remove("ACCORD_ADMIN_TOKEN");
    command.env("ACCORD_IMAGES", home().join("images")).env_remove("RUST_BACKTRACE").env_remove("RUST_LOG");
    command
}

/// Runs the binary.
pub fn accord(arguments: &[&str]) -> Run {
    Run::of(command(arguments).output().unwrap())
}

/// Runs the binary with images in another folder.
pub fn accord_with_images(folder: &Path, arguments: &[&str]) -> Run {
    Run::of(command(arguments).env("ACCORD_IMAGES", folder).output().unwrap())
}

/// Runs the binary with a text on its standard input.
pub fn accord_reading(text: &[u8], arguments: &[&str]) -> Run {
    let mut child =
        command(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut input = child.stdin.take().unwrap();
    let text = text.to_vec();
    let writing = std::thread::spawn(move || drop(input.write_all(&text)));
    let output = child.wait_with_output().unwrap();
    writing.join().unwrap();
    Run::of(output)
}

/// A folder with these files.
pub fn folder(files: &[(&str, &[u8])]) -> TempDir {
    let folder = TempDir::new().unwrap();
    for (name, text) in files {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    folder
}

/// The path of a file in a folder, as text.
pub fn path(folder: &TempDir, name: &str) -> String {
    folder.path().join(name).to_string_lossy().into_owned()
}

/// The issues of an OperationOutcome as `severity rule expression`.
pub fn issues(outcome: &Value) -> Vec<String> {
    let text = |v: &Value| v.as_str().unwrap_or_default().to_owned();
    let issues = outcome["issue"].as_array().cloned().unwrap_or_default();
    issues
        .iter()
        .map(|i| {
            format!(
                "{} {} {}",
                text(&i["severity"]),
                text(&i["details"]["coding"][0]["code"]),
                text(&i["expression"][0])
            )
        })
        .collect()
}

/// The verdict of an OperationOutcome.
pub fn verdict(outcome: &Value) -> &str {
    outcome["meta"]["tag"][0]["code"].as_str().unwrap_or_default()
}

/// A `.tgz` of these entries, written as they are: paths are not looked at.
pub fn archive(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let mut builder = tar::Builder::new(flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default()));
    for (name, text) in entries {
        let mut header = tar::Header::new_gnu();
        header.as_gnu_mut().unwrap().name[..name.len()].copy_from_slice(name.as_bytes());
        header.set_size(text.len() as u64);
        header.set_mode(0o644);
        header.set_cksum();
        builder.append(&header, *text).unwrap();
    }
    builder.into_inner().unwrap().finish().unwrap()
}

/// A package with one profile, `http://guide.test/tall-patient`: a Patient that has a birthDate.
pub fn guide() -> Vec<u8> {
    let manifest = br#"{"name":"test.guide","version":"1.0.0","fhirVersions":["4.0.1"],"dependencies":{"hl7.fhir.r4.core":"4.0.1"}}"#;
    archive(&[
        ("package/package.json", manifest),
        ("package/StructureDefinition-tall-patient.json", PROFILE.as_bytes()),
    ])
}

/// The profile of [`guide`].
pub const PROFILE: &str = r#"{
  "resourceType": "StructureDefinition", "id": "tall-patient", "url": "http://guide.test/tall-patient", "version": "1.0.0", "name": "TallPatient",
  "status": "active", "fhirVersion": "4.0.1", "kind": "resource", "abstract": false, "type": "Patient",
  "baseDefinition": "http://hl7.org/fhir/StructureDefinition/Patient", "derivation": "constraint",
  "differential": {"element": [{"id": "Patient", "path": "Patient"}, {"id": "Patient.birthDate", "path": "Patient.birthDate", "min": 1}]}
}"#;

/// A Patient that nothing is wrong with.
pub const PATIENT: &str = r#"{"resourceType":"Patient","id":"p","text":{"status":"generated","div":"<div xmlns=\"http://www.w3.org/1999/xhtml\">p</div>"},"birthDate":"1987-04-12"}"#;
/// A Patient with one error.
pub const INVALID: &str = r#"{"resourceType":"Patient","id":"p","birthDate":"1987-02-30"}"#;
/// A Patient that claims a profile nobody knows.
pub const OPEN: &str = r#"{"resourceType":"Patient","id":"p","meta":{"profile":["http://nobody.test/profile"]}}"#;
/// A Patient with an example extension, which is a warning.
pub const WARNED: &str =
    r#"{"resourceType":"Patient","id":"p","extension":[{"url":"http://example.org/fhir/x","valueBoolean":true}]}"#;
