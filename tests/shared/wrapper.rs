//! The examples of a guide through the interface of HL7's validator-wrapper, beside the command line.

use std::io::Read;
use std::process::Command;

use flate2::read::GzDecoder;
use serde_json::{Value, json};

use crate::harness::{Test, shared, tests};
use crate::program::Process;

const US_CORE: &str = "packages/hl7.fhir.us.core-6.1.0.tgz";
const PACKAGE: &str = "hl7.fhir.us.core#6.1.0";

pub const TESTS: &[Test] = tests! { US_CORE => the_verdicts_are_those_of_the_command_line; };

/// The examples of the package, by file name.
fn examples() -> Vec<(String, String)> {
    let mut archive = tar::Archive::new(GzDecoder::new(std::fs::File::open(shared().join(US_CORE)).unwrap()));
    let mut all = Vec::new();
    for entry in archive.entries().unwrap() {
        let mut entry = entry.unwrap();
        let path = entry.path().unwrap().to_string_lossy().into_owned();
        let Some(name) = path.strip_prefix("package/example/").filter(|name| name.ends_with(".json")) else { continue };
        let mut text = String::new();
        entry.read_to_string(&mut text).unwrap();
        all.push((name.to_owned(), text));
    }
    all.sort();
    all
}

fn is_error(issue: &Value) -> bool {
    issue["level"] == "ERROR" || issue["level"] == "FATAL"
}

fn the_verdicts_are_those_of_the_command_line() {
    let examples = examples();
    assert!(examples.len() > 50, "{}", examples.len());
    let folder = tempfile::tempdir().unwrap();
    let process = Process::start(folder.path());
    let context = json!({"sv": "4.0.1", "igs": [PACKAGE], "extensions": ["any"], "allowExampleUrls": true});
    let outcomes = examples.chunks(10).flat_map(|part| {
        let file = |(name, text): &(String, String)| json!({"fileName": name, "fileContent": text});
        let files: Vec<Value> = part.iter().map(file).collect();
        let answer = process.post("/validate", &json!({"cliContext": context, "filesToValidate": files}).to_string());
        assert_eq!(answer.status, 200, "{}", String::from_utf8_lossy(&answer.body));
        answer.json()["outcomes"].as_array().unwrap().clone()
    });
    let outcomes: Vec<Value> = outcomes.collect();
    let inputs = tempfile::tempdir().unwrap();
    examples.iter().for_each(|(name, text)| std::fs::write(inputs.path().join(name), text).unwrap());
    let mut command = Command::new(env!("CARGO_BIN_EXE_accord"));
    command.args(["validate", "--quiet", "--format", "ndjson", "--preset", "hl7", "--package", PACKAGE]);
    let lines = String::from_utf8(command.arg(inputs.path()).output().unwrap().stdout).unwrap();
    let lines: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!((outcomes.len(), lines.len()), (examples.len(), examples.len()));
    for line in &lines {
        let source = line["source"].as_str().unwrap();
        let at = examples.iter().position(|(name, _)| source.ends_with(name)).unwrap();
        let issues = outcomes[at]["issues"].as_array().unwrap();
        let is_open = issues.iter().any(|i| i["message"].as_str().is_some_and(|text| text.starts_with("undetermined")));
        let verdict = match (issues.iter().any(is_error), is_open) {
            (true, _) => "invalid",
            (false, true) => "undetermined",
            (false, false) => "valid",
        };
        assert_eq!(line["verdict"], verdict, "{source}: {issues:?}");
    }
}
