//! What the settings of a project do in an editor.

use serde_json::json;

use super::client::Client;

const SETTINGS: &str = r#"
[levels]
primitive-format = "information"

[[suppressions]]
rule = "element-unknown"
path = "old/**"
reason = "imported"

[[profiles]]
path = "old folder/*.json"
profiles = ["http://hl7.org/fhir/StructureDefinition/bp"]
"#;

const TEXT: &str = r#"{"resourceType":"Patient","gendr":"male","birthDate":"yesterday"}"#;

fn found(path: &str, arguments: &[&str]) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    let settings = folder.path().join("accord.toml");
    std::fs::write(&settings, SETTINGS).unwrap();
    let file = settings.to_str().unwrap();
    let configured = ["--config", file];
    let mut client = Client::silent(if arguments.is_empty() { &configured } else { arguments });
    client.ask("initialize", json!({"processId": null, "capabilities": {}}));
    client.tell("initialized", json!({}));
    let uri = format!("file://{}/{path}", folder.path().display());
    client.open(&uri, TEXT);
    let found = client.diagnostics(&uri, 1);
    client.stop();
    found.iter().map(|d| d.split(' ').nth(1).unwrap().to_owned()).collect()
}

#[test]
fn settings_of_a_project_are_in_force() {
    assert_eq!(found("new/a.json", &[]), ["element-unknown"]);
    assert_eq!(found("old/a.json", &[]), [""; 0]);
    assert!(found("old%20folder/a.json", &[]).contains(&"profile-type".to_owned()));
    assert_eq!(found("old/a.json", &["--no-config"]).len(), 2);
}
