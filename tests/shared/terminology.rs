//! Codes asked of a terminology server that sends recorded answers (`tx-replay` of the shared folder).

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;

use fhir_accord::app::{App, Request, Settings};
use fhir_accord::profiles::issue::{RuleId, Verdict};
use fhir_accord::remote::terminology::{self, TerminologyServer, TerminologyUrl};
use serde_json::{Value, json};

use crate::harness::{Test, shared, tests};

pub const TESTS: &[Test] = tests! { "tx-replay/serve.py tx-replay/entries.jsonl" => recorded_answers; };

/// The server, which ends with its owner.
struct Replay {
    child: Child,
    base: String,
}

impl Replay {
    fn start(version: &str) -> Replay {
        let mut child = Command::new("python3")
            .arg(shared().join("tx-replay/serve.py"))
            .args(["--version", version, "--port", "0"])
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let base = line.trim().strip_prefix("listening on ").unwrap_or_else(|| panic!("{line}")).to_owned();
        Replay { child, base }
    }
}

impl Drop for Replay {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn recorded_answers() {
    let replay = Replay::start("4.0.1");
    let url = TerminologyUrl::parse(&replay.base).unwrap();
    let server = TerminologyServer::new(url, terminology::Settings::default()).unwrap();
    let packages = vec!["hl7.fhir.r4.core#4.0.1".to_owned()];
    let app = App::open(&Settings { packages, ..Settings::default() }).unwrap().with_answerer(Arc::new(server));
    let tagged = |coding: Value| {
        let patient = json!({"resourceType": "Patient", "meta": {"tag": [coding]}});
        let report = app.validate(patient.to_string().as_bytes(), &Request::default()).unwrap();
        (report.verdict, report.issues.iter().map(|i| i.rule).collect::<Vec<RuleId>>())
    };
    let loinc = |code: &str, display: &str| json!({"system": "http://loinc.org", "code": code, "display": display});
    assert_eq!(tagged(loinc("29463-7", "Body weight")), (Verdict::Valid, vec![]));
    // Never recorded: open.
    assert_eq!(tagged(loinc("0-0", "x")), (Verdict::Undetermined, vec![RuleId::TERMINOLOGY_SERVER]));
    let mut judged = 0;
    for line in std::fs::read_to_string(shared().join("tx-replay/entries.jsonl")).unwrap().lines() {
        let entry: Value = serde_json::from_str(line).unwrap();
        let (asked, result) = (&entry["request"], &entry["result"]);
        let (coding, issues) = (&asked["code"]["coding"][0], result["issues"].to_string());
        let is_alone = asked["code"]["coding"].as_array().is_some_and(|c| c.len() == 1);
        let of_system = !asked["url"].is_string() && !asked["valueSet"].is_object();
        // In another language other displays are right.
        let in_english = asked["langs"].as_str().is_some_and(|l| l.starts_with("en"));
        let is_large = coding["system"] == "http://loinc.org" || coding["system"] == "http://snomed.info/sct";
        if !(is_alone && of_system && in_english && is_large) || issues.contains("\"not-found\"") {
            continue;
        }
        let wrong = match () {
            () if result["severity"] != "error" => None,
            () if issues.contains("\"invalid-code\"") => Some(RuleId::CODE_UNKNOWN),
            () => Some(RuleId::DISPLAY),
        };
        let inactive = Some(RuleId::CODE_INACTIVE).filter(|_| result["inactive"] == true);
        let (_, rules) = tagged(coding.clone());
        assert_eq!(rules, inactive.into_iter().chain(wrong).collect::<Vec<_>>(), "{coding}");
        judged += 1;
    }
    assert!(judged > 100, "{judged}");
}
