//! `accord serve --project`: the settings of a project under those of the service.

use std::process::Command;

use serde_json::json;

use crate::program::Process;

const INVALID: &str = r#"{"resourceType":"Patient","id":"p","birthDate":"1987-02-30"}"#;
const SETTINGS: &str = r#"
packages = ["hl7.fhir.r4.core#4.0.1"]
[policies]
html = "error"
[levels]
element-unknown = "off"
[[suppressions]]
rule = "primitive-format"
element = "Patient.birthDate"
reason = "imported"
[[suppressions]]
rule = "primitive-format"
path = "**"
reason = "of files alone"
"#;

#[test]
fn requests_are_judged_under_the_settings_of_the_project() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("accord.toml");
    std::fs::write(&file, SETTINGS).unwrap();
    let process = Process::with(&folder.path().join("data"), &["--project", file.to_str().unwrap()]);
    let packages = process.get("/packages").json();
    assert!(packages.to_string().contains("hl7.fhir.r4.core") && !packages.to_string().contains("us.core"));
    let verdict = |text: &str| {
        let outcome = process.post("/$validate", text).json();
        let issues = outcome["issue"].as_array().unwrap();
        let codings = issues.iter().map(|i| i["details"]["coding"][0].clone());
        let raw = codings.into_iter().find(|c| c["system"] == "https://accord.example/raw-verdict");
        (outcome["meta"]["tag"][0]["code"].clone(), raw.map(|c| c["code"].clone()))
    };
    assert_eq!(verdict(INVALID), ("valid".into(), Some("invalid".into())));
    assert_eq!(verdict(&INVALID.replace("birthDate", "unknown")), ("valid".into(), Some("invalid".into())));
    assert_eq!(verdict(r#"{"resourceType":"Patient","deceasedDateTime":"1987-02-30"}"#), ("invalid".into(), None));
    assert_eq!(verdict(r#"{"resourceType":"Patient","name":[{"text":"<b>x</b>"}]}"#), ("invalid".into(), None));
    let levels = |text: &str| {
        let asked =
            json!({"cliContext": {"sv": "4.0.1"}, "filesToValidate": [{"fileName": "p.json", "fileContent": text}]});
        let answer = process.post("/validate", &asked.to_string()).json();
        let issues = answer["outcomes"][0]["issues"].as_array().unwrap().clone();
        assert!(issues.iter().any(|i| i["messageId"] == "settings") == text.contains("1987"), "{answer}");
        issues.iter().any(|i| i["level"] == "ERROR" || i["level"] == "FATAL")
    };
    assert!(!levels(INVALID), "a suppression holds for the wrapper's answers, too");
    assert!(!levels(&INVALID.replace("birthDate", "unknown")), "and a level");
    assert!(levels(r#"{"resourceType":"Patient","active":"yes"}"#));
    let metrics = String::from_utf8(process.get("/metrics").body).unwrap();
    let of_format = metrics.lines().filter(|l| l.starts_with("accord_issues_total") && l.contains("primitive-format"));
    assert_eq!(of_format.count(), 1, "{metrics}");
    let counted = |verdict: &str| {
        let name = format!("accord_validations_total{{verdict=\"{verdict}\"}} ");
        metrics.lines().find_map(|l| l.strip_prefix(&name)?.parse::<u64>().ok()).unwrap_or_default()
    };
    assert_eq!([counted("valid"), counted("invalid")], [4, 3], "{metrics}");
    let log = process.kill();
    assert!(log.contains("applies to no request"), "{log}");
}

#[test]
fn no_file_is_looked_for_and_a_wrong_one_is_told() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("accord.toml"), "[levels]\nelemnt-min = \"off\"").unwrap();
    let run = Command::new(env!("CARGO_BIN_EXE_accord"))
        .args(["serve", "--listen", "127.0.0.1:0", "--project", "accord.toml"])
        .current_dir(folder.path())
        .output()
        .unwrap();
    let told = String::from_utf8_lossy(&run.stderr);
    assert_eq!(run.status.code(), Some(3), "{told}");
    assert!(told.contains("line 2: unknown rule `elemnt-min`; did you mean `element-min`?"), "{told}");
}
