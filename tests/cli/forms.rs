//! The forms of the result for other programs: SARIF, JUnit XML, GitHub annotations, CSV; a page.

use quick_xml::Reader;
use quick_xml::events::Event;
use serde_json::Value;

use crate::support::{INVALID, OPEN, PATIENT, WARNED, accord, accord_reading, command, folder, path};

/// A value with characters that XML cannot have, that steer terminals, and that end commands and cells.
const HOSTILE: &str =
    r#"{"resourceType":"Patient","birthDate":"=1,\"\n\u0000\u001b[31m\u202e::error::]]>&<b>%{0}[a](b)"}"#;

fn inputs() -> tempfile::TempDir {
    let lines = format!("{PATIENT}\n\n{INVALID}\n");
    folder(&[
        ("in/a b#.json", HOSTILE.as_bytes()),
        ("in/lines.ndjson", lines.as_bytes()),
        ("in/open.json", OPEN.as_bytes()),
        ("in/warned.json", WARNED.as_bytes()),
    ])
}

/// What is written of the inputs in a form, in their folder.
fn written(format: &str, more: &[&str]) -> (i32, String) {
    let files = inputs();
    let arguments = [&["validate", "in", "missing.json", "--quiet", "--format", format][..], more].concat();
    let output = command(&arguments).current_dir(files.path()).output().unwrap();
    (output.status.code().unwrap(), String::from_utf8(output.stdout).unwrap())
}

fn sarif(more: &[&str]) -> Value {
    let (code, text) = written("sarif", more);
    assert_eq!(code, 3);
    assert!(text.ends_with("}\n") && !text.contains(['\u{1b}', '\u{202e}', '\u{0}']));
    serde_json::from_str(&text).unwrap()
}

#[test]
fn sarif_meets_its_schema() {
    let schema: Value = serde_json::from_str(include_str!("sarif.schema.json")).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    for more in [&["--level", "information"][..], &["--max-issues", "0"]] {
        let log = sarif(more);
        let faults: Vec<String> = validator.iter_errors(&log).map(|e| format!("{} {e}", e.instance_path())).collect();
        assert!(faults.is_empty(), "{faults:#?}");
    }
    let mut log = sarif(&[]);
    log["runs"][0]["results"][0]["kind"] = "failed".into();
    assert!(!validator.is_valid(&log), "the schema refuses what is wrong");
}

#[test]
fn sarif_tells_each_issue_with_its_rule_and_place() {
    let log = sarif(&[]);
    let run = &log["runs"][0];
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
    let results = run["results"].as_array().unwrap();
    for result in results {
        let rule = &rules[result["ruleIndex"].as_u64().unwrap() as usize];
        assert_eq!(rule["id"], result["ruleId"]);
        let is_open = result["kind"] == "open";
        assert_eq!(result["level"] == "none", is_open, "only failures have a level: {result}");
    }
    let of = |rule: &str| results.iter().find(|r| r["ruleId"] == rule).unwrap();
    let physical = |r: &Value| r["locations"][0]["physicalLocation"].clone();
    let hostile = &results[0];
    assert_eq!(physical(hostile)["artifactLocation"]["uri"], "in/a%20b%23.json");
    assert!(hostile["message"]["text"].as_str().unwrap().contains("{{0}}[a] (b)"), "{hostile}");
    let line = results.iter().find(|r| r["properties"]["source"] == "in/lines.ndjson:3").unwrap();
    assert_eq!(physical(line)["artifactLocation"]["uri"], "in/lines.ndjson");
    let region = &physical(line)["region"];
    assert_eq!((&region["startLine"], &region["startColumn"]), (&3.into(), &49.into()), "{line}");
    assert_eq!(line["locations"][0]["logicalLocations"][0]["fullyQualifiedName"], "Patient.birthDate");
    assert_eq!((&of("profile-unknown")["kind"], &of("profile-unknown")["level"]), (&"open".into(), &"none".into()));
    assert_eq!(of("profile-unknown")["properties"]["verdict"], "undetermined");
    assert_eq!(run["invocations"][0]["executionSuccessful"], false);
    let told = run["invocations"][0]["toolExecutionNotifications"].as_array().unwrap();
    assert!(told[0]["message"]["text"].as_str().unwrap().contains("missing.json"), "{told:?}");
    assert_eq!(run["properties"]["verdicts"]["invalid"], 2);
}

