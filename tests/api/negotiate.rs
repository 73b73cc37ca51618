//! Negotiation routes: the check of bodies, the kept results.

use crate::support::{on, shared};

#[test]
fn a_negotiated_set_is_read_back_byte_for_byte() {
    let folder = tempfile::tempdir().unwrap();
    let server = on(folder.path());
    let answer = server.post("/negotiate", r#"{"client":"ig:a#1","server":"ig:b#1"}"#);
    assert_eq!(answer.status, 200, "{}", String::from_utf8_lossy(&answer.body));
    let place = answer.header("content-location").unwrap().to_owned();
    assert_eq!(place, format!("/negotiate/{}", answer.json()["id"].as_str().unwrap()));
    assert_eq!(server.get(&place).body, answer.body);
    drop(server);
    let server = on(folder.path());
    assert_eq!(server.get(&place).body, answer.body);
    assert_eq!(server.get("/negotiate/none").status, 404);
}

#[test]
fn what_cannot_be_negotiated() {
    assert_eq!(shared().post("/negotiate", "no json").status, 400);
    assert!((400..500).contains(&shared().post("/negotiate", "{}").status));
    assert_eq!(shared().ask("POST", "/negotiate", &[("content-type", "text/plain")], b"{}").status, 415);
    assert_eq!(shared().get("/negotiate").status, 405);
}

#[test]
fn scopes() {
    let answer = shared().post("/scope/explain", r#"{"scope":"patient/*.read"}"#);
    assert_eq!(answer.status, 200, "{}", String::from_utf8_lossy(&answer.body));
    assert_eq!(shared().post("/scope/sing", "{}").status, 404);
    assert_eq!(shared().post("/scope/explain", "{").status, 400);
}
