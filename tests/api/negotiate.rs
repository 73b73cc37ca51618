//! Negotiation routes: the check of bodies, the kept results.

use serde_json::json;

use crate::support::{on, shared, with};

#[test]
fn a_negotiated_set_is_read_back_byte_for_byte() {
    let folder = tempfile::tempdir().unwrap();
    let server = on(folder.path());
    let answer = server.ask_as("secret", "POST", "/negotiate", r#"{"client":"ig:a#1","server":"ig:b#1"}"#);
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
    assert_eq!(shared().ask("PUT", "/negotiate", &[], b"").status, 405);
}

#[test]
fn scopes() {
    let answer = shared().post("/scope/explain", r#"{"scope":"patient/*.read"}"#);
    assert_eq!(answer.status, 200, "{}", String::from_utf8_lossy(&answer.body));
    assert_eq!(shared().post("/scope/sing", "{}").status, 404);
    assert_eq!(shared().post("/scope/explain", "{").status, 400);
}

/// A negotiation that takes 1.5 s in these tests, with so many bytes of filling.
fn slow(bytes: usize) -> String {
    json!({"client": "ig:a#1", "server": "ig:b#1", "need": ["sleep", "x".repeat(bytes)]}).to_string()
}

#[test]
fn large_ones_keep_nobody_waiting() {
    let server = with(json!({"workers": 1}));
    std::thread::scope(|scope| {
        let large: Vec<_> = (0..4).map(|_| scope.spawn(|| server.post("/negotiate", slow(100_000)).status)).collect();
        std::thread::sleep(std::time::Duration::from_millis(200));
        for _ in 0..3 {
            assert_eq!(server.post("/negotiate", r#"{"client":"ig:a#1","server":"ig:b#1"}"#).status, 200);
            assert_eq!(server.post("/scope/normalise", r#"{"scope":"openid"}"#).status, 200);
        }
        assert!(large.iter().filter(|thread| !thread.is_finished()).count() >= 3, "the small ones had to wait");
        assert!(large.into_iter().all(|thread| thread.join().unwrap() == 200));
    });
}

#[test]
fn slow_negotiations_do_not_keep_scopes_waiting() {
    let server = with(json!({"workers": 1}));
    std::thread::scope(|scope| {
        let slow: Vec<_> = (0..16).map(|_| scope.spawn(|| server.post("/negotiate", slow(10)).status)).collect();
        std::thread::sleep(std::time::Duration::from_millis(200));
        assert_eq!(server.post("/scope/normalise", r#"{"scope":"openid"}"#).status, 200);
        assert!(slow.iter().any(|thread| !thread.is_finished()), "the scopes had to wait");
        assert!(slow.into_iter().all(|thread| thread.join().unwrap() == 200));
    });
}

#[test]
fn an_answer_has_a_bound() {
    let server = with(json!({}));
    let body = |bytes: usize| json!({"client": "ig:a#1", "server": "ig:b#1", "need": ["x".repeat(bytes)]}).to_string();
    let around = server.post("/negotiate", body(1)).body.len() - 1;
    let most = (32 << 20) - around;
    assert_eq!(server.post("/negotiate", body(most)).body.len(), 32 << 20);
    let answer = server.post("/negotiate", body(most + 1));
    assert_eq!((answer.status, answer.codes()), (422, vec!["limit-answer".to_owned()]));
}
