//! Parties as answers tell them.

use serde_json::{Value, json};

use crate::http::service::Service;
use crate::parties::{Notes, instant};
use crate::remote::server_url::ServerUrl;

/// A party without its documents. Of its URL the query, which may contain a key, is not shown.
pub(super) fn party(service: &Service, id: &str, notes: &Notes) -> Value {
    let book = &service.parties.book;
    let state = book.state(id).unwrap_or_default();
    let failure = state.last_failure.map(|f| json!({"at": instant(f.at), "document": f.document, "kind": f.kind}));
    json!({
        "id": id,
        "title": notes.title,
        "url": notes.url.as_deref().and_then(|url| ServerUrl::parse(url).ok()).map(|url| url.to_string()),
        "refreshSeconds": notes.refresh_seconds,
        "sha256": notes.sha256,
        "bytes": notes.bytes,
        "created": instant(notes.created),
        "changed": instant(notes.changed),
        "negotiations": book.links_of(id),
        "state": {
            "lastSuccess": state.last_success.map(instant),
            "lastFailure": failure,
            "nextRefresh": state.next.map(instant),
            "refreshing": state.is_running,
        },
    })
}

/// The statements of a party, the newest first.
pub(super) fn history(id: &str, notes: &Notes) -> Value {
    let told = notes
        .history
        .iter()
        .rev()
        .map(|past| json!({"at": instant(past.at), "sha256": past.sha256, "by": past.by, "changes": past.changes}));
    json!({"party": id, "history": told.collect::<Vec<_>>(), "forgotten": notes.forgotten})
}
