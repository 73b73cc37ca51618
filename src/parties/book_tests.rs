//! Who is due, how many run at once, and what is out of date.

use serde_json::json;

use super::*;
use crate::parties::Endpoint;

fn notes(url: Option<&str>, revision: u64, sha256: Option<&str>) -> Notes {
    let (url, sha256) = (url.map(str::to_owned), sha256.map(str::to_owned));
    Notes { url, revision, sha256, refresh_seconds: 600, ..Notes::default() }
}

fn link(client: &str, server: &str, hash: &str) -> LinkNotes {
    let end = |party: &str| Endpoint { party: party.to_owned(), sha256: hash.to_owned() };
    LinkNotes {
        client: end(client),
        server: end(server),
        request: json!({}),
        at: 1,
        summary: json!({"verdict": "compatible"}),
        drift: Vec::new(),
        forgotten: 0,
    }
}

#[test]
fn what_is_due_is_fetched_a_few_at_once() {
    let book = Book::new(1);
    for i in 0..10 {
        book.put(&format!("p{i}"), &notes(Some("https://a.test"), 1, None), 100);
    }
    book.put("own", &notes(None, 1, Some("a")), 100);
    assert_eq!(book.due(99), None);
    let jobs: Vec<Job> = std::iter::from_fn(|| book.due(100)).collect();
    assert_eq!(jobs.len(), FETCHES);
    assert_eq!(book.begin("p0"), Err(Busy::Running));
    assert_eq!((book.begin("p9"), book.begin("own"), book.begin("x")).0, Err(Busy::Full));
    assert_eq!((book.begin("own"), book.begin("x")), (Err(Busy::NoUrl), Err(Busy::Unknown)));
    book.ended(&jobs[0], &Ended::Known(Validators::default()), 101);
    book.ended(&jobs[1], &Ended::Failed("statement", "timeout"), 101);
    let state = book.state(&jobs[0].id).unwrap();
    assert_eq!((state.last_success, state.last_failure, state.is_running), (Some(101), None, false));
    assert!(state.next.is_some_and(|next| (641..=761).contains(&next)));
    let state = book.state(&jobs[1].id).unwrap();
    let failure = FetchFailed { at: 101, document: "statement".to_owned(), kind: "timeout".to_owned() };
    assert_eq!((state.last_success, state.last_failure.as_ref()), (None, Some(&failure)));
    // Another process reads it from what is kept.
    let again = Book::new(2);
    again.found("p", &Notes { failure: Some(failure.clone()), ..notes(Some("https://a.test"), 1, None) }, 200);
    assert_eq!(again.state("p").unwrap().last_failure, Some(failure));
    assert!(state.next.is_some_and(|next| (161..=167).contains(&next)));
    assert!(book.due(101).is_some() && book.due(101).is_some() && book.due(101).is_none());
}

#[test]
fn what_was_begun_before_a_put_counts_no_longer() {
    let book = Book::new(1);
    book.put("p", &notes(Some("https://a.test"), 1, None), 0);
    let job = book.due(0).unwrap();
    book.put("p", &notes(Some("https://b.test"), 2, None), 1);
    assert_eq!(book.due(1), None, "one at a time");
    book.ended(&job, &Ended::Failed("statement", "status"), 2);
    assert_eq!(book.state("p").unwrap().last_failure, None);
    assert_eq!(book.due(2).map(|job| job.url).as_deref(), Some("https://b.test"));
    // Deleted and put again it has another number, whatever still runs.
    book.found("q", &notes(None, 7, None), 0);
    assert_eq!((book.next_revision(), book.next_revision()), (8, 9));
    book.remove("p");
    book.ended(&job, &Ended::Void, 3);
    assert_eq!((book.state("p"), book.count()), (None, 1));
}

#[test]
fn negotiations_of_other_documents_are_outdated() {
    let book = Book::new(1);
    for id in ["app", "ehr"] {
        book.put(id, &notes(None, 1, Some("a")), 0);
    }
    book.link("l1", &link("app", "ehr", "a"));
    book.link("l2", &link("app", "gone", "a"));
    let outdated = |now| book.outdated(now).map(|outdated| outdated.id);
    assert_eq!(outdated(0), None);
    book.changed("ehr", &notes(None, 1, Some("b")));
    let tried = book.outdated(0).unwrap();
    assert_eq!((tried.id.as_str(), &tried.of), ("l1", &[Some("a".to_owned()), Some("b".to_owned())]));
    book.link_failed(&tried, "negotiation", 10);
    assert_eq!((outdated(69), outdated(70).as_deref()), (None, Some("l1")));
    let row = book.row("l1").unwrap().value;
    assert_eq!((&row["current"], &row["lastFailure"]["kind"]), (&json!(false), &json!("negotiation")));
    book.changed("ehr", &notes(None, 1, Some("c")));
    assert_eq!(outdated(11).as_deref(), Some("l1"), "other documents are tried at once");
    // What came while it was tried is not what it failed at.
    book.link_failed(&tried, "negotiation", 12);
    assert_eq!(outdated(13).as_deref(), Some("l1"));
    book.changed("ehr", &notes(None, 1, Some("a")));
    assert_eq!((outdated(999), book.row("l1").unwrap().value["current"].clone()), (None, json!(true)));
    assert_eq!(book.row("l2").unwrap().value["current"], false);
    assert_eq!(book.links_of("app"), 2);
}

#[test]
fn the_matrix_of_a_party_comes_in_pages() {
    let book = Book::new(1);
    for i in 0..5 {
        book.link(&format!("l{i}"), &link("app", &format!("s{i}"), "a"));
    }
    book.link("l9", &link("other", "s1", "a"));
    let ids = |rows: Vec<LinkRow>| rows.into_iter().map(|row| row.id).collect::<Vec<_>>();
    let (rows, total) = book.rows([Some("app"), None], None, 2);
    assert_eq!((ids(rows), total), (vec!["l0".to_owned(), "l1".to_owned()], 5));
    assert_eq!(ids(book.rows([Some("app"), None], Some("l1"), 9).0), ["l2", "l3", "l4"]);
    assert_eq!(ids(book.rows([None, Some("s1")], None, 9).0), ["l1", "l9"]);
    assert_eq!(ids(book.rows([Some("other"), Some("s1")], None, 9).0), ["l9"]);
    book.unlink("l9");
    assert_eq!(book.rows([Some("other"), None], None, 9).1, 0);
}
