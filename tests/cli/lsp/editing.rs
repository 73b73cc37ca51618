//! What an editor gets while somebody types.

use serde_json::{Value, json};

use super::client::Client;

const URI: &str = "file:///tmp/a%20b.json";

fn at(line: u32, character: u32) -> Value {
    json!({"textDocument": {"uri": URI}, "position": {"line": line, "character": character}})
}

fn place(line: u32, start: u32, end: u32) -> Value {
    json!({"start": {"line": line, "character": start}, "end": {"line": line, "character": end}})
}

fn labels(list: &Value) -> Vec<&str> {
    list["items"].as_array().unwrap().iter().map(|i| i["label"].as_str().unwrap()).collect()
}

#[test]
fn places_are_in_the_encoding_that_was_agreed_on() {
    let text =
        "{\"resourceType\":\"Patient\",\n\"language\":\"\u{1f600}\u{e4}\",\"gendr\":\"male\",\"active\":\"true\"}";
    for (capabilities, encoding, column) in
        [(json!({}), "utf-16", 42), (json!({"general": {"positionEncodings": ["utf-8", "utf-16"]}}), "utf-8", 45)]
    {
        let mut client = Client::silent(&[]);
        let result = client.ask("initialize", json!({"processId": null, "capabilities": capabilities}));
        assert_eq!(result["capabilities"]["positionEncoding"], encoding);
        client.open(URI, text);
        let found = client.diagnostics(URI, 1);
        assert!(found.contains(&format!("1:{column} primitive-lexeme")), "{found:?}");
        client.stop();
    }
}

#[test]
fn diagnostics_follow_the_text() {
    let mut client = Client::start(json!({}));
    client.open(URI, "{\"resourceType\":\"Patient\",\n\"gendr\":\"male\"}");
    assert_eq!(client.diagnostics(URI, 1), ["0:0 element-unknown"]);
    client.change(URI, 2, json!([{"range": place(1, 5, 5), "text": "e"}]));
    assert_eq!(client.diagnostics(URI, 2), [""; 0]);
    client.change(URI, 3, json!([{"range": place(1, 15, 16), "text": ""}, {"range": place(0, 0, 0), "text": "\n"}]));
    let found = client.diagnostics(URI, 3);
    assert!(found[0].ends_with("json-unexpected-end"), "{found:?}");
    client.change(URI, 4, json!([{"text": "{\"a\":1}"}]));
    assert_eq!(client.diagnostics(URI, 4), [""; 0], "what was told is taken back once it is no instance");
    client.stop();
}

#[test]
fn other_files_are_left_alone() {
    let mut client = Client::start(json!({}));
    client.open("file:///package.json", "{\"name\":\"x\",}");
    client.open(URI, "<Patient xmlns=\"http://hl7.org/fhir\"><gender value=\"m\"/></Patient>");
    assert_eq!(client.diagnostics(URI, 1), ["0:52 binding-required"]);
    let hover = json!({"textDocument": {"uri": "file:///package.json"}, "position": {"line": 0, "character": 3}});
    assert_eq!(client.ask("textDocument/hover", hover), Value::Null);
    client.stop();
}

#[test]
fn hover_tells_the_rules_of_an_element_and_of_an_issue() {
    let mut client = Client::start(json!({}));
    let profile = "http://hl7.org/fhir/us/core/StructureDefinition/us-core-patient|6.1.0";
    client.open(
        URI,
        &format!("{{\"resourceType\":\"Patient\",\"meta\":{{\"profile\":[\"{profile}\"]}},\n\"gender\":\"m\"}}"),
    );
    assert!(client.diagnostics(URI, 1).iter().any(|d| d.ends_with("binding-required")));
    let hover = client.ask("textDocument/hover", at(1, 3));
    let told = hover["contents"]["value"].as_str().unwrap().to_owned();
    for part in ["Patient.gender", "0..1", "1..1", "must support", "required", "administrative-gender", profile] {
        assert!(told.contains(part), "{part}: {told}");
    }
    let hover = client.ask("textDocument/hover", at(1, 11));
    assert!(hover["contents"]["value"].as_str().unwrap().contains("**binding-required**"), "{hover}");
    client.stop();
}

