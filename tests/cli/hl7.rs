//! `accord hl7`: the command line of HL7's validator.

use crate::support::{accord, folder, path};

const VALID: &str = "examples/us-core-patient.json";
const INVALID: &str = "examples/us-core-patient-invalid.json";
const US_CORE: [&str; 7] = ["hl7", "-version", "4.0.1", "-ig", "hl7.fhir.us.core#6.1.0", "-tx", "n/a"];

fn us_core(more: &[&str]) -> crate::support::Run {
    accord(&[&US_CORE[..], more].concat())
}

#[test]
fn the_summary_and_the_exit_code_are_those_of_the_official_validator() {
    let run = us_core(&[VALID, "-allow-example-urls", "true"]).ended(0);
    assert!(run.out.starts_with("Success: 0 errors, "), "{run:?}");
    let run = us_core(&[INVALID, "-allow-example-urls", "true"]).ended(1);
    assert!(run.out.starts_with("*FAILURE*: 4 errors, "), "{run:?}");
    assert!(run.out.contains("\n  Error @ Patient.gender (line 9, col"), "{run:?}");
}

#[test]
fn several_inputs_have_their_frames() {
    let run = us_core(&[VALID, INVALID, "-level", "errors", "-allow-example-urls"]).ended(1);
    let frames: Vec<&str> = run.out.lines().filter(|line| line.starts_with("-- ")).collect();
    assert_eq!(frames.len(), 2, "{run:?}");
    assert!(run.out.contains("Success: 0 errors, 0 warnings, 1 notes\n  Information: All OK\n---"), "{run:?}");
}

#[test]
fn the_result_goes_to_a_file_in_the_form_of_its_name() {
    let dir = folder(&[]);
    let (json, xml) = (path(&dir, "o.json"), path(&dir, "o.xml"));
    us_core(&[INVALID, "-output", &json]).ended(1);
    let outcome: serde_json::Value = serde_json::from_slice(&std::fs::read(&json).unwrap()).unwrap();
    assert_eq!(
        (&outcome["resourceType"], &outcome["extension"][0]["valueString"]),
        (&"OperationOutcome".into(), &INVALID.into())
    );
    us_core(&[INVALID, VALID, "-output", &xml]).ended(1);
    let text = std::fs::read_to_string(&xml).unwrap();
    assert!(text.contains("<Bundle xmlns=\"http://hl7.org/fhir\">"), "{text}");
    assert_eq!(text.matches("<OperationOutcome").count(), 2, "{text}");
    let again = us_core(&[&json, "-output", &json]).ended(3);
    assert!(again.err.contains("input"), "{again:?}");
}

#[test]
fn folders_and_patterns_are_read() {
    let text = br#"{"resourceType":"Patient","active":true}"#;
    let dir = folder(&[("a.json", text), ("b.json", text), ("c.txt", b"no"), ("sub/d.json", b"{")]);
    let root = dir.path().to_string_lossy().into_owned();
    let run =
        |more: &[&str]| accord(&[&["hl7", "-version", "4.0", "-best-practice", "ignore", "-tx", "n/a"], more].concat());
    let of_folder = run(&[&root]).ended(0);
    assert_eq!(of_folder.out.matches("Success").count(), 2, "{of_folder:?}");
    assert!(of_folder.err.contains("1 files with other endings"), "{of_folder:?}");
    assert_eq!(
        run(&[&path(&dir, "a*.json")]).ended(0).out,
        "Success: 0 errors, 0 warnings, 1 notes\n  Information: All OK\n"
    );
    run(&[&root, "-recurse"]).ended(1);
    run(&[&path(&dir, "x*.json")]).ended(3);
}

#[test]
fn other_styles_are_written() {
    let run = us_core(&[INVALID, "-output-style", "csv", "-level", "errors"]).ended(1);
    assert!(run.out.starts_with("file, line, col, level, message\n"), "{run:?}");
    assert!(run.out.contains(&format!("{INVALID}, 9, ")), "{run:?}");
    let run = us_core(&[INVALID, "-output-style", "eslint-compact", "-level", "errors"]).ended(1);
    assert!(run.out.starts_with(&format!("{INVALID}: line 7, col18, Error - ")), "{run:?}");
}

#[test]
fn what_is_refused_is_named_and_nothing_is_validated() {
    for (arguments, says) in [
        (&["-no-invariants", VALID][..], "`-no-invariants` is not supported"),
        (&["-unheard-of", VALID], "`-unheard-of` is no option"),
        (&["https://a.test/p.json"], "is not fetched"),
        (&["-snapshot", VALID], "accord snapshot"),
        (&["-version", "9.0", VALID], "`9.0` is not a FHIR version"),
        (&["-profile", "http://nowhere.test/p", "-version", "4.0", VALID], "unknown profile `http://nowhere.test/p`"),
        (&["-ig", "nowhere.guide#1.0.0", VALID], "nowhere.guide"),
        (&["nowhere.json", "-version", "4.0"], "could not read"),
        (&["-tx", "n/a"], "nothing to validate"),
    ] {
        let run = accord(&[&["hl7"], arguments].concat()).ended(3);
        assert!(run.err.contains(says) && run.out.is_empty(), "{arguments:?}: {run:?}");
    }
}

#[test]
fn the_help_lists_what_becomes_of_each_option() {
    for arguments in [&["hl7", "-help"][..], &["hl7"], &["hl7", "--help"]] {
        let help = accord(arguments).ended(0).out;
        assert!(help.contains("Options that are refused:") && help.contains("-no-invariants"), "{help}");
    }
}

#[test]
fn what_is_open_is_a_warning_that_says_so() {
    let run =
        us_core(&["examples/us-core-patient-race.json", "-allow-example-urls", "-no-extensible-binding-warnings"]);
    let run = run.ended(0);
    assert!(run.out.contains("Warning @ ") && run.out.contains("undetermined: cannot determine"), "{run:?}");
}
