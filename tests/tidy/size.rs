//! How long files, functions and lines may be. What is over its limit has a row in a ratchet.

use crate::ratchet::{Ratchet, Sizes, rows};
use crate::source::{Source, is_test, root, rust};

const FILE_LINES: usize = 400;
const FUNCTION_LINES: usize = 60;
const MAIN_LINES: usize = 60;
const FILE_BYTES: usize = 16 * 1024;
const MEDIAN_BYTES: usize = 4 * 1024;
const COLUMNS: usize = 120;

/// The name of the row for the median.
const MEDIAN: &str = "median of all files";

/// Tables of data, which are not split: path, and what is in it.
const TABLES: &[(&str, &str)] = &[];

const LINES: Ratchet = Ratchet {
    file: "tests/tidy/ratchet.txt",
    unit: "lines",
    limit: |name| if name.contains("::") { FUNCTION_LINES } else { FILE_LINES },
};

const BYTES: Ratchet = Ratchet {
    file: "tests/tidy/ratchet_bytes.txt",
    unit: "bytes",
    limit: |name| if name == MEDIAN { MEDIAN_BYTES } else { FILE_BYTES },
};

const WIDE: Ratchet =
    Ratchet { file: "tests/tidy/ratchet_columns.txt", unit: "lines of more than 120 columns", limit: |_| 0 };

/// The functions of a formatted file with their lines: from `fn` to the brace that is under it.
fn functions(text: &str) -> Vec<(String, usize)> {
    let lines: Vec<&str> = text.lines().collect();
    let mut out = Vec::new();
    for (i, line) in lines.iter().enumerate() {
        let body = line.trim_start();
        let indent = line.len() - body.len();
        let Some(rest) = body.split("fn ").nth(1).filter(|_| is_head(body)) else { continue };
        let name: String = rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
        let close = format!("{}}}", " ".repeat(indent));
        let one_line = line.ends_with('}') || line.ends_with(';');
        if let Some(end) = lines[i..].iter().position(|l| *l == close).filter(|_| !one_line) {
            out.push((name, end + 1));
        }
    }
    out
}

/// Whether a line starts a function.
fn is_head(body: &str) -> bool {
    let before = body.split("fn ").next().unwrap_or_default();
    before
        .split_whitespace()
        .all(|w| ["pub", "const", "async", "unsafe", "extern"].contains(&w) || w.starts_with("pub("))
}

/// The lines of files (`path`) and of functions that are no tests (`path::function`).
fn lines(sources: &[Source]) -> Sizes {
    let mut out = Sizes::new();
    for s in sources {
        out.insert(s.path.clone(), s.text.lines().count());
        for (name, lines) in functions(&s.text).into_iter().filter(|_| !is_test(&s.path)) {
            let known = out.entry(format!("{}::{name}", s.path)).or_default();
            *known = lines.max(*known);
        }
    }
    out
}

/// The bytes of files that are no tables, and the median of all.
fn bytes(sources: &[Source]) -> Sizes {
    let mut all: Vec<usize> = sources.iter().map(|s| s.text.len()).collect();
    all.sort_unstable();
    let is_table = |path: &str| TABLES.iter().any(|(table, _)| *table == path);
    let files = sources.iter().filter(|s| !is_table(&s.path)).map(|s| (s.path.clone(), s.text.len()));
    files.chain(all.get(all.len() / 2).map(|median| (MEDIAN.to_owned(), *median))).collect()
}

/// How many lines of a file are wider than allowed.
fn wide(sources: &[Source]) -> Sizes {
    let count = |s: &Source| s.text.lines().filter(|l| l.chars().count() > COLUMNS).count();
    sources.iter().map(|s| (s.path.clone(), count(s))).collect()
}

/// All Rust files of the project.
fn sources() -> Vec<Source> {
    rust("")
}

#[test]
fn files_and_functions_do_not_grow() {
    LINES.hold(&lines(&sources()));
    BYTES.hold(&bytes(&sources()));
}

#[test]
fn lines_do_not_become_wider() {
    WIDE.hold(&wide(&sources()));
}

#[test]
fn tables_are_there() {
    for (path, what) in TABLES {
        assert!(root().join(path).is_file() && !what.is_empty(), "{path} is named as a table and is none");
    }
}

#[test]
fn main_is_short_and_the_facade_holds_no_logic() {
    let read = |path: &str| std::fs::read_to_string(root().join(path)).expect(path);
    let lines = read("src/main.rs").lines().count();
    assert!(lines < MAIN_LINES, "src/main.rs has {lines} lines; expected fewer than {MAIN_LINES}");
    assert_eq!(logic(&read("src/lib.rs")), [""; 0], "src/lib.rs re-exports and documents, nothing else");
}

/// The lines of a façade that are neither documentation nor a re-export.
fn logic(text: &str) -> Vec<&str> {
    let plain = |l: &&str| l.is_empty() || ["//", "#", "pub mod ", "pub use ", "mod "].iter().any(|p| l.starts_with(p));
    text.lines().map(str::trim).filter(|l| !plain(l)).collect()
}

fn made_up(path: &str, text: String) -> Source {
    Source { path: path.to_owned(), text }
}

#[test]
fn each_limit_can_be_reached() {
    let deep = format!("impl A {{\n    pub(crate) fn deep() {{\n{}    }}\n}}\n", "        x();\n".repeat(500));
    let now = lines(&[made_up("src/long.rs", deep)]);
    assert_eq!((now.get("src/long.rs"), now.get("src/long.rs::deep")), (Some(&504), Some(&502)));
    assert_eq!(LINES.grown(&now, &Sizes::new()).len(), 2);
    assert_eq!(
        LINES.grown(&now, &rows("504 src/long.rs\n501 src/long.rs::deep\n")),
        ["src/long.rs::deep: 502 lines, at most 501 allowed"]
    );
    let sizes = bytes(&[5, 20_000, 4100].map(|n| made_up(&format!("{n}.rs"), "x".repeat(n))));
    assert_eq!(BYTES.grown(&sizes, &Sizes::new()).len(), 2, "{sizes:?}");
    assert_eq!(sizes.get(MEDIAN), Some(&4100));
    let text = format!("{}\n{}\n{}\n", "ä".repeat(120), "b".repeat(121), "c".repeat(500));
    assert_eq!(WIDE.grown(&wide(&[made_up("a.rs", text)]), &rows("1 a.rs")).len(), 1);
    assert_eq!(functions("let f = |x| fn_of(x);\n/// a fn in words\nfn a() {}\nfn b() {\n}\n"), [("b".to_owned(), 2)]);
    assert_eq!(logic("//! x\npub mod a;\nfn f() {}"), ["fn f() {}"]);
}
