//! docs/ARCHITECTURE.md is true: it names every room, and what it names is there.

use std::fs;

use crate::source::root;

const MAP: &str = "docs/ARCHITECTURE.md";

/// The rooms of a folder: `name/` for a folder, `name.rs` for a file.
fn rooms(folder: &str) -> Vec<String> {
    let mut out: Vec<String> = fs::read_dir(root().join(folder))
        .expect(folder)
        .flatten()
        .map(|e| {
            let name = e.file_name().to_string_lossy().into_owned();
            if e.path().is_dir() { name + "/" } else { name }
        })
        .collect();
    out.sort();
    out
}

/// What is in backticks.
fn quoted(text: &str) -> Vec<&str> {
    text.lines().filter(|l| !l.starts_with("```")).flat_map(|l| l.split('`').skip(1).step_by(2)).collect()
}

/// The paths of the project among them, as they would be in its folder.
fn paths(text: &str) -> Vec<&str> {
    let ours = ["src/", "profiles/", "capability/", "tests/", "docs/", "benches/", "examples/", "fuzz/"];
    quoted(text)
        .into_iter()
        .filter(|q| ours.iter().any(|o| q.starts_with(o)) && !q.contains([' ', '*', '…', '$', '<']))
        .collect()
}

/// The rooms that the map does not name.
fn unnamed<'r>(rooms: &'r [String], text: &str) -> Vec<&'r String> {
    let named = quoted(text);
    rooms.iter().filter(|r| !named.contains(&r.as_str())).collect()
}

#[test]
fn the_map_names_every_room() {
    let text = fs::read_to_string(root().join(MAP)).expect(MAP);
    let mut all = rooms("src");
    all.extend(rooms("profiles/src").into_iter().filter(|r| r != "lib.rs"));
    all.extend(rooms("capability/src").into_iter().filter(|r| r.ends_with('/')));
    assert_eq!(unnamed(&all, &text), [""; 0], "{MAP} does not name these rooms");
}

#[test]
fn what_documents_name_is_there() {
    for document in [MAP, "README.md", "CONTRIBUTING.md"] {
        let text = fs::read_to_string(root().join(document)).unwrap_or_default();
        let missing: Vec<&str> = paths(&text).into_iter().filter(|p| !root().join(p).exists()).collect();
        assert!(missing.is_empty(), "{document} names what is not there: {missing:?}");
    }
}

#[test]
fn a_missing_name_is_found() {
    let text = "| `cli/` | see `src/no/such.rs`, `src/main.rs` and `src/* all` |";
    assert_eq!(unnamed(&["cli/".to_owned(), "http/".to_owned()], text), ["http/"]);
    assert_eq!(paths(text), ["src/no/such.rs", "src/main.rs"]);
}
