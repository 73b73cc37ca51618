//! `accord validate --baseline`: only new issues count.

use tempfile::TempDir;

use crate::support::{INVALID, PATIENT, Run, command, folder};

fn within(folder: &TempDir, arguments: &[&str]) -> Run {
    Run::of(command(&[&["validate"], arguments].concat()).current_dir(folder.path()).output().unwrap())
}

const LINES: &str = "{\"resourceType\":\"Patient\",\"id\":\"1\",\"gender\":\"x\"}\n\
                     {\"resourceType\":\"Patient\",\"id\":\"2\",\"gender\":\"y\"}\n";

fn project() -> TempDir {
    let files = [
        ("a.json", INVALID.as_bytes()),
        ("b/lines.ndjson", LINES.as_bytes()),
        ("accord.toml", b"baseline = \"known/issues.json\""),
    ];
    let project = folder(&files);
    std::fs::create_dir(project.path().join("known")).unwrap();
    project
}

fn read(project: &TempDir) -> String {
    std::fs::read_to_string(project.path().join("known/issues.json")).unwrap()
}

#[test]
fn known_issues_do_not_fail_and_new_ones_do() {
    let project = project();
    let run = within(&project, &["a.json"]).ended(3);
    assert!(run.err.contains("there is no such baseline; write one with --update-baseline"), "{run:?}");
    let run = within(&project, &["a.json", "b", "--update-baseline"]).ended(0);
    assert!(run.err.contains("baseline: 3 issues are known now"), "{run:?}");
    let first = read(&project);
    let run = within(&project, &["a.json", "b"]).ended(0);
    assert!(run.out.contains("settings: 1 in the baseline; without them: invalid"), "{run:?}");
    let moved = format!("\n{{\"resourceType\":\"Patient\",\"id\":\"0\"}}\n{LINES}");
    std::fs::write(project.path().join("b/lines.ndjson"), &moved).unwrap();
    within(&project, &["b"]).ended(0);
    let new = moved.replace("\"id\":\"0\"", "\"id\":\"0\",\"gender\":\"z\"");
    std::fs::write(project.path().join("b/lines.ndjson"), new).unwrap();
    let run = within(&project, &["b"]).ended(1);
    assert_eq!(run.out.matches("[binding-required]").count(), 1, "{run:?}");
    let whole = project.path().join("a.json").display().to_string();
    within(&project, &[&whole]).ended(0);
    assert_eq!(read(&project), first, "only --update-baseline writes");
}

#[test]
fn what_is_gone_is_told_and_leaves_with_an_update() {
    let project = project();
    within(&project, &["a.json", "b", "--update-baseline"]).ended(0);
    std::fs::write(project.path().join("a.json"), PATIENT).unwrap();
    std::fs::write(project.path().join("b/lines.ndjson"), LINES.lines().next().unwrap()).unwrap();
    let run = within(&project, &["a.json", "b"]).ended(0);
    assert_eq!(run.err.matches("gone since the baseline: ").count(), 2, "{run:?}");
    assert!(run.err.contains(" ../b/lines.ndjson#Patient/2: binding-required Patient.gender"), "{run:?}");
    within(&project, &["a.json", "--update-baseline"]).ended(0);
    let text = read(&project);
    assert!(!text.contains("a.json") && text.contains("Patient/1") && text.contains("Patient/2"), "{text}");
    within(&project, &["b", "--update-baseline"]).ended(0);
    assert!(!read(&project).contains("Patient/2"));
}

#[test]
fn the_baseline_is_no_input_of_its_folder() {
    let project = project();
    within(&project, &[".", "--baseline", "k.json", "--update-baseline"]).ended(0);
    let run = within(&project, &[".", "--baseline", "k.json"]).ended(0);
    assert!(run.err.contains("not looked at: the baseline") && !run.out.contains("k.json"), "{run:?}");
    within(&project, &["k.json", "--baseline", "k.json"]).ended(1);
}

#[test]
fn a_text_that_ends_early_stays_open() {
    let project = project();
    std::fs::write(project.path().join("a.json"), &INVALID[..30]).unwrap();
    within(&project, &["a.json", "--update-baseline"]).ended(0);
    let run = within(&project, &["a.json", "--fail-on", "undetermined"]).ended(2);
    assert!(run.out.starts_with("a.json: undetermined\n"), "{run:?}");
}

#[test]
fn limits_are_never_known() {
    let project = project();
    let limited = ["a.json", "--limit", "visits=1"];
    within(&project, &[&limited[..], &["--update-baseline"]].concat()).ended(0);
    assert!(!read(&project).contains("limit-"), "{}", read(&project));
    within(&project, &[&limited[..], &["--fail-on", "undetermined"]].concat()).ended(2);
}

#[test]
fn a_broken_baseline_is_never_overwritten() {
    let project = project();
    within(&project, &["a.json", "--update-baseline"]).ended(0);
    let path = project.path().join("known/issues.json");
    let cut = &read(&project)[..40];
    std::fs::write(&path, cut).unwrap();
    for arguments in [&["a.json"][..], &["a.json", "--update-baseline"]] {
        let run = within(&project, arguments).ended(3);
        assert!(run.err.contains("not a whole baseline"), "{run:?}");
    }
    assert_eq!(read(&project), cut);
    let run = within(&project, &["a.json", "none.json", "--baseline", "new.json", "--update-baseline"]).ended(3);
    assert!(run.err.contains("the baseline was not written"), "{run:?}");
    assert!(!project.path().join("new.json").exists());
}

#[test]
fn a_baseline_that_cannot_be_written_is_an_error_and_the_result_is_there() {
    let project = project();
    let run = within(&project, &["a.json", "--baseline", "none/x.json", "--update-baseline", "-o", "out.txt"]).ended(3);
    assert!(run.err.contains("none/x.json`: the baseline could not be written"), "{run:?}");
    assert!(std::fs::read_to_string(project.path().join("out.txt")).unwrap().starts_with("a.json: valid"));
}

#[test]
fn the_same_inputs_give_the_same_bytes() {
    let project = project();
    let all: String = (0..500).map(|i| LINES.replace("\"id\":\"", &format!("\"id\":\"{i}-"))).collect();
    std::fs::write(project.path().join("b/lines.ndjson"), all).unwrap();
    within(&project, &["a.json", "b", "--update-baseline", "--jobs", "1"]).ended(0);
    let first = read(&project);
    std::fs::remove_file(project.path().join("known/issues.json")).unwrap();
    within(&project, &["b", "a.json", "--update-baseline", "--jobs", "7"]).ended(0);
    assert_eq!(read(&project), first);
}
