//! What is told at each bound, and beyond it.

use super::*;
use crate::statement::limits::{ENTRIES_LIMIT, HINTS_LIMIT, IMPORTS_LIMIT};

fn copies(word: &str, n: usize) -> Vec<&str> {
    std::iter::repeat_n(word, n).collect()
}

fn formats(n: usize) -> Value {
    json!({"resourceType": "CapabilityStatement", "kind": "instance", "format": copies("json", n)})
}

#[test]
fn entries_of_a_statement() {
    let (most, issues) = settled(&formats(ENTRIES_LIMIT), Party::Server, &Made::default());
    assert_eq!((most.formats.len(), most.open, count(&issues, "entries-limit")), (ENTRIES_LIMIT, false, 0));
    let (beyond, issues) = settled(&formats(ENTRIES_LIMIT + 1), Party::Server, &Made::default());
    assert_eq!((beyond.formats.len(), beyond.open, beyond.usable), (ENTRIES_LIMIT, true, true));
    assert_eq!(count(&issues, "entries-limit"), 1);
    // What a client requires beyond the bound is unknown: nothing can be called compatible with it.
    let (client, _) = settled(&formats(ENTRIES_LIMIT + 1), Party::Client, &Made::default());
    assert!(!client.usable);
}

#[test]
fn types_are_entries_too() {
    let of = |n: usize| (0..n).map(|i| json!({"type": format!("T{i}")})).collect::<Vec<_>>();
    let (most, issues) = settled(&server(of(ENTRIES_LIMIT).into()), Party::Server, &Made::default());
    assert_eq!((most.rest.resources.len(), count(&issues, "entries-limit")), (ENTRIES_LIMIT, 0));
    let (beyond, issues) = settled(&server(of(ENTRIES_LIMIT + 1).into()), Party::Server, &Made::default());
    assert_eq!((beyond.rest.resources.len(), count(&issues, "entries-limit")), (ENTRIES_LIMIT, 1));
    assert!(beyond.open && beyond.resource(&format!("T{ENTRIES_LIMIT}")).is_none());
}

#[test]
fn entries_of_what_is_imported() {
    let half = server(json!([{"type": "Patient", "searchInclude": copies("a", ENTRIES_LIMIT / 2)}]));
    let importing = |names: &[&str]| {
        let mut value = server(json!([{"type": "Group"}]));
        value["imports"] = names.iter().map(|n| url(n)).collect();
        value
    };
    let made = Made::default().with("a", half.clone()).with("b", half);
    let (_, issues) = settled(&importing(&["a"]), Party::Server, &made);
    assert_eq!(count(&issues, "entries-limit"), 0);
    let (statement, issues) = settled(&importing(&["a", "b"]), Party::Server, &made);
    assert_eq!((count(&issues, "entries-limit"), statement.open), (1, true));
}

#[test]
fn imports_of_a_statement() {
    let made = Made::default().with("a", server(json!([{"type": "Patient"}])));
    let importing = |n: usize| {
        let mut value = server(json!([]));
        value["imports"] = vec![url("a"); n].into();
        value
    };
    let (most, issues) = settled(&importing(IMPORTS_LIMIT), Party::Server, &made);
    assert_eq!((most.open, count(&issues, "imports-limit")), (false, 0));
    let (beyond, issues) = settled(&importing(10_000), Party::Server, &made);
    assert_eq!((beyond.open, beyond.rest.resources.len(), count(&issues, "imports-limit")), (true, 1, 1));
    let told = issues.iter().find(|i| i.rule == "imports-limit").map(|i| i.path.clone());
    assert_eq!(told, Some(format!("imports[{IMPORTS_LIMIT}]")));
}

#[test]
fn imports_that_fan_out() {
    // Each of 17 statements imports the next one four times: 4^16 ways to the last.
    let mut made = Made::default();
    for i in 0..17 {
        let mut value = server(json!([{"type": format!("T{i}")}]));
        value["imports"] = vec![url(&format!("s{}", i + 1)); 4].into();
        value["kind"] = "requirements".into();
        made = made.with(&format!("s{i}"), value);
    }
    let mut value = server(json!([]));
    value["imports"] = json!([url("s0")]);
    let (statement, issues) = settled(&value, Party::Server, &made);
    assert_eq!((statement.open, count(&issues, "imports-limit")), (true, 1));
}

#[test]
fn imports_of_each_other() {
    let importing = |names: std::ops::Range<usize>| {
        let mut value = server(json!([{"type": "Patient"}]));
        value["imports"] = names.map(|i| url(&format!("s{i}"))).collect();
        value
    };
    let made = (0..100).fold(Made::default(), |made, i| made.with(&format!("s{i}"), importing(0..100)));
    let (statement, issues) = settled(&importing(0..100), Party::Client, &made);
    assert_eq!((statement.usable, count(&issues, "imports-limit")), (false, 1));
    assert!(count(&issues, "import-cycle") > 0);
}

#[test]
fn hints_on_unknown_urls() {
    let named = |n: usize| {
        let urls: Vec<String> = (0..n).map(|i| url(&format!("p{i}"))).collect();
        server(json!([{"type": "Patient", "supportedProfile": urls}]))
    };
    let with = |issues: &[Issue], text: &str| issues.iter().filter(|i| i.text.contains(text)).count();
    let (_, issues) = settled(&named(HINTS_LIMIT), Party::Server, &Made::default());
    assert_eq!((with(&issues, "nearest"), with(&issues, "no further hints")), (HINTS_LIMIT, 0));
    let (_, issues) = settled(&named(20_000), Party::Server, &Made::default());
    assert_eq!((with(&issues, "nearest"), with(&issues, "no further hints")), (HINTS_LIMIT, 1));
    assert_eq!(count(&issues, "unresolved-profile"), 20_000);
}
