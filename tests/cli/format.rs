//! What is written: text, json, ndjson; where instances come from: files, folders, lines, standard input.

use serde_json::Value;

use crate::support::{INVALID, PATIENT, WARNED, accord, accord_reading, folder, issues, path, verdict};

#[test]
fn text_underlines_the_place() {
    let run =
        accord_reading(b"{\n  \"resourceType\": \"Patient\",\n  \"gender\": \"F\"\n}\n", &["validate", "-"]).ended(1);
    let lines: Vec<&str> = run.out.lines().collect();
    assert_eq!(lines[0], "-: invalid");
    assert!(lines[2].starts_with("error[binding-required]: "), "{}", run.out);
    assert_eq!(lines[3], "  --> -:3:14  Patient.gender");
    assert_eq!(lines[4], "3 |   \"gender\": \"F\"");
    assert_eq!(lines[5], "  |              ^");
}

#[test]
fn what_is_found_is_quoted_as_what_is_wanted() {
    let profile = crate::support::PROFILE.replace(
        r#""path": "Patient.birthDate", "min": 1"#,
        r#""path": "Patient.birthDate", "minValueDate": "1900-01-01"},
            {"id": "Patient.gender", "path": "Patient.gender", "fixedCode": "female"}, {"id": "Patient.multipleBirth[x]", "path": "Patient.multipleBirth[x]", "fixedInteger": 2"#,
    );
    let json = br#"{"resourceType":"Patient","active":"true","gender":"male","birthDate":"1899-12-31","multipleBirthInteger":3}"#;
    let xml = br#"<Patient xmlns="http://hl7.org/fhir"><gender value="male"/><birthDate value="1899-12-31"/><multipleBirthInteger value="3"/></Patient>"#;
    let files = folder(&[("profile.json", profile.as_bytes()), ("p.json", json), ("p.xml", xml)]);
    for name in ["p.json", "p.xml"] {
        let run = accord(&[
            "validate",
            &path(&files, name),
            "--package",
            &path(&files, "profile.json"),
            "--profile",
            "http://guide.test/tall-patient",
        ])
        .ended(1);
        for says in [
            r#"`"male"` is not the fixed value `"female"`"#,
            r#"`"1899-12-31"` is less than the minimum `"1900-01-01"`"#,
            "`3` is not the fixed value `2`",
        ] {
            assert!(run.out.contains(says), "{name}: {says}: {}", run.out);
        }
        let lexeme = r#"`"true"` has the wrong JSON type for boolean"#;
        assert_eq!(run.out.contains(lexeme), name == "p.json", "{}", run.out);
    }
}

#[test]
fn json_of_one_input_is_an_operation_outcome() {
    let outcome = accord_reading(INVALID.as_bytes(), &["validate", "-", "--format", "json"]).ended(1).json();
    assert_eq!(outcome["resourceType"], "OperationOutcome");
    assert_eq!(verdict(&outcome), "invalid");
    assert_eq!(outcome["meta"]["tag"][0]["system"], "https://accord.example/verdict");
    assert_eq!(issues(&outcome), ["error primitive-format Patient.birthDate"]);
    let issue = &outcome["issue"][0];
    let extension = |url: &str| {
        issue["extension"]
            .as_array()
            .unwrap()
            .iter()
            .find(|e| e["url"] == format!("http://hl7.org/fhir/StructureDefinition/operationoutcome-{url}"))
            .cloned()
            .unwrap_or_default()
    };
    assert_eq!(
        (extension("issue-line")["valueInteger"].as_i64(), extension("issue-col")["valueString"].as_str()),
        (Some(1), Some("49"))
    );
    assert_eq!(extension("message-id")["valueString"], "primitive-format");
    assert!(
        issue["diagnostics"].as_str().unwrap().contains("http://hl7.org/fhir/StructureDefinition/Patient"),
        "{issue}"
    );
}

#[test]
fn json_of_several_inputs_is_a_collection_of_them() {
    let files = folder(&[("a.json", PATIENT.as_bytes()), ("b.json", INVALID.as_bytes())]);
    let (a, b) = (path(&files, "a.json"), path(&files, "b.json"));
    let bundle = accord(&["validate", &a, &b, "--format", "json"]).ended(1).json();
    assert_eq!((&bundle["resourceType"], &bundle["type"]), (&Value::from("Bundle"), &Value::from("collection")));
    let entries = bundle["entry"].as_array().unwrap();
    assert_eq!(entries.iter().map(|e| e["fullUrl"].as_str().unwrap()).collect::<Vec<_>>(), [a, b]);
    assert_eq!(entries.iter().map(|e| verdict(&e["resource"])).collect::<Vec<_>>(), ["valid", "invalid"]);
}

#[test]
fn ndjson_gives_a_line_an_input_with_its_own_source() {
    let text = format!("{PATIENT}\n\n{INVALID}\r\n{WARNED}");
    let files = folder(&[("many.ndjson", text.as_bytes())]);
    let many = path(&files, "many.ndjson");
    let lines = accord(&["validate", &many, "--format", "ndjson"]).ended(1).lines();
    let told: Vec<(&str, &str)> =
        lines.iter().map(|l| (l["source"].as_str().unwrap(), l["verdict"].as_str().unwrap())).collect();
    let source = |n: u32| format!("{many}:{n}");
    assert_eq!(told, [(&*source(1), "valid"), (&*source(3), "invalid"), (&*source(4), "valid")]);
    for l in &lines {
        assert_eq!(l.as_object().unwrap().keys().collect::<Vec<_>>(), ["source", "verdict", "outcome"]);
        assert_eq!(verdict(&l["outcome"]), l["verdict"]);
    }
}

#[test]
fn a_folder_is_walked_in_the_order_of_its_paths() {
    let files = folder(&[
        ("b.json", PATIENT.as_bytes()),
        ("a/z.json", PATIENT.as_bytes()),
        ("a/notes.md", b"no instance"),
        ("c.ndjson", PATIENT.as_bytes()),
    ]);
    let lines = accord(&["validate", files.path().to_str().unwrap(), "--format", "ndjson"]).ended(0).lines();
    let sources: Vec<&str> = lines.iter().map(|l| l["source"].as_str().unwrap()).collect();
    assert_eq!(sources, [path(&files, "a/z.json"), path(&files, "b.json"), path(&files, "c.ndjson") + ":1"]);
}

#[test]
fn an_instance_without_issues_says_so() {
    let outcome = accord_reading(PATIENT.as_bytes(), &["validate", "-", "--format", "json"]).ended(0).json();
    assert_eq!(outcome["issue"].as_array().map(Vec::len), Some(1));
    assert_eq!(outcome["issue"][0]["severity"], "information");
}

/// Each output is itself an instance that validates.
#[test]
fn outcomes_are_valid_fhir() {
    let files = folder(&[("a.json", WARNED.as_bytes()), ("b.json", INVALID.as_bytes())]);
    for inputs in [vec![path(&files, "b.json")], vec![path(&files, "a.json"), path(&files, "b.json")]] {
        let arguments: Vec<&str> =
            ["validate", "--format", "json"].into_iter().chain(inputs.iter().map(String::as_str)).collect();
        let written = accord(&arguments).out;
        let run = accord_reading(written.as_bytes(), &["validate", "-", "--format", "json"]);
        let errors: Vec<String> = issues(&run.json())
            .into_iter()
            .filter(|i| i.starts_with("error") && !i.contains("bundle-full-url"))
            .collect();
        assert!(errors.is_empty(), "{errors:#?}");
    }
}

#[test]
fn the_same_bytes_every_time() {
    for format in ["text", "json", "ndjson"] {
        let run = || accord(&["validate", "examples", "profiles/data/index.json", "--format", format]).out;
        assert_eq!(run(), run(), "{format}");
    }
}
