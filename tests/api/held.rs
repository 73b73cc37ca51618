//! Negotiations that are held until they expire, and those that are kept until they are deleted.

use fhir_accord::store::Store;
use serde_json::json;

use crate::support::{by_clock, store_in};
use crate::wire::Answer;

fn request(i: usize) -> String {
    json!({"client": format!("ig:a#{i}"), "server": "ig:b#1"}).to_string()
}

fn place(answer: &Answer) -> String {
    assert_eq!(answer.status, 200, "{}", String::from_utf8_lossy(&answer.body));
    answer.header("content-location").unwrap().to_owned()
}

#[test]
fn without_a_token_they_expire() {
    let (server, clock) = by_clock(json!({"limits": {"cachedNegotiationSeconds": 60}}), Store::temporary().unwrap());
    clock.set(1_700_000_000);
    let answer = server.post("/negotiate", request(1));
    let place = place(&answer);
    assert_eq!(answer.json()["expires"], "2023-11-14T22:14:20Z");
    assert_eq!(answer.header("expires"), Some("Tue, 14 Nov 2023 22:14:20 GMT"));
    let again = server.get(&place);
    assert_eq!((&again.body, again.header("expires")), (&answer.body, answer.header("expires")));
    let schema = server.get("/schema/negotiate-result.json").json();
    assert_eq!(schema["properties"]["expires"]["format"], "date-time");
    clock.set(1_700_000_059);
    assert_eq!(server.get(&place).status, 200);
    assert_eq!(server.get("/negotiate").json(), json!({"total": 0, "negotiations": [], "next": null}));
    clock.set(1_700_000_060);
    for method in ["GET", "DELETE"] {
        let gone = server.ask_as("secret", method, &place, "");
        assert_eq!((gone.status, gone.codes()), (410, vec!["negotiation-expired".to_owned()]), "{method}");
        let unknown = server.ask_as("secret", method, &format!("/negotiate/{}", "0".repeat(64)), "");
        assert_eq!((unknown.status, unknown.codes()), (404, vec!["negotiation-unknown".to_owned()]), "{method}");
    }
    // Negotiated again it is held again.
    assert_eq!(server.post("/negotiate", request(1)).json()["expires"], "2023-11-14T22:15:20Z");
    assert_eq!(server.get(&place).status, 200);
    assert_eq!(server.ask("DELETE", &place, &[], b"").status, 401);
    assert_eq!(server.ask_as("secret", "DELETE", &place, "").status, 204);
    assert_eq!(server.get(&place).codes(), ["negotiation-unknown"]);
}

#[test]
fn with_the_token_they_are_kept_until_they_are_deleted() {
    let folder = tempfile::tempdir().unwrap();
    let (server, clock) = by_clock(json!({}), store_in(folder.path()));
    // What was held first is kept as the same, without an end.
    let held = server.post("/negotiate", request(1));
    let kept = server.ask_as("secret", "POST", "/negotiate", request(1));
    let place = place(&kept);
    assert_eq!((held.json()["id"].clone(), kept.json().get("expires")), (kept.json()["id"].clone(), None));
    assert_eq!(kept.header("expires"), None);
    assert_eq!(server.get(&place).body, kept.body);
    assert_eq!(server.post("/negotiate", request(1)).body, kept.body, "it is kept already");
    for token in ["secre", "other", ""] {
        let refused = server.ask_as(token, "POST", "/negotiate", request(2));
        let scheme = "Bearer error=\"invalid_token\"";
        assert_eq!((refused.status, refused.header("www-authenticate")), (401, Some(scheme)), "`{token}`");
    }
    clock.set(10_000_000);
    assert_eq!(server.get(&place).body, kept.body);
    drop(server);
    let (server, _) = by_clock(json!({}), store_in(folder.path()));
    assert_eq!(server.get(&place).body, kept.body);
    assert_eq!(server.ask("DELETE", &place, &[], b"").status, 401);
    assert_eq!(server.ask_as("secret", "DELETE", &place, "").status, 204);
    for method in ["GET", "DELETE"] {
        assert_eq!(server.ask_as("secret", method, &place, "").status, 404);
    }
    drop(server);
    let (server, _) = by_clock(json!({}), store_in(folder.path()));
    assert_eq!(server.get(&place).status, 404, "it does not come back");
    for garbage in ["..", "%2e%2e", "%00", "a%2Fb", "%F0%9F%92%A9", &"x".repeat(5000), "*", "'; DROP"] {
        let answer = server.ask_as("secret", "DELETE", &format!("/negotiate/{}", garbage.replace(' ', "%20")), "");
        assert!((400..=404).contains(&answer.status), "{garbage}: {}", answer.status);
    }
}

