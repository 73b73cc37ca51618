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

#[test]
fn completion_knows_the_profiles_of_a_path() {
    let folder = tempfile::tempdir().unwrap();
    let profile = "http://hl7.org/fhir/StructureDefinition/bp";
    let rows = format!("[[profiles]]\npath = \"bp/*\"\nprofiles = [\"{profile}\"]\n");
    std::fs::write(folder.path().join("accord.toml"), rows).unwrap();
    let file = folder.path().join("accord.toml");
    let mut client = Client::silent(&["--config", file.to_str().unwrap()]);
    client.ask("initialize", json!({"processId": null, "capabilities": {}}));
    client.tell("initialized", json!({}));
    let required = |client: &mut Client, path: &str| {
        let uri = format!("file://{}/{path}", folder.path().display());
        client.open(&uri, "{\"resourceType\":\"Observation\",\"\"}");
        let at = json!({"textDocument": {"uri": uri}, "position": {"line": 0, "character": 31}});
        let list = client.ask("textDocument/completion", at);
        let is_it = |i: &&serde_json::Value| i["label"] == "subject";
        let item = list["items"].as_array().unwrap().iter().find(is_it).unwrap();
        item["detail"].as_str().unwrap().starts_with("required")
    };
    assert!(required(&mut client, "bp/a.json"));
    assert!(!required(&mut client, "other/a.json"));
    client.stop();
}

#[test]
fn a_missing_element_of_xml_can_be_added() {
    let mut client = Client::start(json!({}));
    let uri = "file:///tmp/o.xml";
    let text =
        "<Observation xmlns=\"http://hl7.org/fhir\">\n  <code>\n    <text value=\"x\"/>\n  </code>\n</Observation>";
    client.open(uri, text);
    let found = client.diagnostics(uri, 1);
    assert!(found.iter().any(|d| d.ends_with("element-min")), "{found:?}");
    let everywhere = json!({"start": {"line": 0, "character": 0}, "end": {"line": 4, "character": 0}});
    let asked = json!({"textDocument": {"uri": uri}, "range": everywhere, "context": {"diagnostics": []}});
    let actions = client.ask("textDocument/codeAction", asked);
    let edits: Vec<&serde_json::Value> =
        actions.as_array().unwrap().iter().map(|a| &a["edit"]["changes"][uri]).collect();
    let text = "<status value=\"registered\"/>\n  ";
    assert!(edits.iter().any(|e| e[0]["newText"] == text && e[0]["range"]["start"]["line"] == 1), "{actions}");
    client.stop();
}
