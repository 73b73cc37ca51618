//! Source files of the project, and their text without comments, without what strings hold, without tests.

use std::fs;
use std::path::{Path, PathBuf};

/// A text file of the project: its path from the root with forward slashes, and its text.
pub struct Source {
    pub path: String,
    pub text: String,
}

/// The root of the project.
pub fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// The files below `folder` whose path `wanted` accepts, sorted by path. Build output, installed
/// packages and hidden folders but `.ci` are left out.
pub fn files(folder: &str, wanted: impl Fn(&str) -> bool) -> Vec<Source> {
    let base = root();
    let mut out = Vec::new();
    let mut queue = vec![base.join(folder)];
    while let Some(at) = queue.pop() {
        let Ok(entries) = fs::read_dir(&at) else { continue };
        for entry in entries.flatten() {
            let path = entry.path();
            let name = entry.file_name().to_string_lossy().into_owned();
            if path.is_dir() {
                if name != "target" && name != "node_modules" && (!name.starts_with('.') || name == ".ci") {
                    queue.push(path);
                }
            } else if let Some(text) = read(&path, &base, &wanted) {
                out.push(text);
            }
        }
    }
    out.sort_by(|a, b| a.path.cmp(&b.path));
    out
}

fn read(path: &Path, base: &Path, wanted: &impl Fn(&str) -> bool) -> Option<Source> {
    let relative = path.strip_prefix(base).ok()?.to_string_lossy().replace('\\', "/");
    if !wanted(&relative) {
        return None;
    }
    Some(Source { text: fs::read_to_string(path).ok()?, path: relative })
}

/// The Rust files below `folder`.
pub fn rust(folder: &str) -> Vec<Source> {
    files(folder, |p| p.ends_with(".rs"))
}

/// Whether a file holds tests and nothing else.
pub fn is_test(path: &str) -> bool {
    path.starts_with("tests/") || path.ends_with("tests.rs") || path.contains("/tests/")
}

/// The code of a file that ships: no tests, no comments, strings emptied. Lines stay where they are.
pub fn shipped(source: &Source) -> String {
    if is_test(&source.path) { String::new() } else { code(untested(&source.text)) }
}

/// The text up to the tests at its end.
pub fn untested(text: &str) -> &str {
    let module = text.find("#[cfg(test)]\nmod tests {").or_else(|| text.find("#[cfg(test)]\nmod test {"));
    module.map_or(text, |at| &text[..at])
}

/// Rust without comments and with empty strings; as many lines as before.
pub fn code(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let taken = match c {
            '/' if rest.starts_with("//") => rest.find('\n').unwrap_or(rest.len()),
            '/' if rest.starts_with("/*") => rest.find("*/").map_or(rest.len(), |e| e + 2),
            '"' => quoted(rest),
            'r' if !ends_in_word(&out) && raw(rest) > 0 => raw(rest),
            '\'' => character(rest),
            _ => 0,
        };
        if taken == 0 {
            out.push(c);
            rest = &rest[c.len_utf8()..];
            continue;
        }
        let (gone, after) = rest.split_at(taken);
        if c != '/' {
            out.push_str("\"\"");
        }
        out.extend(gone.chars().filter(|c| *c == '\n'));
        rest = after;
    }
    out
}

fn ends_in_word(out: &str) -> bool {
    out.chars().next_back().is_some_and(|c| c.is_alphanumeric() || c == '_')
}

/// The length of a string literal.
fn quoted(text: &str) -> usize {
    let bytes = text.as_bytes();
    let mut at = 1;
    while at < bytes.len() {
        match bytes[at] {
            b'\\' => at += 2,
            b'"' => return at + 1,
            _ => at += 1,
        }
    }
    text.len()
}

/// The length of a raw string literal; 0 where none starts.
fn raw(text: &str) -> usize {
    let hashes = text[1..].bytes().take_while(|b| *b == b'#').count();
    if text.as_bytes().get(1 + hashes) != Some(&b'"') {
        return 0;
    }
    let end = format!("\"{}", "#".repeat(hashes));
    text[2 + hashes..].find(&end).map_or(text.len(), |e| 2 + hashes + e + end.len())
}

/// The length of a character literal; 0 for a lifetime.
fn character(text: &str) -> usize {
    let mut chars = text.char_indices().skip(1);
    match chars.next() {
        Some((_, '\\')) => text[3..].find('\'').map_or(0, |e| e + 4),
        Some((_, _)) => match chars.next() {
            Some((at, '\'')) => at + 1,
            _ => 0,
        },
        None => 0,
    }
}

#[test]
fn code_knows_comments_and_strings() {
    let text = "let a = \"x // y\"; // \"gone\nlet b = 'c'; fn f<'a>() {} /* z\n */ let c = r#\"raw \" text\"#; let q \
        = '\"'; let e = '\\''; for_r\"s\"";
    assert_eq!(
        code(text),
        "let a = \"\"; \nlet b = \"\"; fn f<'a>() {} \n let c = \"\"; let q = \"\"; let e = \"\"; for_r\"\""
    );
}

#[test]
fn what_ships_ends_where_tests_start() {
    assert_eq!(untested("fn a() {}\n#[cfg(test)]\nmod tests {\n"), "fn a() {}\n");
    assert!(
        is_test("profiles/src/fhirpath/tests/mod.rs") && is_test("src/packages/tests.rs") && !is_test("src/app.rs")
    );
}
