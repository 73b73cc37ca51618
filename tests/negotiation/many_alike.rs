//! Thousands of items of one name: the time grows with their number, not with its square, and nothing is lost.

use std::time::Instant;

use fhir_accord::capability::agreement::{Answer, Kind, Verdict};
use serde_json::{Value, json};

use crate::support::{client, nothing, server, simple};

const MANY: usize = 20_000;

fn alike(member: &str, item: impl Fn(usize) -> Value) -> Value {
    let items: Vec<Value> = (0..MANY).map(item).collect();
    json!([{"type": "Patient", "interaction": [{"code": "search-type"}], member: items}])
}

fn of(member: &str, mine: impl Fn(usize) -> Value, theirs: impl Fn(usize) -> Value) -> (Answer, Answer) {
    let start = Instant::now();
    let a = simple(client(alike(member, mine)), server(alike(member, theirs)), &nothing());
    assert!(start.elapsed().as_secs() < 30, "{member}: {:?}", start.elapsed());
    let kind = if member == "operation" { Kind::Operation } else { Kind::SearchParam };
    let rows: Vec<Answer> = a.resources[0].of(kind).map(|r| r.server).collect();
    assert_eq!(rows.len(), MANY);
    (rows[0], rows[MANY - 1])
}

#[test]
fn operations_of_one_name() {
    let named = |lead: &'static str| move |i: usize| json!({"name": "o", "definition": format!("http://{lead}/{i}")});
    assert_eq!(of("operation", named("x"), named("y")), (Answer::No, Answer::No));
    assert_eq!(of("operation", named("x"), named("x")), (Answer::Yes, Answer::Yes));
    let version = |i: usize| format!("http://x/o|{i}");
    let versions = |name: &'static str| move |i: usize| json!({"name": format!("{name}{i}"), "definition": version(i)});
    assert_eq!(of("operation", versions("p"), versions("q")), (Answer::Yes, Answer::Yes));
}

#[test]
fn search_parameters_of_one_name() {
    let definition = |lead: &str, i: usize| format!("http://{lead}/{i}");
    let parameter = |lead, kind, i| json!({"name": "p", "type": kind, "definition": definition(lead, i)});
    let named = |lead: &'static str, kind: &'static str| move |i: usize| parameter(lead, kind, i);
    assert_eq!(of("searchParam", named("x", "token"), named("x", "token")), (Answer::Yes, Answer::Yes));
    // Any of those that were not looked at may be of the type that is wanted.
    assert_eq!(of("searchParam", named("x", "token"), named("y", "string")), (Answer::Unknown, Answer::Unknown));
}

#[test]
fn the_same_interaction_again_and_again() {
    let entry = || json!([{"type": "Patient", "interaction": vec![json!({"code": "read"}); MANY]}]);
    let start = Instant::now();
    let a = simple(client(entry()), server(entry()), &nothing());
    assert!(start.elapsed().as_secs() < 30, "{:?}", start.elapsed());
    assert_eq!(a.verdict, Verdict::Compatible);
}