#[test]
fn fingerprints_do_not_depend_on_places() {
    let of = |text: &str| {
        let log = accord_reading(text.as_bytes(), &["validate", "-", "--format", "sarif"]).ended(1).json();
        let results = log["runs"][0]["results"].as_array().unwrap().clone();
        assert!(results[0]["locations"][0].get("physicalLocation").is_none(), "standard input is no file");
        results.iter().map(|r| r["partialFingerprints"].clone()).collect::<Vec<_>>()
    };
    assert_eq!(of(INVALID), of(&INVALID.replacen('{', "{\n\n  ", 1)));
}

/// The name of an element, its attributes, and the text in it.
type Element = (String, Vec<(String, String)>, String);

/// The elements of an XML text.
fn elements(xml: &str) -> Vec<Element> {
    let mut reader = Reader::from_str(xml);
    let mut found: Vec<Element> = Vec::new();
    loop {
        match reader.read_event().unwrap() {
            Event::Start(start) => {
                let attributes = start.attributes().map(|a| {
                    let a = a.unwrap();
                    let key = String::from_utf8(a.key.as_ref().to_vec()).unwrap();
                    (key, a.unescape_value().unwrap().into_owned())
                });
                found.push((
                    String::from_utf8(start.name().as_ref().to_vec()).unwrap(),
                    attributes.collect(),
                    String::new(),
                ));
            }
            Event::Text(text) => found.last_mut().iter_mut().for_each(|e| e.2 += &text.decode().unwrap()),
            Event::Eof => return found,
            _ => {}
        }
    }
}

#[test]
fn junit_has_a_case_an_input_and_counts_them() {
    let (code, text) = written("junit", &[]);
    assert_eq!(code, 3);
    assert!(!text.contains(['\u{0}', '\u{1b}', '\u{202e}']));
    let all = elements(&text);
    let of = |e: &(String, Vec<(String, String)>, String), key: &str| {
        e.1.iter().find(|a| a.0 == key).map(|a| a.1.clone()).unwrap_or_default()
    };
    let suite = all.iter().find(|e| e.0 == "testsuite").unwrap();
    assert_eq!(["tests", "failures", "errors"].map(|key| of(suite, key)), ["6", "2", "2"]);
    let cases: Vec<String> = all.iter().filter(|e| e.0 == "testcase").map(|e| of(e, "name")).collect();
    assert_eq!(cases[..5], ["a b#.json", "lines.ndjson:1", "lines.ndjson:3", "open.json", "warned.json"]);
    let kinds: Vec<(String, String)> = all
        .iter()
        .filter(|e| ["failure", "error", "system-out"].contains(&e.0.as_str()))
        .map(|e| (e.0.clone(), of(e, "type")))
        .collect();
    let kind = |name: &str, of: &str| (name.to_owned(), of.to_owned());
    assert_eq!(
        kinds,
        [
            kind("failure", "invalid"),
            kind("failure", "invalid"),
            kind("error", "undetermined"),
            kind("system-out", ""),
            kind("error", "not read")
        ]
    );
}

#[test]
fn junit_of_nothing_that_was_found_is_whole() {
    let run = accord_reading(PATIENT.as_bytes(), &["validate", "-", "--format", "junit"]).ended(0);
    let names: Vec<String> = elements(&run.out).into_iter().map(|e| e.0).collect();
    assert_eq!(names, ["testsuites", "testsuite", "testcase"]);
}

