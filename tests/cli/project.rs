//! `accord.toml`: found, read, in force.

use std::path::Path;

use tempfile::TempDir;

use crate::support::{INVALID, OPEN, PATIENT, PROFILE, Run, WARNED, command, folder, issues, verdict};

/// Runs the binary in a folder.
fn within(folder: &Path, arguments: &[&str]) -> Run {
    Run::of(command(arguments).current_dir(folder).output().unwrap())
}

/// A folder with these settings, and some patients.
fn project(settings: &str) -> TempDir {
    folder(&[
        ("accord.toml", settings.as_bytes()),
        ("old/invalid.json", INVALID.as_bytes()),
        ("new/invalid.json", INVALID.as_bytes()),
        ("new/open.json", OPEN.as_bytes()),
        ("new/valid.json", PATIENT.as_bytes()),
        ("new/warned.json", WARNED.as_bytes()),
    ])
}

const SUPPRESSED: &str = "[[suppressions]]\nrule = \"primitive-format\"\nelement = \"Patient.birthDate\"\n\
                          path = \"old/**\"\nreason = \"imported\"\n";

#[test]
fn suppressions_are_found_upwards_and_told() {
    let project = project(SUPPRESSED);
    let old = project.path().join("old");
    let run = within(&old, &["validate", "invalid.json"]).ended(0);
    assert!(run.out.starts_with("invalid.json: valid\n"), "{run:?}");
    assert!(run.out.contains("settings: 1 suppressed; without them: invalid"), "{run:?}");
    assert!(run.err.contains("settings: `"), "{run:?}");
    within(&old, &["validate", "invalid.json", "--no-config"]).ended(1);
    within(&old, &["validate", "../new/invalid.json"]).ended(1);
    let outcome = within(&old, &["validate", "invalid.json", "--format", "json"]).ended(0).json();
    assert_eq!(verdict(&outcome), "valid");
    let codings = outcome["issue"].as_array().unwrap().iter().map(|i| &i["details"]["coding"][0]);
    let raw: Vec<_> = codings.filter(|c| c["system"] == "https://accord.example/raw-verdict").collect();
    assert_eq!((raw.len(), &raw[0]["code"]), (1, &"invalid".into()));
    let line = within(&old, &["validate", "invalid.json", "--format", "ndjson"]).ended(0).lines();
    assert_eq!((&line[0]["verdict"], line[0]["outcome"] == outcome), (&"valid".into(), true));
}

#[test]
fn the_summary_has_both_verdicts() {
    let run = within(project(SUPPRESSED).path(), &["validate", "old", "new"]).ended(1);
    assert!(run.err.contains("5 inputs: 3 valid, 1 undetermined, 1 invalid"), "{run:?}");
    assert!(run.err.contains("settings: 1 suppressed; without them: 2 valid, 1 undetermined, 2 invalid"), "{run:?}");
}

#[test]
fn unused_suppressions_are_told_and_fail_where_asked() {
    let settings = "[[suppressions]]\nrule = \"element-unknown\"\nreason = \"none\"\n\n\
                    [[suppressions]]\nrule = \"element-unknown\"\npath = \"none/**\"\nreason = \"none\"\n";
    let project = project(settings);
    let run = within(project.path(), &["validate", "new/valid.json"]).ended(0);
    assert!(run.err.contains("unused suppression: accord.toml, line 2 (`element-unknown`)\n"), "{run:?}");
    assert!(run.err.contains("line 6 (`element-unknown`): no input matches `none/**`"), "{run:?}");
    let run = within(project.path(), &["validate", "new/valid.json", "--strict-suppressions", "-q"]).ended(1);
    assert!(run.err.contains("line 2"), "{run:?}");
}

#[test]
fn levels_are_the_users_word() {
    let project = project("[levels]\nprimitive-format = \"warning\"\nextension-example = \"error\"\n");
    let run = within(project.path(), &["validate", "old/invalid.json", "--format", "json"]).ended(0);
    assert_eq!(issues(&run.json())[0], "warning primitive-format Patient.birthDate");
    within(project.path(), &["validate", "new/warned.json"]).ended(1);
    within(project.path(), &["validate", "new/valid.json"]).ended(0);
}

