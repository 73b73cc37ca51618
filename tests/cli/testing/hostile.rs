//! Folders that hold anything.

use serde_json::json;

use super::{guide, pupil, put, result, tested};
use crate::support::accord;

#[test]
fn garbage_is_told_and_costs_nothing_else() {
    let folder = guide();
    put(&folder, "tests/noise.json", b"\x00\xff{{{");
    put(&folder, "tests/empty.json", b"");
    put(&folder, "tests/list.json", b"[1, 2]");
    put(&folder, "tests/other.xml", b"<html/>");
    put(&folder, "tests/cut.json", &pupil(json!({})).as_bytes()[..200]);
    let report = tested(&folder, &["-q", "--no-mutants", "--format", "json"]).ended(1).json();
    assert_eq!(result(&report, "cut.json"), "failed");
    let faults = report["faults"].as_array().unwrap();
    assert!(faults.iter().any(|f| f.as_str().unwrap().contains("noise.json")), "{faults:?}");
    assert_eq!(report["tests"]["passed"], 8);
}

#[test]
fn expectations_that_do_not_fit_are_faults() {
    let folder = guide();
    put(&folder, "tests/expected/Patient-gone.expected.json", r#"{"verdict":"invalid"}"#);
    let run = tested(&folder, &["-q", "--no-mutants"]).ended(1);
    assert!(run.out.contains("there is no instance `Patient-gone`"), "{run:?}");
    let folder = guide();
    put(&folder, "fsh-generated/resources/Patient-pupil-without-class.expected.json", r#"{"verdict":"invalid"}"#);
    let run = tested(&folder, &["-q", "--no-mutants"]).ended(1);
    assert!(run.out.contains("two expectations"), "{run:?}");
    let folder = guide();
    put(&folder, "tests/expected/Patient-ida.expected.json", r#"{"verdict":"valid","#);
    let run = tested(&folder, &["-q", "--no-mutants"]).ended(1);
    assert!(run.out.contains("Patient-ida.expected.json`: it is not JSON"), "{run:?}");
    let kept = super::text(&folder, "tests/expected/Patient-ida.expected.json");
    tested(&folder, &["-q", "--no-mutants", "--update"]).ended(1);
    assert_eq!(super::text(&folder, "tests/expected/Patient-ida.expected.json"), kept, "a person's file is not lost");
}

#[cfg(unix)]
#[test]
fn links_to_folders_are_not_followed() {
    let folder = guide();
    std::os::unix::fs::symlink(folder.path(), folder.path().join("tests/circle")).unwrap();
    std::os::unix::fs::symlink("/no/such/file", folder.path().join("tests/Patient-lost.json")).unwrap();
    let run = tested(&folder, &["--no-mutants"]).ended(1);
    assert!(run.err.contains("links to folders, which are not followed: 1"), "{run:?}");
    assert!(run.out.contains("could not read `tests/Patient-lost.json`"), "{run:?}");
}

#[test]
fn what_is_no_guide_is_refused() {
    let folder = tempfile::TempDir::new().unwrap();
    assert!(tested(&folder, &[]).ended(3).err.contains("contains no instances"));
    assert!(accord(&["test", "/no/such/folder"]).ended(3).err.contains("/no/such/folder"));
    assert!(accord(&["test", "README.md"]).ended(3).err.contains("is no guide"));
    put(&folder, "bad.tgz", b"not an archive");
    let bad = folder.path().join("bad.tgz").to_string_lossy().into_owned();
    accord(&["test", &bad]).ended(3);
}

#[test]
fn many_and_deep_instances_are_judged() {
    let folder = guide();
    for n in 0..500 {
        put(&folder, &format!("tests/many/p{n}.json"), pupil(json!({"id": format!("p{n}")})));
    }
    let deep = format!("{}{}", r#"{"resourceType":"Patient","contact":["#, "[".repeat(100_000));
    put(&folder, "tests/deep.json", deep);
    let run = tested(&folder, &["-q", "--format", "json"]);
    assert!(run.code == 1 || run.code == 3, "{run:?}");
    let report = run.json();
    assert_eq!(report["tests"]["passed"], 508);
    assert_ne!(result(&report, "deep.json"), "passed");
}
