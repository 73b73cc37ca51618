//! Parties that are put with their documents: kept, listed, changed, deleted; who may do so, and how much.

use fhir_accord::store::Store;
use serde_json::{Value, json};

use super::{echoing, service, statement};
use crate::support::store_in;

#[test]
fn a_party_is_kept_until_it_is_deleted() {
    let folder = tempfile::tempdir().unwrap();
    let (server, clock) = service(json!({}), store_in(folder.path()));
    let body = json!({"title": "An app", "statement": statement("client", &["read"]), "scope": "patient/*.rs"});
    let made = server.put_party("app", &body);
    assert_eq!((made.status, made.header("location")), (201, Some("/parties/app")));
    let told = made.json();
    server.fits("party.json", &told);
    assert_eq!(told["created"], "2023-11-14T22:13:20Z");
    assert_eq!((&told["url"], &told["title"], &told["negotiations"]), (&Value::Null, &json!("An app"), &json!(0)));
    let one = server.get("/parties/app").json();
    server.fits("party.json", &one);
    assert_eq!(one["documents"], json!({"statement": body["statement"], "scope": "patient/*.rs"}));
    clock.set(1_700_000_060);
    let again = server.put_party("app", &body).json();
    assert_eq!((&again["sha256"], &again["changed"]), (&told["sha256"], &told["changed"]), "nothing changed");
    let other = server.put_party("app", &json!({"statement": statement("client", &["read", "create"])}));
    assert_eq!(other.status, 200);
    assert_ne!(other.json()["sha256"], told["sha256"]);
    let history = server.get("/parties/app/history").json();
    server.fits("party-history.json", &history);
    let past = history["history"].as_array().unwrap();
    assert_eq!(past.len(), 2);
    assert_eq!((&past[0]["sha256"], &past[1]["sha256"]), (&other.json()["sha256"], &told["sha256"]));
    assert_eq!((&past[0]["at"], &past[0]["by"]), (&json!("2023-11-14T22:14:20Z"), &json!("put")));
    let path = "statement.rest[client].resource[Patient].interaction[create]";
    assert_eq!(past[0]["changes"], json!({"added": [path], "removed": ["scope"], "changed": [], "total": 2}));
    let before = (server.get("/parties/app").body, server.get("/parties/app/history").body);
    drop(server);
    let (server, _) = service(json!({}), store_in(folder.path()));
    assert_eq!((server.get("/parties/app").body, server.get("/parties/app/history").body), before);
    assert_eq!(server.ask("DELETE", "/parties/app", &[], b"").status, 401);
    assert_eq!(server.ask_as("secret", "DELETE", "/parties/app", "").status, 204);
    for (method, path) in [("GET", ""), ("DELETE", ""), ("GET", "/history"), ("POST", "/refresh")] {
        let gone = server.ask_as("secret", method, &format!("/parties/app{path}"), "");
        assert_eq!((gone.status, gone.codes()), (404, vec!["party-unknown".to_owned()]), "{method} {path}");
    }
    drop(server);
    let (server, _) = service(json!({}), store_in(folder.path()));
    assert_eq!(server.get("/parties/app").status, 404, "it does not come back");
}

#[test]
fn parties_are_listed_in_pages() {
    let (server, _) = service(json!({}), Store::temporary().unwrap());
    for id in ["c", "a", "b", "B-1.x"] {
        server.has_party(id, "client", &["read"]);
    }
    let ids = |page: &Value| -> Vec<String> {
        page["parties"].as_array().unwrap().iter().map(|p| p["id"].as_str().unwrap().to_owned()).collect()
    };
    let first = server.get("/parties?count=3").json();
    server.fits("parties.json", &first);
    assert_eq!((ids(&first), &first["total"]), (vec!["B-1.x".into(), "a".into(), "b".into()], &json!(4)));
    let next = first["next"].as_str().unwrap();
    let last = server.get(next).json();
    assert_eq!((ids(&last), &last["next"]), (vec!["c".into()], &Value::Null));
    for query in ["count=0", "count=x", "page=2", "client=a"] {
        assert_eq!(server.get(&format!("/parties?{query}")).status, 400, "{query}");
    }
}