#[test]
fn open_questions_can_be_suppressed() {
    let project = project("[[suppressions]]\nrule = \"profile-unknown\"\nreason = \"a draft\"\n");
    let arguments = ["validate", "new/open.json", "--fail-on", "undetermined"];
    let run = within(project.path(), &arguments).ended(0);
    assert!(run.out.contains("without them: undetermined"), "{run:?}");
    within(project.path(), &[&arguments[..], &["--no-config"]].concat()).ended(2);
}

#[test]
fn more_issues_than_are_listed_are_all_suppressed() {
    let given: Vec<String> = (0..3_000).map(|i| format!("\"a{i}\"")).collect();
    let text = format!("{{\"resourceType\":\"Patient\",\"unknown\":1,\"active\":[{}]}}", given.join(","));
    let project = folder(&[("a.json", text.as_bytes()), ("accord.toml", b"")]);
    let run = within(project.path(), &["validate", "a.json", "--format", "json", "--limit", "issues=1000000"]).ended(1);
    let rules: std::collections::BTreeSet<String> =
        issues(&run.json()).iter().map(|i| i.split(' ').nth(1).unwrap().to_owned()).collect();
    let settings: String = rules.iter().map(|r| format!("{r} = \"off\"\n")).collect();
    std::fs::write(project.path().join("accord.toml"), format!("[levels]\n{settings}")).unwrap();
    let run = within(project.path(), &["validate", "a.json", "--max-issues", "1"]).ended(0);
    assert!(run.out.contains("without them: invalid"), "{run:?}");
    let kept = settings.replace("element-unknown = \"off\"\n", "");
    assert_ne!(kept, settings);
    std::fs::write(project.path().join("accord.toml"), format!("[levels]\n{kept}")).unwrap();
    within(project.path(), &["validate", "a.json", "--max-issues", "1"]).ended(1);
}

