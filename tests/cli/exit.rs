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

/// The exit code of a command whose output nobody reads, which says nothing of it.
fn unread(arguments: &[&str]) -> Option<i32> {
    let mut child = crate::support::command(arguments)
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(!said.contains("error") && !said.contains("panicked"), "{said}");
    output.status.code()
}

#[test]
fn where_the_reader_goes_away_the_verdict_so_far_decides() {
    let lines = |text: &str| format!("{text}\n").repeat(20_000);
    let [invalid, valid] = [lines(INVALID), lines(PATIENT)];
    let files =
        folder(&[("a.ndjson", invalid.as_bytes()), ("b.ndjson", valid.as_bytes()), ("c.json", PATIENT.as_bytes())]);
    assert_eq!(unread(&["validate", &path(&files, "a.ndjson")]), Some(1));
    assert_eq!(unread(&["validate", &path(&files, "b.ndjson")]), Some(141), "the rest was not examined");
    assert_eq!(unread(&["validate", &path(&files, "c.json")]), Some(0), "all of it was examined");
}

#[test]
fn the_program_by_itself_gives_its_help() {
    let run = accord(&[]).ended(0);
    assert!(run.out.contains("Usage: ") && run.out.contains("validate") && run.err.is_empty(), "{run:?}");
}

#[test]
fn the_version_names_commit_and_packages() {
    let run = accord(&["--version"]).ended(0);
    let first = run.out.lines().next().unwrap();
    assert!(first.starts_with(concat!("accord ", env!("CARGO_PKG_VERSION"), " (commit ")), "{first}");
    assert!(run.out.contains("\n  hl7.fhir.us.core#6.1.0 (FHIR R4)\n"), "{}", run.out);
}

#[test]
fn control_characters_steer_no_terminal() {
    let steering = |text: &str| text.contains(|c: char| c.is_control() && c != '\n' && c != '\t' || c == '\u{202e}');
    let value = "a\u{1b}[2J\u{9b}31m\u{7f}\u{202e}b";
    let escaped = serde_json::to_string(value).unwrap();
    let text =
        format!(r#"{{"resourceType":"Patient","gender":{escaped},"name":[{{"family":{escaped}}}],{escaped}:1}}"#);
    let files = folder(&[("p.json", text.as_bytes()), ("a\u{1b}[2Jb.json", text.as_bytes()), ("c\u{9b}.txt", b"")]);
    for format in ["text", "json", "ndjson"] {
        let run = accord(&["validate", files.path().to_str().unwrap(), "--format", format, "--verbose"]).ended(1);
        assert!(!steering(&run.out) && !steering(&run.err), "{run:?}");
    }
    let file = path(&files, "p.json");
    for arguments in [
        &["fhirpath", "Patient.gender | Patient.name.family", &file][..],
        &["fhirpath", "Patient.gender | Patient.name.family", &file, "--format", "json"],
        &["fhirpath", "Patient.gender.trace('a')", &file],
        &["scope", "explain", value],
        &["scope", "covers", "--granted", value, "--requested", value],
        &["validate", value],
        &["explain", value],
        &[value],
    ] {
        let run = accord(arguments);
        assert!(!steering(&run.out) && !steering(&run.err), "{run:?}");
    }
}