#[test]
fn completion_works_in_a_text_that_is_not_finished() {
    let mut client = Client::start(json!({}));
    client.open(URI, "{\"resourceType\":\"Observation\",\"status\":\"fi\n\"valueInteger\":1,\"subject\":{\"re\n");
    let list = client.ask("textDocument/completion", at(0, 42));
    assert!(labels(&list).contains(&"final"), "{list}");
    let list = client.ask("textDocument/completion", at(1, 31));
    assert_eq!(&labels(&list)[..3], ["id", "extension", "reference"]);
    let list = client.ask("textDocument/completion", at(1, 17));
    let names = labels(&list);
    assert!(names.contains(&"code") && !names.contains(&"valueString") && !names.contains(&"status"), "{names:?}");
    client.change(URI, 2, json!([{"text": "{\"resourceType\":\"Obs"}]));
    assert!(labels(&client.ask("textDocument/completion", at(0, 20))).contains(&"Observation"));
    let race = "http://hl7.org/fhir/us/core/StructureDefinition/us-core-race";
    let text =
        format!("{{\"resourceType\":\"Patient\",\n\"extension\":[{{\"url\":\"{race}\",\n\"extension\":[{{\"url\":\"");
    client.change(URI, 9, json!([{"text": text}]));
    assert!(labels(&client.ask("textDocument/completion", at(2, 21))).contains(&"ombCategory"));
    let profile = "\"meta\":{\"profile\":[\"http://hl7.org/fhir/StructureDefinition/bodyweight\"]}";
    let text = format!("{{\"resourceType\":\"Observation\",{profile},\n\"valueQuantity\":{{\"code\":\"");
    client.change(URI, 10, json!([{"text": text}]));
    assert!(labels(&client.ask("textDocument/completion", at(1, 25))).contains(&"kg"));
    client.change(URI, 11, json!([{"text": "<Patient xmlns=\"http://hl7.org/fhir\"><name><us"}]));
    let list = client.ask("textDocument/completion", at(0, 46));
    let named = list["items"].as_array().unwrap().iter().find(|i| i["label"] == "use").unwrap();
    assert_eq!(named["textEdit"]["newText"], "use value=\"\"/>");
    client.stop();
}

#[test]
fn fixes_are_told_apart_by_whether_they_are_safe() {
    let mut client = Client::start(json!({}));
    client.open(URI, "{\"resourceType\":\"Observation\",\"status\":\"final\",\"category\":{\"text\":\"a\"},}");
    let whole = |only: Value| {
        let context = json!({"diagnostics": [], "only": only});
        json!({"textDocument": {"uri": URI}, "range": place(0, 0, 99), "context": context})
    };
    let actions = client.ask("textDocument/codeAction", whole(json!(["quickfix"])));
    let told: Vec<(String, bool)> = actions
        .as_array()
        .unwrap()
        .iter()
        .map(|a| (a["title"].as_str().unwrap().to_owned(), a["isPreferred"] == true))
        .collect();
    assert!(told.contains(&("put `category` in square brackets".to_owned(), true)), "{told:?}");
    assert!(told.contains(&("remove the comma".to_owned(), true)), "{told:?}");
    assert!(told.iter().any(|(title, preferred)| title.starts_with("add `code`") && !preferred), "{told:?}");
    let all = client.ask("textDocument/codeAction", whole(json!(["source.fixAll"])));
    let edit = &all[0]["edit"]["changes"][URI][0];
    assert_eq!(edit["newText"], "[{\"text\":\"a\"}]");
    assert_eq!(all.as_array().unwrap().len(), 1);
    client.stop();
}

#[test]
fn what_is_open_and_what_is_left_out_is_told() {
    let mut client = Client::silent(&["--max-issues", "2"]);
    let related = json!({"textDocument": {"publishDiagnostics": {"relatedInformation": true}}});
    client.ask("initialize", json!({"processId": null, "capabilities": related}));
    client.open(URI, "{\"resourceType\":\"Patient\",\"meta\":{\"profile\":[\"http://example.org/none\"]}}");
    let said = client.hear();
    let one = &said["params"]["diagnostics"][0];
    assert_eq!((&one["severity"], &one["code"]), (&json!(2), &json!("profile-unknown")), "{one}");
    assert!(one["message"].as_str().unwrap().starts_with("undetermined: "), "{one}");
    client.change(URI, 2, json!([{"text": "{\"resourceType\":\"Patient\",\"a\":1,\"b\":1,\"c\":1,\"gender\":\"m\"}"}]));
    let found = client.diagnostics(URI, 2);
    assert!(found.len() == 3 && found[2].ends_with("limit-issues"), "{found:?}");
    client.stop();
}
