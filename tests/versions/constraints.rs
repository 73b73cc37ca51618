//! The constraints of DSTU2, which its definitions state in XPath: each with an instance that holds it and one that
//! breaks it.

use std::collections::BTreeSet;

use fhir_accord::profiles::evaluate::{Level, Policies};
use fhir_accord::profiles::issue::Report;
use serde_json::Value;

use crate::judged::{both, files};
use crate::open;

const TABLE: &str = include_str!("../../profiles/facts/dstu2.constraints.tsv");

/// Whether a report says that the constraint is broken, or that what has a rule of its own is.
fn told(report: &Report, constraint: &Value) -> bool {
    let key = constraint["key"].as_str().unwrap();
    let rule = constraint["rule"].as_str();
    report.issues.iter().any(|i| !i.open && (i.constraint.as_deref() == Some(key) || rule == Some(i.rule.as_str())))
}

#[test]
fn each_is_held_and_broken() {
    let guides = ["hl7.fhir.us.daf#1.0.2".to_owned(), "fhir.argonaut.r2#1.0.0".to_owned()];
    let app = open(&guides);
    let (mut seen, mut wrong) = (BTreeSet::new(), Vec::new());
    for (_, file) in files("dstu2/constraints") {
        for constraint in file.as_array().unwrap() {
            let (key, fingerprint) = (constraint["key"].as_str().unwrap(), constraint["fingerprint"].as_str().unwrap());
            seen.insert(format!("{key}\t{fingerprint}"));
            if constraint.get("unasked").is_some() {
                continue;
            }
            let mut policies = Policies::default();
            if constraint.get("best_practice").is_some() {
                policies.best_practice = Level::Warn;
            }
            let with_definition = constraint.get("definition").map(|definition| {
                let folder = tempfile::tempdir().unwrap();
                std::fs::write(folder.path().join("definition.json"), definition.to_string()).unwrap();
                let mut packages = guides.to_vec();
                packages.push(folder.path().display().to_string());
                open(&packages)
            });
            let app = with_definition.as_ref().unwrap_or(&app);
            for (member, broken) in [("holds", false), ("breaks", true)] {
                for (report, form) in both(app, &constraint[member], &policies).iter().zip(["JSON", "XML"]) {
                    if told(report, constraint) != broken {
                        let issues: Vec<&str> = report.issues.iter().map(|i| i.text.as_str()).collect();
                        wrong.push(format!("{key} {fingerprint} {member} in {form}: {issues:?}"));
                    }
                }
            }
        }
    }
    let listed = TABLE.lines().filter(|line| !line.starts_with('#'));
    let listed: BTreeSet<String> =
        listed.map(|line| line.splitn(3, '\t').take(2).collect::<Vec<_>>().join("\t")).collect();
    assert_eq!(seen, listed, "each constraint has instances");
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}
