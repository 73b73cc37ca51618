//! How long files and functions may be: a limit, and a ratchet for what is over it.

use std::collections::BTreeMap;

use crate::source::{Source, is_test, root, rust};

const FILE_LINES: usize = 400;
const FUNCTION_LINES: usize = 60;
const MAIN_LINES: usize = 60;
const RATCHET: &str = "tests/tidy/ratchet.txt";

/// What is over its limit: `path` or `path::function` to lines.
type Sizes = BTreeMap<String, usize>;

/// The functions of a formatted file with their lines: from `fn` to the brace that stands under it.
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

fn oversized(sources: &[Source]) -> Sizes {
    let mut out = Sizes::new();
    for s in sources {
        let lines = s.text.lines().count();
        if lines > FILE_LINES {
            out.insert(s.path.clone(), lines);
        }
        for (name, lines) in functions(&s.text) {
            if lines > FUNCTION_LINES && !is_test(&s.path) {
                let known = out.entry(format!("{}::{name}", s.path)).or_default();
                *known = lines.max(*known);
            }
        }
    }
    out
}

fn ratchet(text: &str) -> Sizes {
    let rows = text.lines().filter_map(|l| l.split_once(' '));
    rows.filter_map(|(lines, name)| Some((name.to_owned(), lines.parse().ok()?))).collect()
}

/// What has grown beyond the ratchet, or is over its limit and not in it.
fn grown(now: &Sizes, kept: &Sizes) -> Vec<String> {
    let limit = |name: &str| if name.contains("::") { FUNCTION_LINES } else { FILE_LINES };
    let over = now.iter().filter(|(name, lines)| kept.get(*name).is_none_or(|k| *lines > k));
    over.map(|(name, lines)| {
        format!("{name} has {lines} lines; allowed are {}", kept.get(name).copied().unwrap_or(limit(name)))
    })
    .collect()
}

/// `just bless` tightens the ratchet; what has grown is split, or its row is changed by hand.
#[test]
fn files_and_functions_do_not_grow() {
    let sources: Vec<Source> =
        ["src", "profiles/src", "capability/src", "tests", "profiles/tests", "capability/tests", "benches"]
            .iter()
            .flat_map(|f| rust(f))
            .collect();
    let now = oversized(&sources);
    let file = root().join(RATCHET);
    let kept = ratchet(&std::fs::read_to_string(&file).unwrap_or_default());
    if std::env::var_os("ACCORD_BLESS").is_some() {
        let tightened =
            now.iter().filter_map(|(name, lines)| kept.get(name).map(|k| format!("{} {name}\n", lines.min(k))));
        std::fs::write(&file, tightened.collect::<String>()).expect("the ratchet can be written");
    }
    let all = grown(&now, &kept);
    assert!(all.is_empty(), "split them:\n{}", all.join("\n"));
}

#[test]
fn main_is_short_and_the_facade_holds_no_logic() {
    let read = |path: &str| std::fs::read_to_string(root().join(path)).expect(path);
    let lines = read("src/main.rs").lines().count();
    assert!(lines < MAIN_LINES, "src/main.rs has {lines} lines; wanted are fewer than {MAIN_LINES}");
    assert_eq!(logic(&read("src/lib.rs")), [""; 0], "src/lib.rs re-exports and documents, nothing else");
}

/// The lines of a façade that are neither documentation nor a re-export.
fn logic(text: &str) -> Vec<&str> {
    let plain = |l: &&str| l.is_empty() || ["//", "#", "pub mod ", "pub use ", "mod "].iter().any(|p| l.starts_with(p));
    text.lines().map(str::trim).filter(|l| !plain(l)).collect()
}

#[test]
fn each_limit_can_be_reached() {
    let long = Source {
        path: "src/long.rs".to_owned(),
        text: format!("impl A {{\n    pub(crate) fn deep() {{\n{}    }}\n}}\n", "        x();\n".repeat(500)),
    };
    let now = oversized(&[long]);
    assert_eq!(now.get("src/long.rs"), Some(&504));
    assert_eq!(now.get("src/long.rs::deep"), Some(&502));
    assert_eq!(grown(&now, &Sizes::new()).len(), 2);
    assert_eq!(
        grown(&now, &ratchet("504 src/long.rs\n501 src/long.rs::deep\n")),
        ["src/long.rs::deep has 502 lines; allowed are 501"]
    );
    assert_eq!(functions("let f = |x| fn_of(x);\n/// a fn in words\nfn a() {}\nfn b() {\n}\n"), [("b".to_owned(), 2)]);
    assert_eq!(logic("//! x\npub mod a;\nfn f() {}"), ["fn f() {}"]);
}