#[test]
fn profiles_by_path() {
    let settings = "packages = [\"./guide\"]\n[[profiles]]\npath = \"new/*.json\"\n\
                    profiles = [\"http://guide.test/tall-patient\"]\n\n\
                    [[profiles]]\npath = \"none/**\"\nprofiles = [\"http://guide.test/tall-patient\"]\n";
    let manifest = br#"{"name":"test.guide","version":"1.0.0","fhirVersions":["4.0.1"],
        "dependencies":{"hl7.fhir.r4.core":"4.0.1"}}"#;
    let project = folder(&[
        ("accord.toml", settings.as_bytes()),
        ("guide/package.json", manifest),
        ("guide/StructureDefinition-tall-patient.json", PROFILE.as_bytes()),
        ("new/a.json", br#"{"resourceType":"Patient","id":"a"}"#),
        ("old/a.json", br#"{"resourceType":"Patient","id":"a"}"#),
        ("sub/b.txt", b""),
    ]);
    within(project.path(), &["validate", "old/a.json"]).ended(0);
    let run = within(&project.path().join("sub"), &["validate", "../new/a.json"]).ended(1);
    assert!(run.out.contains("demanded by http://guide.test/tall-patient|1.0.0"), "{run:?}");
    assert!(run.err.contains("line 7: no input matches `none/**`"), "{run:?}");
    let run = within(project.path(), &["generate", "http://guide.test/tall-patient"]).ended(0);
    assert!(run.json()["birthDate"].is_string(), "{run:?}");
    let base = "http://hl7.org/fhir/StructureDefinition/Patient";
    within(project.path(), &["validate", "new/a.json", "--profile", base]).ended(0);
    std::fs::write(project.path().join("accord.toml"), settings.replace("tall-patient\"]\n\n", "short\"]\n\n"))
        .unwrap();
    let run = within(project.path(), &["validate", "old/a.json"]).ended(3);
    assert!(run.err.contains("line 3: unknown profile `http://guide.test/short`"), "{run:?}");
}

#[test]
fn options_beat_the_file() {
    let project = project("[policies]\nexample-urls = \"error\"\n");
    within(project.path(), &["validate", "new/warned.json"]).ended(1);
    within(project.path(), &["validate", "new/warned.json", "--example-urls", "warn"]).ended(0);
    within(project.path(), &["validate", "new/warned.json", "--preset", "hl7"]).ended(1);
}

#[test]
fn what_is_wrong_names_its_line_and_the_way_out() {
    for (settings, what) in [
        ("\npackages = []\npolicy = 1\n", "line 3: unknown key `policy`; did you mean `policies`?"),
        ("[policies]\ndisplay = \"loud\"\n", "line 2: `policies.display`"),
        ("[levels]\nlimit-visits = \"off\"\n", "was not examined"),
        ("[[suppressions]]\nrule = \"invariant\"\n", "reason"),
        ("a = ", "line 1: "),
    ] {
        let run = within(project(settings).path(), &["validate", "new/valid.json"]).ended(3);
        assert!(run.err.contains(what) && run.err.contains("accord.toml"), "{settings}: {run:?}");
    }
    let broken = folder(&[("accord.toml", b"# \xff"), ("a.json", PATIENT.as_bytes())]);
    let run = within(broken.path(), &["validate", "a.json"]).ended(3);
    assert!(run.err.contains("line 1: not UTF-8"), "{run:?}");
    let folders = folder(&[("accord.toml/x", b""), ("a.json", PATIENT.as_bytes())]);
    let run = within(folders.path(), &["validate", "a.json"]).ended(3);
    assert!(run.err.contains("it is a folder") && run.err.contains("--no-config"), "{run:?}");
    within(folders.path(), &["validate", "a.json", "--no-config"]).ended(0);
    let run = within(folders.path(), &["validate", "a.json", "--config", "none.toml"]).ended(3);
    assert!(run.err.contains("none.toml`: could not be read"), "{run:?}");
}

#[test]
fn what_is_in_force_is_shown_with_its_origin() {
    let project = project(&format!("fhir-version = \"R4\"\n[policies]\nhtml = \"warn\"\n{SUPPRESSED}"));
    let arguments = ["config", "--html", "error", "--limit", "visits=9", "--format", "json"];
    let told = within(project.path(), &arguments).ended(0).json();
    let of = |name: &str| {
        let entry = told["settings"].as_array().unwrap().iter().find(|e| e["name"] == name);
        entry.map(|e| (e["value"].clone(), e["from"].clone())).unwrap()
    };
    assert_eq!(of("fhir-version"), ("R4".into(), serde_json::json!({"source": "file", "line": 1})));
    assert_eq!(of("policies.html"), ("error".into(), serde_json::json!({"source": "option", "option": "--html"})));
    assert_eq!(of("policies.limits.visits").1["option"], "--limit");
    assert_eq!(of("policies.display"), ("warn".into(), serde_json::json!({"source": "default"})));
    assert_eq!(of("suppressions").1["line"], 5);
    assert_eq!(of("folders.images").1["variable"], "ACCORD_IMAGES");
    let text = within(project.path(), &["config"]).ended(0).out;
    assert!(text.contains("policies.html = \"warn\"  # line 3\n"), "{text}");
    let schema = within(project.path(), &["config", "schema"]).ended(0).json();
    assert_eq!(schema["$id"], "https://accord.example/schema/project.json");
}

#[test]
fn the_example_of_the_documentation_is_read() {
    let page = std::fs::read_to_string(crate::support::root().join("docs/project-settings.md")).unwrap();
    let example = page.split("```toml\n").nth(1).and_then(|rest| rest.split("```").next()).unwrap();
    let without_scripts = example.replace("rules = [\"rules\"]", "");
    assert_ne!(without_scripts, example);
    let run = within(project(&without_scripts).path(), &["config"]).ended(0);
    assert!(run.out.contains("levels.element-min = \"warning\"  # line "), "{run:?}");
}

#[test]
fn every_form_tells_what_was_changed() {
    let project = project(SUPPRESSED);
    for format in ["text", "json", "ndjson", "sarif", "junit", "github", "csv", "html"] {
        let run = within(project.path(), &["validate", "-q", "old", "new/valid.json", "--format", format]).ended(0);
        assert!(run.out.contains("1 suppressed; without them: "), "{format}: {run:?}");
    }
    let log = within(project.path(), &["validate", "-q", "old", "--format", "sarif"]).ended(0).json();
    let result = &log["runs"][0]["results"][0];
    assert_eq!(
        (&result["ruleId"], result["suppressions"].as_array().map(Vec::len)),
        (&"primitive-format".into(), Some(1))
    );
    assert_eq!(result["suppressions"][0]["justification"], "imported");
}
