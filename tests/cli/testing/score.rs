//! Coverage and mutation score.

use serde_json::{Value, json};

use super::{guide, pupil, put, tested};

fn profile<'r>(report: &'r Value, id: &str) -> &'r Value {
    report["profiles"].as_array().unwrap().iter().find(|p| p["id"] == id).unwrap()
}

fn missing(report: &Value, id: &str, part: &str) -> Vec<String> {
    let parts = profile(report, id)["coverage"]["parts"].as_array().unwrap();
    let part = parts.iter().find(|p| p["name"] == part).unwrap();
    part["missing"].as_array().unwrap().iter().map(|m| m.as_str().unwrap().to_owned()).collect()
}

#[test]
fn coverage_names_what_no_example_shows() {
    let folder = guide();
    let report = tested(&folder, &["-q", "--format", "json"]).ended(0).json();
    assert_eq!(missing(&report, "pupil", "must support"), ["Patient.identifier:insurance"]);
    assert_eq!(missing(&report, "fever", "slices"), ["Observation.component:morning"]);
    assert_eq!(missing(&report, "fever", "types of choices").len(), 2);
    assert_eq!(missing(&report, "pupil", "invariants that fail"), [""; 0]);
    let both = json!([{"system": "https://accord.example/school/pupil-number", "value": "1"},
        {"system": "https://accord.example/school/insurance", "value": "2"}]);
    put(&folder, "tests/both.json", pupil(json!({"identifier": both})));
    let report = tested(&folder, &["-q", "--format", "json"]).ended(0).json();
    assert_eq!(missing(&report, "pupil", "must support"), [""; 0]);
    assert_eq!(profile(&report, "pupil")["coverage"]["examples"], 2);
}

#[test]
fn what_is_not_valid_shows_nothing() {
    let folder = guide();
    let wrong = json!({"identifier": [{"system": "https://accord.example/school/insurance", "value": "2"}]});
    put(&folder, "tests/invalid/wrong.json", pupil(wrong));
    let report = tested(&folder, &["-q", "--no-mutants", "--format", "json"]).ended(0).json();
    assert_eq!(missing(&report, "pupil", "must support"), ["Patient.identifier:insurance"]);
}

#[test]
fn every_kept_mutant_is_a_negative_test_that_notices_its_rule() {
    let folder = guide();
    let kept = folder.path().join("tests/kept");
    let before =
        tested(&folder, &["-q", "--format", "json", "--write-mutants", &kept.to_string_lossy()]).ended(0).json();
    let totals = &before["totals"];
    assert!(totals["mutants"].as_u64() > totals["noticed"].as_u64(), "{totals}");
    let after = tested(&folder, &["-q", "--format", "json", "--min-mutation-score", "100"]).ended(0).json();
    assert_eq!(after["totals"]["mutationScore"], 100.0);
    assert_eq!(after["totals"]["mutants"], totals["mutants"]);
    assert_eq!(after["tests"]["failed"], 0);
    let files = std::fs::read_dir(kept.join("pupil")).unwrap().count();
    assert_eq!(files % 2, 0, "each mutant has its expectation");
}

#[test]
fn a_rule_is_noticed_by_who_names_it() {
    let folder = guide();
    put(&folder, "tests/no-birth.json", pupil(json!({"birthDate": null})));
    let noticed = |expectation: &str| {
        put(&folder, "tests/no-birth.expected.json", expectation);
        let report = tested(&folder, &["-q", "--format", "json"]).ended(0).json();
        let rules = profile(&report, "pupil")["rules"]["noticed"].as_array().unwrap().clone();
        rules.iter().any(|r| r["element"] == "Patient.birthDate")
    };
    assert!(noticed(r#"{"verdict":"invalid","must":[{"rule":"element-min","element":"Patient.birthDate"}]}"#));
    assert!(!noticed(r#"{"verdict":"invalid","others":"allow"}"#));
}

#[test]
fn what_has_no_mutant_counts_for_nothing_and_says_why() {
    let folder = guide();
    let report = tested(&folder, &["-q", "--format", "json"]).ended(0).json();
    let unmade = profile(&report, "pupil")["rules"]["unmade"].as_array().unwrap().clone();
    assert!(unmade.iter().all(|r| r["mutant"]["none"]["reason"].as_str().unwrap().contains("tells which entries")));
    let counted: usize = report["profiles"]
        .as_array()
        .unwrap()
        .iter()
        .map(|p| p["rules"]["noticed"].as_array().unwrap().len() + p["rules"]["unnoticed"].as_array().unwrap().len())
        .sum();
    assert_eq!(report["totals"]["mutants"], counted);
}

#[test]
fn bounds_leave_the_score_open() {
    let folder = guide();
    let run = tested(&folder, &["--max-mutants", "0", "--min-mutation-score", "0", "--format", "json"]).ended(1);
    assert_eq!(run.json()["totals"]["mutationScore"], Value::Null);
    let run = tested(&folder, &["-q", "--max-mutants", "18", "--min-mutation-score", "0", "--format", "json"]).ended(2);
    assert!(run.json()["totals"]["notExamined"].as_u64() > Some(0), "{run:?}");
    assert!(run.err.contains("undetermined"), "{run:?}");
    tested(&folder, &["-q", "--min-coverage", "99"]).ended(1);
    tested(&folder, &["-q", "--min-coverage", "10%"]).ended(0);
    tested(&folder, &["-q", "--min-coverage", "101"]).ended(3);
    tested(&folder, &["-q", "--max-inputs", "2"]).ended(3);
}