#[test]
fn annotations_are_one_line_each() {
    let (_, text) = written("github", &[]);
    assert!(!text.contains(['\u{1b}', '\u{202e}']));
    let lines: Vec<&str> = text.lines().collect();
    for line in &lines {
        let command = line.strip_prefix("::").and_then(|l| l.split_once(' ')).unwrap_or_else(|| panic!("{line}")).0;
        assert!(["error", "warning", "notice"].contains(&command), "{line}");
    }
    assert!(lines[0].starts_with("::error file=in/a b#.json,line=1,col=40,title="), "{}", lines[0]);
    assert!(text.contains("::error file=in/lines.ndjson,line=3,col=49,title=primitive-format::Patient.birthDate: "));
    assert!(text.contains("::warning file=in/open.json,line=1,col="), "{text}");
    assert!(text.contains("title=profile-unknown (undetermined)::"), "{text}");
    assert!(lines.last().unwrap().contains("5 inputs: 2 valid, 1 undetermined, 2 invalid; 1 could not be read"));
}

#[test]
fn csv_has_a_row_an_issue_and_a_row_for_an_input_without_one() {
    let (_, text) = written("csv", &[]);
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let heads = reader.headers().unwrap().clone();
    let column = |name: &str| heads.iter().position(|h| h == name).unwrap();
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    let told: Vec<(&str, &str, &str)> =
        rows.iter().map(|r| (&r[column("source")], &r[column("verdict")], &r[column("line")])).collect();
    assert!(told.contains(&("in/lines.ndjson:1", "valid", "")), "{told:?}");
    assert!(told.contains(&("in/lines.ndjson:3", "invalid", "3")), "{told:?}");
    assert_eq!(told.last().unwrap().1, "not read");
    for cell in rows.iter().flatten() {
        assert!(!cell.starts_with(['=', '+', '-', '@', '\t', '\r']), "{cell}");
    }
}

#[test]
fn a_page_shows_what_is_wrong_and_loads_nothing() {
    let (code, page) = written("html", &["--level", "information"]);
    assert_eq!(code, 3);
    for says in [
        "<title>Invalid: 5 inputs – Accord</title>",
        "in/lines.ndjson:3",
        "missing.json",
        "id=\"rule-primitive-format\"",
    ] {
        assert!(page.contains(says), "{says}");
    }
    for never in ["<b>%", "<script", "src=", "\u{1b}", "\u{202e}", "\u{0}"] {
        assert!(!page.contains(never), "{never}");
    }
    let anchors = page.split("href=\"#").skip(1).map(|rest| rest.split('"').next().unwrap());
    for anchor in anchors {
        assert!(page.contains(&format!("id=\"{anchor}\"")), "{anchor}");
    }
}

#[test]
fn the_name_of_the_output_chooses_the_form() {
    let files = folder(&[("a.json", INVALID.as_bytes())]);
    let start = |name: &str, more: &[&str]| {
        let (input, output) = (path(&files, "a.json"), path(&files, name));
        let arguments = [&["validate", &input, "--output", &output][..], more].concat();
        accord(&arguments).ended(1);
        std::fs::read_to_string(&output).unwrap().chars().take(12).collect::<String>()
    };
    for (name, expected) in [
        ("r.sarif", "{\"$schema\":\"h"),
        ("r.SARIF.json", "{\"$schema\":\"h"),
        ("r.csv", "source,verdi"),
        ("r.html", "<!DOCTYPE ht"),
        ("r.result.json", "{\n  \"resourc"),
    ] {
        assert!(expected.starts_with(&start(name, &[])), "{name}");
    }
    assert!(start("r.xml", &[]).starts_with('/'), "XML may be anything");
    assert!(start("r.csv", &["--format", "text"]).starts_with('/'));
}

#[test]
fn what_is_not_listed_is_told_in_each_form() {
    let says = [
        ("sarif", "1 issue not listed"),
        ("junit", "1 issue not listed"),
        ("github", "1 issue not listed"),
        ("csv", ",1,"),
        ("html", "1 issue not listed"),
    ];
    for (format, told) in says {
        let run =
            accord_reading(WARNED.as_bytes(), &["validate", "-", "--level", "error", "--format", format]).ended(0);
        assert!(run.out.contains(told), "{format}: {}", run.out);
    }
    let run = accord(&["validate", "-", "--format", "tap"]).ended(3);
    assert!(run.err.contains("sarif") && run.err.contains("junit"), "{}", run.err);
}
