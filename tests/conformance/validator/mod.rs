//! The official validator's manifest against the engine as a library. `ACCORD_OUTCOMES=DIR` writes what was said of
//! each case as `DIR/<case key>.json`; a case that cannot be run yet is written as nothing. `ACCORD_TX=URL` asks a
//! terminology server, and leaves the ledgers alone.

mod apps;
mod cases;
mod definitions;
pub mod place;
mod settings;
mod verdict;

use std::path::PathBuf;

use fhir_accord::render::outcome;
use fhir_accord_profiles::definition::FhirVersion;
use serde_json::Value;

use apps::Apps;
use cases::Case;
use verdict::difference;

use crate::harness::{Test, repository, shared, suites, tests};
use crate::ledger::{Entry, Form, Ledger};

pub const TESTS: &[Test] = tests! {
    "packages fhir-test-cases/validator/manifest.json" => validator_r3, validator_r4, validator_r4b, validator_r5;
};

/// What a reason starts with; what follows in parentheses says more.
const KINDS: &[&str] = &["java-cascade", "java-wrong", "not-built", "we-are-wrong"];

const HEAD: &str = "\
# One case a line, columns separated by tabs: key, outcome, what differs or why it was skipped, why it differs.
# `-place`: an error recorded of the Java validator and not reported here; `+place(rule)`: the other way round.
# java-cascade: it follows from how the Java validator fails or from another finding of it, not from a rule.
# java-wrong: the specification says otherwise. not-built: the rule or the content is missing here.
# we-are-wrong: to be fixed.
";

fn validator_r3() {
    validator(FhirVersion::Stu3, "R3");
}

fn validator_r4() {
    validator(FhirVersion::R4, "R4");
}

fn validator_r4b() {
    validator(FhirVersion::R4b, "R4B");
}

fn validator_r5() {
    validator(FhirVersion::R5, "R5");
}

/// Runs the cases of a FHIR version, which the manifest calls by `name`.
fn validator(version: FhirVersion, name: &str) {
    let (suites, own) = suites();
    let folder = suites.join("validator");
    let cases = cases::load(&folder);
    let outcomes = std::env::var_os("ACCORD_OUTCOMES").map(PathBuf::from);
    if let Some(outcomes) = &outcomes {
        std::fs::create_dir_all(outcomes).unwrap();
    }
    let mut apps = Apps::new(version, &folder, &shared().join("packages"));
    let mut seen = Ledger::default();
    for case in cases.iter().filter(|c| c.version == name) {
        let entry = match run(case, &mut apps) {
            Ok(outcome) => {
                if let Some(outcomes) = &outcomes {
                    let text = serde_json::to_string_pretty(&outcome).unwrap();
                    std::fs::write(outcomes.join(format!("{}.json", case.key)), text).unwrap();
                }
                match difference(&case.truth, &outcome) {
                    None => Entry::Agree,
                    Some(difference) => Entry::Differ(difference),
                }
            }
            Err(reason) => Entry::Skipped(reason),
        };
        seen.put(&case.key, entry);
    }
    let (passed, failed, skipped) = seen.counts();
    println!("{}", apps.times());
    println!("validator-{}: {passed} passed, {failed} failed, {skipped} skipped", name.to_lowercase());
    if own && !apps::asks(version) {
        let path = format!("tests/conformance/validator-{}.ledger", name.to_lowercase());
        seen.hold(&repository().join(path), &Form { head: HEAD, kinds: KINDS });
    }
}

/// What the engine says of a case; the reason why it cannot be asked.
fn run(case: &Case, apps: &mut Apps) -> Result<Value, String> {
    if case.variant == "matchetype" {
        return Err(format!("variant {}", case.variant));
    }
    if !matches!(case.extension(), "json" | "xml") {
        return Err(format!("input in {}", case.extension()));
    }
    let policies = settings::policies(case);
    let report = apps.check(case, &policies)?;
    Ok(serde_json::to_value(outcome(&report, Some(&case.file))).unwrap())
}