#[test]
fn writing_needs_the_admin_token_or_the_party_token() {
    let tokens = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(tokens.path(), "parties\n").unwrap();
    let server = echoing(json!({"partyTokenFile": tokens.path()}), Store::temporary().unwrap());
    let body = json!({"statement": "ig:a#1"}).to_string();
    for token in ["other", "partie"] {
        let refused = server.ask_as(token, "PUT", "/parties/a", &body);
        let said = (refused.status, refused.header("www-authenticate"));
        assert_eq!(said, (401, Some("Bearer error=\"invalid_token\"")), "`{token}`");
        assert_eq!(server.ask_as(token, "POST", "/parties/a/refresh", "").status, 401);
    }
    let refused = server.ask("PUT", "/parties/a", &[], body.as_bytes());
    assert_eq!((refused.status, refused.header("www-authenticate")), (401, Some("Bearer")));
    assert_eq!(server.ask_as("parties", "PUT", "/parties/a", &body).status, 201);
    assert_eq!(server.ask_as("secret", "PUT", "/parties/b", &body).status, 201);
    let between = json!({"client": {"party": "a"}, "server": {"party": "b"}}).to_string();
    assert_eq!(server.post("/negotiate", &between).status, 401);
    let made = server.ask_as("parties", "POST", "/negotiate", &between);
    assert_eq!(made.status, 200, "{}", String::from_utf8_lossy(&made.body));
    let place = made.header("content-location").unwrap().to_owned();
    // It does not stand for the admin token.
    let other = r#"{"client": "ig:a#1", "server": "ig:b#1"}"#;
    let held = server.ask_as("parties", "POST", "/negotiate", other);
    assert!(held.json()["expires"].is_string());
    let held = held.header("content-location").unwrap().to_owned();
    assert_eq!(server.ask_as("parties", "DELETE", &held, "").status, 403);
    assert_eq!(server.ask_as("parties", "DELETE", &place, "").status, 204);
    assert_eq!(server.get(&place).codes(), ["negotiation-unknown"]);
    assert_eq!(server.ask_as("parties", "DELETE", "/parties/a", "").status, 204);
    let without = crate::support::with(json!({}));
    let off = without.ask("PUT", "/parties/a", &[("content-type", "application/json")], body.as_bytes());
    assert_eq!((off.status, off.codes()), (403, vec!["switched-off".to_owned()]));
}

/// A token that reads is known, and for other things.
#[test]
fn a_read_token_writes_no_parties() {
    let (tokens, readers) = (tempfile::NamedTempFile::new().unwrap(), tempfile::NamedTempFile::new().unwrap());
    std::fs::write(tokens.path(), "parties\n").unwrap();
    std::fs::write(readers.path(), "reader\n").unwrap();
    let settings = json!({"partyTokenFile": tokens.path(), "readTokensFile": readers.path()});
    let server = echoing(settings, Store::temporary().unwrap());
    let body = json!({"statement": "ig:a#1"}).to_string();
    let refused = server.ask_as("reader", "PUT", "/parties/a", &body);
    let said = (refused.status, refused.header("www-authenticate"));
    assert_eq!(said, (403, Some("Bearer error=\"insufficient_scope\"")));
    assert_eq!(server.ask_as("other", "PUT", "/parties/a", &body).status, 401);
    assert_eq!(server.ask_as("parties", "PUT", "/parties/a", &body).status, 201);
    assert_eq!(server.ask_as("reader", "GET", "/parties/a", "").status, 200);
}

/// What is damaged neither hides the others nor stands in the way of what takes its place.
#[test]
fn a_damaged_party_is_left_out_and_can_be_put_anew() {
    let folder = tempfile::tempdir().unwrap();
    let store = store_in(folder.path());
    store.keep_party("bad", b"no notes", b"{}").unwrap();
    store.close().unwrap();
    drop(store);
    let (server, _) = service(json!({}), store_in(folder.path()));
    server.has_party("good", "client", &["read"]);
    let listed = server.get("/parties");
    assert_eq!(listed.status, 200);
    let listed = listed.json();
    assert_eq!((listed["parties"].as_array().unwrap().len(), &listed["parties"][0]["id"]), (1, &json!("good")));
    assert_eq!(server.get("/parties/bad").status, 500);
    let made = server.put_party("bad", &json!({"statement": statement("server", &["read"])}));
    assert_eq!(made.status, 201, "{}", String::from_utf8_lossy(&made.body));
    assert_eq!(server.get("/parties/bad").json()["id"], "bad");
    assert_eq!(server.get("/parties").json()["parties"].as_array().unwrap().len(), 2);
}

