//! What is kept of a party: its history within its bound, and what was fetched.

use serde_json::json;

use super::*;
use crate::parties::remembered::{BYTES_LIMIT, bytes};

#[test]
fn history_tells_what_changed_within_its_bound() {
    let statement = |n: usize| json!({"statement": {"resourceType": "CapabilityStatement", "version": n}});
    let mut notes = Notes::default();
    let source = Source { url: Some("https://a.test".to_owned()), ..Source::default() };
    notes.put(source.clone(), 1, 5);
    assert!(!notes.take(&json!({}), &json!({"scope": "x"}), By::Put, 5, 3) && notes.sha256.is_none());
    for n in 1..6 {
        assert!(notes.take(&statement(n - 1), &statement(n), By::Refresh, 10 + n as u64, 3));
        assert!(!notes.take(&statement(n), &statement(n), By::Refresh, 99, 3));
    }
    assert_eq!((notes.history.len(), notes.forgotten, notes.changed), (3, 2, 15));
    assert_eq!(notes.history[2].changes.changed, ["statement.version"]);
    notes.validators.statement.etag = Some("x".to_owned());
    notes.put(source, 2, 50);
    assert!(notes.validators.statement.etag.is_some() && (notes.created, notes.revision) == (5, 2));
    notes.put(Source::default(), 3, 51);
    assert_eq!(notes.validators, Validators::default());
}

/// Whoever writes a party chooses how long the names are that changes are told by.
#[test]
fn history_is_remembered_within_its_bytes() {
    let documents = |n: usize| {
        let name = |i: usize| format!("{n}-{i}-{}", "\u{1}".repeat(190));
        let inner: serde_json::Map<String, Value> = (0..50).map(|i| (name(i), json!(1))).collect();
        let outer = (0..4).fold(Value::Object(inner), |inner, _| json!({"\u{1}".repeat(200): inner}));
        json!({"statement": outer})
    };
    let mut notes = Notes::default();
    for n in 1..30 {
        assert!(notes.take(&documents(n - 1), &documents(n), By::Put, n as u64, 50));
    }
    assert!(bytes(&notes.history) <= BYTES_LIMIT + 100 && notes.forgotten > 0, "{}", notes.forgotten);
    assert_eq!(notes.history.len() + notes.forgotten, 29);
    assert_eq!(notes.history.last().unwrap().at, 29);
}

#[test]
fn what_was_fetched_stays_where_it_came_from() {
    let had = json!({"statement": {"a": 1}, "smart": {"b": 1}, "scope": "old"});
    let body = json!({"url": "https://a.test", "scope": "new", "smart": null});
    assert_eq!(documents_of(&body, Some(&had)), json!({"statement": {"a": 1}, "smart": {"b": 1}, "scope": "new"}));
    assert_eq!(documents_of(&body, None), json!({"scope": "new"}));
    assert_eq!(documents_of(&json!({"statement": 1, "x": 2}), Some(&had)), json!({"statement": 1}));
    let turned = json!({"scope": "old", "smart": {"b": 1}, "statement": {"a": 1}});
    assert_eq!((sha256(&had), sha256(&json!({"scope": "x"}))), (sha256(&turned), None));
}
