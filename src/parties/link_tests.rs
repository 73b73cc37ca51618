//! What a request between parties is resolved to, and what is remembered of drifts.

use super::*;

#[test]
fn a_request_is_stronger_than_its_parties() {
    let request = json!({"client": {"party": "app"}, "server": {"party": "ehr"}, "scope": "own", "need": ["Patient"]});
    let client = json!({"statement": {"a": 1}, "scope": "party", "flow": "ehr", "smart": {"not": "this"}});
    let server = json!({"statement": "ig:x#1", "smart": {"b": 1}, "scope": "not this"});
    assert_eq!(
        resolved(&request, &client, &server),
        json!({
            "client": {"a": 1}, "server": "ig:x#1", "scope": "own", "need": ["Patient"], "smart": {"b": 1},
            "flow": "ehr",
        })
    );
    assert_eq!(parties_of(&request), [Some("app"), Some("ehr")]);
    assert_eq!(parties_of(&json!({"client": "ig:a", "server": {"party": 1}})), [None, None]);
    let turned = json!({"server": {"party": "ehr"}, "need": ["Patient"], "scope": "own", "client": {"party": "app"}});
    assert_eq!(id_of(&request), id_of(&turned));
    assert_eq!(id_of(&request).len(), BETWEEN.len() + 64);
}

#[test]
fn of_a_token_response_nothing_secret_stays() {
    let with =
        |response: Value| json!({"client": {"party": "a"}, "policy": {"tokenResponse": response, "granted": "x"}});
    let whole = json!({
        "access_token": "secret", "refresh_token": "secret", "id_token": 1, "scope": "openid", "patient": "secret",
    });
    let kept = without_token(with(whole));
    assert_eq!(kept, with(json!({"scope": "openid", "patient": PATIENT})));
    assert_eq!(without_token(kept.clone()), kept);
    assert_eq!(without_token(with(json!({"access_token": "x", "patient": null}))), with(json!({})));
    for other in [json!({}), json!([1]), json!({"policy": 3}), with(json!("text"))] {
        assert_eq!(without_token(other.clone()), other);
    }
}

fn notes(n: usize) -> LinkNotes {
    let end = |n: usize| Endpoint { party: "p".to_owned(), sha256: n.to_string() };
    LinkNotes {
        client: end(0),
        server: end(n),
        request: json!({}),
        at: n as u64,
        summary: json!({}),
        drift: Vec::new(),
        forgotten: 0,
    }
}

/// A client chooses names, and so how long a drift is.
#[test]
fn drifts_are_remembered_within_their_bytes() {
    let result = |n: usize, count: usize| {
        let name = |i: usize| format!("{n}-{i}-{}", "\u{1}".repeat(900));
        let rows: Vec<Value> = (0..count).map(|i| json!({"name": name(i), "verdict": "ok"})).collect();
        json!({"system": {"operations": rows}})
    };
    let mut last = notes(0);
    for n in 1..9 {
        let mut next = notes(n);
        next.follow(last, &result(n - 1, 150), &result(n, 150), 50);
        last = next;
        assert!(bytes(&last.drift) <= BYTES_LIMIT + 100, "{}", bytes(&last.drift));
    }
    assert_eq!((last.drift.len(), last.drift.len() + last.forgotten), (2, 8));
    assert_eq!(last.drift[1]["added"].as_array().unwrap().len(), 150);
    // One that is too long by itself is told by its counts.
    let huge = |n: usize| {
        let operations = &result(n, 200)["system"]["operations"];
        json!({"resources": [{"type": "\u{1}".repeat(990), "operations": operations}]})
    };
    let mut next = notes(9);
    next.follow(last, &huge(1), &huge(2), 50);
    assert_eq!((next.drift.len(), &next.drift[2]["counts"]["added"]), (3, &json!(200)));
    assert_eq!((&next.drift[2]["added"], &next.drift[2]["removed"]), (&json!([]), &json!([])));
}

#[test]
fn drifts_are_remembered_within_their_bound() {
    let result = |n: usize| json!({"verdict": if n.is_multiple_of(2) { "compatible" } else { "degraded" }});
    let mut last = notes(0);
    for n in 1..5 {
        let mut next = notes(n);
        next.follow(last, &result(n - 1), &result(n), 3);
        last = next;
    }
    assert_eq!((last.drift.len(), last.forgotten), (3, 1));
    assert_eq!(last.drift[2]["server"], json!({"party": "p", "from": "3", "to": "4"}));
    assert_eq!(last.drift[2]["verdict"], json!({"from": "degraded", "to": "compatible"}));
    let mut same = notes(4);
    same.follow(last, &result(4), &result(4), 3);
    assert_eq!(same.drift.len(), 3, "nothing drifted");
}