#[test]
fn what_is_no_party_is_refused() {
    let (server, _) = service(json!({"limits": {"partyDocumentBytes": 2000}}), Store::temporary().unwrap());
    let client = statement("client", &["read"]);
    for (body, status) in [
        (json!({}), 422),
        (json!([]), 422),
        (json!({"statement": {"resourceType": "Patient"}}), 422),
        (json!({"statement": client, "url": "https://fhir.example.org"}), 422),
        (json!({"statement": client, "refreshSeconds": 60}), 422),
        (json!({"statement": client, "smart": []}), 422),
        (json!({"statement": client, "more": 1}), 422),
        (json!({"url": "https://fhir.example.org", "smart": {}}), 422),
        (json!({"url": "fhir.example.org"}), 422),
        (json!({"url": "https://fhir.example.org:8443"}), 422),
        (json!({"url": "https://a:b@fhir.example.org"}), 422),
        (json!({"url": "http://127.0.0.1/fhir"}), 422),
        (json!({"url": "http://[::ffff:10.0.0.1]/fhir"}), 422),
        (json!({"url": "http://169.254.169.254/"}), 422),
        (json!({"url": "ftp://fhir.example.org"}), 422),
        (json!({"url": "https://fhir.example.org", "refreshSeconds": -1}), 422),
        (json!({"statement": client, "scope": "x".repeat(2000)}), 413),
    ] {
        let answer = server.put_party("p", &body);
        assert_eq!(answer.status, status, "{body}: {}", String::from_utf8_lossy(&answer.body));
        assert!(!String::from_utf8_lossy(&answer.body).contains("a:b@"));
    }
    assert_eq!(server.ask_as("secret", "PUT", "/parties/p", "{").status, 400);
    assert_eq!(server.get("/parties").json()["total"], 0);
    for id in ["a/b", "a%2Fb", "..%2f", "%00", "a b", "ä", &"x".repeat(65)] {
        let answer = server.put_party(&id.replace(' ', "%20").replace('ä', "%C3%A4"), &json!({"statement": client}));
        assert_eq!(answer.status, 404, "{id}");
    }
    assert_eq!(server.ask_as("secret", "PATCH", "/parties/p", "").header("allow"), Some("GET, HEAD, PUT, DELETE"));
    assert_eq!(server.put_party("p", &json!({"statement": client})).status, 201);
    assert_eq!(server.ask_as("secret", "POST", "/parties/p/refresh", "").codes(), ["conflict"]);
}

#[test]
fn no_more_are_kept_than_the_settings_allow_and_none_is_forgotten() {
    let (server, _) = service(json!({"limits": {"parties": 2, "partyHistory": 2}}), Store::temporary().unwrap());
    server.has_party("a", "client", &["read"]);
    server.has_party("b", "client", &["read"]);
    let refused = server.put_party("c", &json!({"statement": statement("client", &["read"])}));
    assert_eq!((refused.status, refused.codes()), (507, vec!["party-limit".to_owned()]));
    assert_eq!(server.get("/parties/c").status, 404);
    for code in ["create", "update", "delete"] {
        server.has_party("a", "client", &[code]);
    }
    let history = server.get("/parties/a/history").json();
    assert_eq!((history["history"].as_array().unwrap().len(), &history["forgotten"]), (2, &json!(2)));
    assert_eq!(server.get("/parties").json()["total"], 2);
    assert!(String::from_utf8_lossy(&server.get("/metrics").body).contains("accord_parties 2"));
    assert_eq!(server.ask_as("secret", "DELETE", "/parties/b", "").status, 204);
    server.has_party("c", "client", &["read"]);
    let (server, _) = service(json!({"limits": {"partyBytes": 10}}), Store::temporary().unwrap());
    assert_eq!(server.put_party("a", &json!({"statement": statement("client", &["read"])})).codes(), ["party-limit"]);
}