#[test]
fn none_is_forgotten_to_make_room() {
    for limits in [json!({"keptNegotiations": 3}), json!({"keptNegotiationBytes": 750})] {
        let (server, _) = by_clock(json!({"limits": limits}), Store::temporary().unwrap());
        let keep = |i| server.ask_as("secret", "POST", "/negotiate", request(i));
        let kept: Vec<Answer> = (0..9).map(keep).take_while(|answer| answer.status == 200).collect();
        assert!((2..9).contains(&kept.len()), "{limits}: {}", kept.len());
        let refused = keep(9);
        assert_eq!((refused.status, refused.codes()), (507, vec!["negotiation-limit".to_owned()]), "{limits}");
        assert_eq!(server.post("/negotiate", request(9)).status, 200, "without the token it is held");
        assert!(kept.iter().all(|answer| server.get(&place(answer)).body == answer.body), "{limits}");
        assert_eq!(keep(0).body, kept[0].body, "what is kept is kept");
        assert_eq!(server.ask_as("secret", "DELETE", &place(&kept[0]), "").status, 204);
        assert_eq!(keep(9).status, 200, "{limits}");
    }
}

#[test]
fn kept_ones_are_listed_page_by_page() {
    let (server, _) = by_clock(json!({}), Store::temporary().unwrap());
    let mut ids: Vec<String> = (0..25)
        .map(|i| server.ask_as("secret", "POST", "/negotiate", request(i)).json()["id"].as_str().unwrap().to_owned())
        .collect();
    ids.sort();
    let schema = server.get("/schema/negotiations.json").json();
    let (mut next, mut found) = (Some("/negotiate?count=10".to_owned()), Vec::new());
    let mut pages = 0;
    while let Some(path) = next {
        let page = server.get(&path).json();
        assert!(jsonschema::is_valid(&schema, &page), "{page}");
        assert_eq!(page["total"], 25 - pages);
        found.extend(page["negotiations"].as_array().unwrap().iter().map(|n| n["id"].as_str().unwrap().to_owned()));
        next = page["next"].as_str().map(str::to_owned);
        // What is deleted in between, even where the page ended, disturbs no page.
        let last = found.last().unwrap();
        assert_eq!(server.ask_as("secret", "DELETE", &format!("/negotiate/{last}"), "").status, 204);
        pages += 1;
    }
    assert_eq!((found, pages), (ids, 3));
    for query in ["count=0", "count=-1", "count=x", "page=2", "count=%FF"] {
        assert_eq!(server.get(&format!("/negotiate?{query}")).status, 400, "{query}");
    }
}

/// Ten thousand negotiations of nobody in particular: the oldest expire, and memory holds no more than it may.
#[test]
fn ten_thousand_without_a_token_take_no_more_memory() {
    const ALL: usize = 10_000;
    let limits = json!({"cachedNegotiations": 100, "cachedNegotiationBytes": 1 << 20});
    let (server, _) = by_clock(json!({"limits": limits}), Store::temporary().unwrap());
    let ask = &|i: usize| {
        let filling = "x".repeat(20_000);
        let body = json!({"client": format!("ig:a#{i}"), "server": "ig:b#1", "need": [filling]});
        place(&server.post("/negotiate", body.to_string()))
    };
    let first = ask(ALL);
    std::thread::scope(|scope| {
        for part in 0..4 {
            scope.spawn(move || (0..ALL / 4).for_each(|i| drop(ask(part * ALL / 4 + i))));
        }
    });
    let last = ask(ALL + 1);
    let metrics = String::from_utf8(server.get("/metrics").body).unwrap();
    let gauge = |name: &str| -> usize {
        let line = metrics.lines().find_map(|l| l.strip_prefix(name)).unwrap_or_else(|| panic!("{name}\n{metrics}"));
        line.trim().parse().unwrap()
    };
    let (count, bytes) = (gauge("accord_cached_negotiations "), gauge("accord_cached_negotiation_bytes "));
    assert!((40..=100).contains(&count) && bytes <= 1 << 20, "{count} with {bytes} bytes");
    assert_eq!(server.get(&first).codes(), ["negotiation-expired"]);
    assert_eq!(server.get(&last).status, 200);
    assert_eq!(server.get("/health/ready").json()["store"]["negotiations"], 0);
}
