//! What no client should do.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::client::Client;

const URI: &str = "file:///a.json";

#[test]
fn messages_that_are_none_end_the_server_with_a_reason() {
    for (bytes, why) in [
        (&b"Content-Length: 10000000000\r\n\r\n{}"[..], "longer than the limit"),
        (&[b'x'; 100_000][..], "longer than 4096 bytes"),
        (b"Content-Type: text\r\n\r\n", "no header `Content-Length`"),
    ] {
        let mut client = Client::silent(&[]);
        client.write(bytes);
        let (code, told) = client.ended();
        assert!(code == 3 && told.contains(why), "{code}: {told}");
    }
    let mut client = Client::silent(&[]);
    client.write(b"Content-Length: 9\r\n\r\n{");
    let (code, told) = client.end();
    assert!(code == 3 && told.contains("ends in a message"), "{code}: {told}");
}

#[test]
fn bodies_that_are_no_messages_are_answered() {
    let mut client = Client::start(json!({}));
    for body in [&b"{\"a\":\"\xff\"}"[..], b"[]", b"{", b"7", b"{\"jsonrpc\":\"2.0\",\"id\":[],\"method\":1}"] {
        client.write(&[format!("Content-Length: {}\r\n\r\n", body.len()).as_bytes(), body].concat());
        let said = client.hear();
        assert_eq!((&said["error"]["code"], &said["id"]), (&json!(-32700), &Value::Null), "{said}");
    }
    client.stop();
}

#[test]
fn requests_out_of_order_are_refused() {
    let mut client = Client::silent(&[]);
    assert_eq!(client.answer("textDocument/hover", json!({}))["error"]["code"], -32002);
    client.ask("initialize", json!({"processId": null, "capabilities": {}}));
    assert_eq!(client.answer("initialize", json!({"capabilities": {}}))["error"]["code"], -32600);
    assert_eq!(client.answer("no/such", json!({}))["error"]["code"], -32601);
    assert_eq!(client.answer("textDocument/hover", json!({"position": -1}))["error"]["code"], -32602);
    client.ask("shutdown", Value::Null);
    assert_eq!(client.answer("shutdown", Value::Null)["error"]["code"], -32600);
    client.tell("exit", Value::Null);
    assert_eq!(client.ended().0, 0);
}

#[test]
fn an_end_without_a_word_is_no_success() {
    let mut client = Client::start(json!({}));
    client.tell("exit", Value::Null);
    assert_eq!(client.ended().0, 1);
    assert_eq!(Client::start(json!({})).end().0, 1);
}

#[test]
fn changes_outside_of_the_text_and_of_unknown_documents_are_survived() {
    let mut client = Client::start(json!({}));
    client.open(URI, "{\"resourceType\":\"Patient\"}");
    let far = json!({"line": 4_000_000_000_u32, "character": 4_000_000_000_u32});
    let range = json!({"start": far, "end": {"line": 0, "character": 9}});
    client.change(URI, 2, json!([{"range": range, "text": "\u{1f600}"}]));
    client.change("file:///none.json", 2, json!([{"text": ""}]));
    client.change(URI, 3, json!([{"range": {"start": -1}, "text": ""}]));
    client.change(URI, 4, json!([{"text": "{\"resourceType\":\"Patient\",\"active\":1}"}]));
    assert_eq!(client.diagnostics(URI, 4), ["0:35 primitive-lexeme"]);
    client.stop();
}

#[test]
fn a_thousand_changes_in_a_second_are_validated_once_they_pause() {
    let mut client = Client::start(json!({}));
    client.open(URI, "{\"resourceType\":\"Patient\",\n\"active\":true}");
    client.diagnostics(URI, 1);
    let start = json!({"line": 1, "character": 0});
    for version in 2..1002 {
        let range = json!({"start": start, "end": start});
        client.change(URI, version, json!([{"range": range, "text": " "}]));
    }
    client.change(URI, 1002, json!([{"range": {"start": start, "end": start}, "text": "\"a\":1,"}]));
    assert_eq!(client.diagnostics(URI, 1002), ["0:0 element-unknown"]);
    client.stop();
}

#[test]
fn a_large_document_keeps_nobody_from_typing() {
    let mut client = Client::start(json!({}));
    let line = "{\"use\":\"official\",\"family\":\"Chalmers\",\"given\":[\"Peter\",\"James\"]},\n";
    let names = line.repeat(12_000_000 / line.len());
    let text = format!("{{\"resourceType\":\"Patient\",\"name\":[{names}{{\"fam\":\"x\"}}]}}");
    client.open(URI, &text);
    for version in 2..30 {
        let range = json!({"start": {"line": 0, "character": 0}, "end": {"line": 0, "character": 0}});
        client.change(URI, version, json!([{"range": range, "text": " "}]));
    }
    let began = Instant::now();
    let hover = json!({"textDocument": {"uri": "file:///none"}, "position": {"line": 0, "character": 0}});
    assert_eq!(client.answer("textDocument/hover", hover)["error"]["code"], -32602);
    assert!(began.elapsed() < Duration::from_secs(60), "{:?}", began.elapsed());
    assert!(client.diagnostics(URI, 29).iter().any(|d| d.ends_with("element-unknown")));
    client.stop();
}

#[test]
fn what_keeps_a_server_from_validating_is_told_in_the_document() {
    let mut client = Client::silent(&["--package", "no.such.package#1.0.0"]);
    client.ask("initialize", json!({"processId": null, "capabilities": {}}));
    client.open(URI, "{\"resourceType\":\"Patient\"}");
    let said = client.hear();
    let message = said["params"]["diagnostics"][0]["message"].as_str().unwrap();
    assert!(message.starts_with("not validated: ") && message.contains("no.such.package"), "{message}");
    client.stop();
}
