//! `accord matrix`: folders of statements, SMART configurations by name and by endpoint, bounds.

use serde_json::{Value, json};

use crate::support::{accord, folder, path};

fn statement(mode: &str, codes: &[&str]) -> Value {
    let interactions: Vec<Value> = codes.iter().map(|c| json!({"code": c})).collect();
    json!({"resourceType": "CapabilityStatement", "kind": "instance", "fhirVersion": "4.0.1",
        "rest": [{"mode": mode, "resource": [{"type": "Patient", "interaction": interactions}]}]})
}

fn smart(token: &str) -> Value {
    json!({"token_endpoint": token, "authorization_endpoint": "https://auth.example/a", "capabilities": []})
}

#[test]
fn folders_and_smart_configurations() {
    let mut by_endpoint = statement("server", &["read"]);
    by_endpoint["rest"][0]["security"] = json!({"extension": [{
        "url": "http://fhir-registry.smarthealthit.org/StructureDefinition/oauth-uris",
        "extension": [{"url": "token", "valueUri": "https://b.example/token/"}]}]});
    let text = |v: &Value| v.to_string().into_bytes();
    let files = [
        ("app.json", text(&statement("client", &["read", "vread"]))),
        ("servers/a.json", text(&statement("server", &["read", "vread"]))),
        ("servers/b.json", text(&by_endpoint)),
        ("servers/client.json", text(&statement("client", &["read"]))),
        ("servers/broken.json", b"{\"resourceType\": ".to_vec()),
        ("servers/notes.txt", b"no statement".to_vec()),
        ("smart/a.json", text(&smart("https://other.example/token"))),
        ("smart/second.json", text(&smart("https://b.example/token"))),
        ("smart/third.json", text(&smart("https://nobody.example/token"))),
    ];
    let files: Vec<(&str, &[u8])> = files.iter().map(|(name, text)| (*name, text.as_slice())).collect();
    let made = folder(&files);
    let (app, servers, smart) = (path(&made, "app.json"), path(&made, "servers"), path(&made, "smart"));
    let arguments = ["matrix", "--client", &app, "--server", &servers, "--smart", &smart, "--format", "json"];
    let run = accord(&arguments).ended(0);
    let found = run.json();
    let names: Vec<&str> = found["servers"].as_array().unwrap().iter().map(|s| s["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["a", "b"]);
    let config = |at: usize| found["servers"][at]["smart"].as_str().unwrap().rsplit('/').next().unwrap().to_owned();
    assert_eq!((config(0), config(1)), ("a.json".to_owned(), "second.json".to_owned()));
    assert_eq!(found["reports"][0]["works"], json!([0]));
    assert_eq!(found["reports"][0]["changes"][0]["without"], json!(["Patient.vread"]));
    for told in ["broken.json", "client.json", "third.json"] {
        assert!(run.err.contains(told), "{told}: {}", run.err);
    }
    assert!(!run.err.contains("notes.txt") && !run.err.contains("second.json"), "{}", run.err);
    // The change, made.
    let check = [&arguments[..], &["--without", "Patient.vread", "--fail-on", "incompatible"]].concat();
    assert_eq!(accord(&check).ended(0).json()["reports"][0]["works"], json!([0, 1]));
    accord(&[&arguments[..], &["--fail-on", "incompatible"]].concat()).ended(1);
}

#[test]
fn what_cannot_be_compared_is_said() {
    let server = statement("server", &["read"]).to_string();
    let client = statement("client", &["read"]).to_string();
    let made = folder(&[("s/a.json", server.as_bytes()), ("c/a.json", client.as_bytes()), ("empty/x.txt", b"")]);
    let (s, c, empty) = (path(&made, "s"), path(&made, "c"), path(&made, "empty"));
    let failed = |arguments: &[&str]| accord(&[&["matrix"], arguments].concat()).ended(3).err;
    assert!(failed(&["--client", &c, "--server", &empty]).contains("no file (*.json)"));
    assert!(failed(&["--client", &c, "--server", &s, "--smart", &empty]).contains("no SMART configuration"));
    assert!(failed(&["--client", &c, "--server", "nowhere.json"]).contains("nowhere.json"));
    // The same file twice has two names.
    let twice = accord(&["matrix", "--client", &c, "--server", &s, &s, "--format", "json"]).ended(0).json();
    assert_eq!((&twice["servers"][0]["name"], &twice["servers"][1]["name"]), (&json!("a"), &json!("a (2)")));
    let many: Vec<&str> = std::iter::repeat_n(s.as_str(), 10_001).collect();
    let refused = failed(&[&["--client", c.as_str(), "--server"], &many[..]].concat());
    assert!(refused.contains("compare at most 10000 at once"), "{refused}");
}
