//! The specification's own examples: each error in them is in a ledger, with whether it is right and why.

use std::collections::BTreeMap;
use std::path::PathBuf;

use fhir_accord::app::{App, Settings};
use fhir_accord_profiles::definition::FhirVersion;
use fhir_accord_profiles::evaluate::{Memory, Policies};
use fhir_accord_profiles::issue::{Issue, Report, Verdict};

use crate::archive::members;
use crate::harness::{Test, repository, shared, tests};
use crate::ledger::{Entry, Form, Ledger};

pub const TESTS: &[Test] = tests! {
    "examples/r2.tgz" => dstu2;
    "examples/r3.tgz" => stu3;
    "examples/r4.tgz" => r4;
    "examples/r5.tgz packages/hl7.fhir.r5.core-5.0.0.tgz" => r5;
};

/// The engine over the core package of a version: the embedded one, else the published archive.
pub fn core(version: FhirVersion) -> App {
    let package = match version {
        FhirVersion::R4b | FhirVersion::R5 => {
            let name = format!("{}-{}.tgz", version.core_package(), version.number());
            shared().join("packages").join(name).display().to_string()
        }
        _ => format!("{}#{}", version.core_package(), version.number()),
    };
    let images = Some(PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("examples"));
    App::open(&Settings { fhir_version: Some(version), packages: vec![package], images, ..Settings::default() })
        .unwrap()
}

/// The rule of an error, with the key of a constraint.
fn rule(issue: &Issue) -> String {
    let key = issue.constraint.as_deref().filter(|_| issue.rule.as_str() == "invariant");
    key.map_or_else(|| issue.rule.as_str().to_owned(), |key| format!("{} {key}", issue.rule.as_str()))
}

/// A place without its numbers.
fn numberless(place: &str) -> String {
    let mut parts = place.split('[');
    let mut out = parts.next().unwrap().to_owned();
    for part in parts {
        out += "[*";
        out += part.trim_start_matches(|c: char| c.is_ascii_digit());
    }
    out
}

/// The places of one rule: those that are the same but for their numbers once, with how many they are.
fn listed(places: &[String]) -> String {
    let mut kinds: BTreeMap<String, Vec<&String>> = BTreeMap::new();
    for place in places {
        kinds.entry(numberless(place)).or_default().push(place);
    }
    let text = |(kind, places): (&String, &Vec<&String>)| match places[..] {
        [only] => only.clone(),
        _ => format!("{kind} x{}", places.len()),
    };
    kinds.iter().map(text).collect::<Vec<_>>().join(" ")
}

/// Enters the errors of an example.
fn enter(seen: &mut Ledger, example: &str, report: &Report) {
    let errors: Vec<&Issue> = report.issues.iter().filter(|i| i.severity.is_error()).collect();
    assert_eq!(errors.len() as u64, report.tally.errors, "{example}: errors that are not listed");
    let mut rules: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for issue in errors {
        rules.entry(rule(issue)).or_default().push(issue.expression.clone());
    }
    for (rule, places) in rules {
        seen.put(&format!("{example} {rule}"), Entry::Differ(listed(&places)));
    }
}

/// Validates the examples of a version as the official validator would.
fn examples(version: FhirVersion, name: &str) {
    let app = core(version);
    let policies = Policies { issues: 10_000, ..Policies::hl7() };
    let (evaluator, mut memory) = (app.evaluator(), Memory::default());
    let mut seen = Ledger::default();
    let mut verdicts = [0; 3];
    for (file, text) in members(&shared().join(format!("examples/{name}.tgz"))) {
        let report = app.check(&evaluator, &text, &[], &policies, None, &mut memory);
        let at = [Verdict::Valid, Verdict::Invalid, Verdict::Undetermined].iter().position(|v| *v == report.verdict);
        verdicts[at.unwrap()] += 1;
        enter(&mut seen, file.trim_end_matches(".json"), &report);
    }
    let [valid, invalid, undetermined] = verdicts;
    let all = valid + invalid + undetermined;
    let counts = format!("{all}: {valid} valid, {invalid} invalid, {undetermined} undetermined");
    println!("examples of {name}: {counts}");
    seen.put("examples", Entry::Counted(counts));
    let path = repository().join(format!("tests/conformance/examples-{name}.ledger"));
    seen.hold(&path, &Form { head: HEAD, kinds: &["right", "wrong"] });
}

fn dstu2() {
    examples(FhirVersion::Dstu2, "r2");
}

fn stu3() {
    examples(FhirVersion::Stu3, "r3");
}

fn r4() {
    examples(FhirVersion::R4, "r4");
}

fn r5() {
    examples(FhirVersion::R5, "r5");
}

const HEAD: &str = "\
# The errors in the specification's own examples, columns separated by tabs: example and rule (with the key of a
# constraint), `differ`, the places, and whether the error is right (the example is wrong) or wrong (to be fixed), and
# why. Several places that are the same but for the numbers stand once, as `[*]`, with their number.
";
