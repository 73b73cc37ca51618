//! Exit codes: 0 nothing to object to, 1 invalid, 2 undetermined, 3 could not run; of several the worst.

use crate::support::{INVALID, OPEN, PATIENT, WARNED, accord, accord_reading, folder, path};

fn code(text: &str, options: &[&str]) -> i32 {
    let arguments: Vec<&str> = ["validate", "-"].iter().chain(options).copied().collect();
    accord_reading(text.as_bytes(), &arguments).code
}

#[test]
fn a_valid_instance_gives_0() {
    assert_eq!(code(PATIENT, &[]), 0);
    assert_eq!(code(PATIENT, &["--fail-on", "warning"]), 0);
    assert_eq!(code(PATIENT, &["--fail-on", "undetermined"]), 0);
}

#[test]
fn an_error_gives_1() {
    for fail_on in ["error", "warning", "undetermined"] {
        assert_eq!(code(INVALID, &["--fail-on", fail_on]), 1);
    }
}

#[test]
fn a_warning_gives_1_where_it_is_asked_for() {
    assert_eq!(code(WARNED, &[]), 0);
    assert_eq!(code(WARNED, &["--fail-on", "undetermined"]), 0);
    assert_eq!(code(WARNED, &["--fail-on", "warning"]), 1);
}

#[test]
fn an_open_question_gives_2_where_it_is_asked_for() {
    assert_eq!(code(OPEN, &[]), 0);
    assert_eq!(code(OPEN, &["--fail-on", "undetermined"]), 2);
    assert_eq!(
        code(OPEN, &["--fail-on", "warning"]),
        2,
        "the warning that an open question makes counts for 2, not for 1"
    );
}

#[test]
fn what_cannot_run_gives_3_and_the_way_out() {
    let missing = accord(&["validate", "no/such/file.json"]).ended(3);
    assert!(missing.err.starts_with("error: could not read `no/such/file.json`"), "{}", missing.err);
    let package = accord(&["validate", "examples/us-core-patient.json", "--package", "test.nowhere#1.0.0"]).ended(3);
    assert!(
        package.err.contains("`test.nowhere#1.0.0` not found")
            && package.err.contains("`accord package add test.nowhere#1.0.0`"),
        "{}",
        package.err
    );
    let profile =
        accord(&["validate", "examples/us-core-patient.json", "--profile", "http://nobody.test/profile"]).ended(3);
    assert!(
        profile.err.contains("unknown profile `http://nobody.test/profile`") && profile.err.contains("--package"),
        "{}",
        profile.err
    );
    let version = accord(&["validate", "examples/us-core-patient.json", "--fhir-version", "R9"]).ended(3);
    assert!(version.err.contains("`R9`"), "{}", version.err);
}

#[test]
fn a_command_line_that_is_not_understood_gives_3_not_2() {
    accord(&["validate"]).ended(3);
    accord(&["validate", "x.json", "--no-such-option"]).ended(3);
    accord(&["no-such-command"]).ended(3);
    accord(&["--help"]).ended(0);
    accord(&["--version"]).ended(0);
}

#[test]
fn of_several_files_the_worst_counts() {
    let files = folder(&[
        ("valid.json", PATIENT.as_bytes()),
        ("open.json", OPEN.as_bytes()),
        ("invalid.json", INVALID.as_bytes()),
    ]);
    let [valid, open, invalid] = ["valid.json", "open.json", "invalid.json"].map(|n| path(&files, n));
    let run = |names: &[&str]| {
        accord(&["validate", "--fail-on", "undetermined"].iter().chain(names).copied().collect::<Vec<_>>())
    };
    run(&[&valid, &open]).ended(2);
    run(&[&open, &invalid, &valid]).ended(1);
    let all = run(&[&open, "no/such.json", &invalid]).ended(3);
    assert!(all.out.contains("invalid.json: invalid"), "what can be read is validated all the same: {}", all.out);
}

#[test]
fn a_folder_without_an_instance_gives_3() {
    let files = folder(&[("notes.txt", b"nothing")]);
    let run = accord(&["validate", files.path().to_str().unwrap()]).ended(3);
    assert!(run.err.contains("contains no instances"), "{}", run.err);
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let lines = format!("{INVALID}\n").repeat(2_000);
    let files = folder(&[("a.ndjson", lines.as_bytes())]);
    let mut child = crate::support::command(&["validate", &path(&files, "a.ndjson"), "--format", "ndjson"])
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), String::from_utf8(output.stderr).unwrap()), (Some(0), String::new()));
}
