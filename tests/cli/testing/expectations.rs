//! Instances beside what is expected of them.

use serde_json::json;

use super::{guide, pupil, put, result, tested, text};

#[test]
fn what_must_come_must_come_and_nothing_else() {
    let folder = guide();
    put(&folder, "tests/no-name.json", pupil(json!({"name": null})));
    let missing = r#"{"verdict":"invalid","must":[{"rule":"element-min","element":"Patient.name"}]}"#;
    put(&folder, "tests/no-name.expected.json", missing);
    tested(&folder, &["-q", "--no-mutants"]).ended(0);
    put(&folder, "tests/no-name.json", pupil(json!({"name": null, "birthDate": null})));
    let run = tested(&folder, &["-q", "--no-mutants"]).ended(1);
    assert!(run.out.contains("an error that the expectation does not name"), "{run:?}");
    put(&folder, "tests/no-name.json", pupil(json!({})));
    let run = tested(&folder, &["-q", "--no-mutants"]).ended(1);
    assert!(run.out.contains("it is valid, and invalid is expected"), "{run:?}");
    assert!(run.out.contains("it lacks the issue `element-min` element `Patient.name`"), "{run:?}");
}

#[test]
fn places_count_with_indices_where_they_are_given() {
    let folder = guide();
    let names = json!({"name": [{"family": "Holm", "given": ["Nils"]}, {"family": "Holm"}]});
    put(&folder, "tests/b.json", pupil(names));
    let at =
        |path: &str| json!({"verdict": "invalid", "must": [{"constraint": "school-name", "path": path}]}).to_string();
    for (path, code) in [("Patient.name", 0), ("Patient.name[1]", 0), ("Patient.name[0]", 1)] {
        put(&folder, "tests/b.expected.json", at(path));
        tested(&folder, &["-q", "--no-mutants"]).ended(code);
    }
}

#[test]
fn what_must_not_come_is_told_and_profiles_may_be_asked_for() {
    let folder = guide();
    put(&folder, "tests/c.json", pupil(json!({"meta": null, "birthDate": null})));
    let plain = json!({"verdict": "valid", "mustNot": [{"rule": "element-min"}]});
    put(&folder, "tests/c.expected.json", plain.to_string());
    tested(&folder, &["-q", "--no-mutants"]).ended(0);
    let mut asked = plain.clone();
    asked["profiles"] = json!(["https://accord.example/school/StructureDefinition/pupil"]);
    put(&folder, "tests/c.expected.json", asked.to_string());
    let run = tested(&folder, &["-q", "--no-mutants"]).ended(1);
    assert!(run.out.contains("which must not come"), "{run:?}");
    asked["profiles"] = json!(["https://accord.example/none"]);
    put(&folder, "tests/c.expected.json", asked.to_string());
    assert!(tested(&folder, &["-q", "--no-mutants"]).ended(1).out.contains("https://accord.example/none"));
}

#[test]
fn without_an_expectation_names_decide() {
    let folder = guide();
    put(&folder, "tests/invalid/a.json", pupil(json!({"birthDate": null})));
    put(&folder, "tests/Patient-invalid-b.json", pupil(json!({})));
    put(&folder, "tests/d.json", pupil(json!({"birthDate": null})));
    let report = tested(&folder, &["-q", "--no-mutants", "--format", "json"]).ended(1).json();
    assert_eq!(result(&report, "invalid/a.json"), "passed");
    assert_eq!(result(&report, "Patient-invalid-b.json"), "failed");
    assert_eq!(result(&report, "/d.json"), "failed");
}

#[test]
fn update_writes_the_same_again_and_keeps_what_people_wrote() {
    let folder = guide();
    put(&folder, "tests/e.json", pupil(json!({"birthDate": null, "name": null})));
    let old = r#"{"comment":"mine","verdict":"valid","must":[{"rule":"fixed"}],"mustNot":[{"rule":"pattern"}]}"#;
    put(&folder, "tests/e.expected.json", old);
    tested(&folder, &["-q", "--no-mutants"]).ended(1);
    let run = tested(&folder, &["--no-mutants", "--update"]).ended(0);
    assert!(run.err.contains("written: tests/e.expected.json"), "{run:?}");
    let new = text(&folder, "tests/e.expected.json");
    for part in ["\"comment\": \"mine\"", "\"mustNot\"", "\"Patient.birthDate\"", "\"Patient.name\"", "\"invalid\""] {
        assert!(new.contains(part), "{part} in {new}");
    }
    assert!(!new.contains("fixed"), "{new}");
    assert!(!tested(&folder, &["--no-mutants", "--update"]).ended(0).err.contains("written"));
    assert_eq!(text(&folder, "tests/e.expected.json"), new);
}

#[test]
fn what_is_undetermined_is_so() {
    let folder = guide();
    let unknown = json!({"meta": {"profile": ["https://accord.example/none"]}});
    put(&folder, "tests/f.json", pupil(unknown));
    let report = tested(&folder, &["-q", "--no-mutants", "--format", "json"]).ended(0).json();
    assert_eq!(result(&report, "/f.json"), "undetermined");
    tested(&folder, &["-q", "--no-mutants", "--fail-on", "undetermined"]).ended(2);
    put(&folder, "tests/f.expected.json", r#"{"verdict":"undetermined"}"#);
    tested(&folder, &["-q", "--no-mutants", "--fail-on", "undetermined"]).ended(0);
}
