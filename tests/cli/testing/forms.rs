//! The forms of the report.

use std::fs;

use super::{guide, put, tested};

#[test]
fn junit_has_a_case_for_each_instance_and_rule() {
    let folder = guide();
    put(&folder, "tests/Patient-bad.json", br#"{"resourceType":"Patient","birthDate":"<&\u0007"}"#);
    let run = tested(&folder, &["-q", "--format", "junit"]).ended(1);
    let mut reader = quick_xml::Reader::from_str(&run.out);
    let (mut cases, mut failures) = (0, 0);
    loop {
        match reader.read_event().unwrap() {
            quick_xml::events::Event::Eof => break,
            quick_xml::events::Event::Start(e) | quick_xml::events::Event::Empty(e) => match e.name().as_ref() {
                b"testcase" => cases += 1,
                b"failure" => failures += 1,
                _ => {}
            },
            _ => {}
        }
    }
    assert_eq!(failures, 1);
    assert!(cases > 50, "{cases}");
}

#[test]
fn a_summary_is_markdown_without_foreign_markup() {
    let folder = guide();
    put(&folder, "tests/Patient-<b>|x.json", br#"{"resourceType":"Patient","gender":"<img>|[a](b)"}"#);
    let file = folder.path().join("summary.md");
    tested(&folder, &["-q", "--summary", &file.to_string_lossy()]).ended(1);
    let text = fs::read_to_string(&file).unwrap();
    assert!(text.contains("| passed | failed |") && text.contains("\n| pupil |"), "{text}");
    assert!(!text.contains("<img>") && !text.contains("[a](b)"), "{text}");
}

#[test]
fn threads_change_nothing() {
    let folder = guide();
    let one = tested(&folder, &["-q", "--format", "json", "--jobs", "1"]).ended(0).out;
    assert_eq!(tested(&folder, &["-q", "--format", "json", "--jobs", "8"]).ended(0).out, one);
    let text = tested(&folder, &["--verbose"]).ended(0).out;
    assert!(text.contains("mutation score: ") && !text.contains("--verbose lists all"), "{text}");
}
