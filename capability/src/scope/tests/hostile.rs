//! Strings of up to 5 MB that would take minutes, or all memory, if the work grew with the square of anything.

use super::*;

fn words(n: usize, word: impl Fn(usize) -> String) -> String {
    (0..n).map(word).collect::<Vec<_>>().join(" ")
}

fn list(n: usize, separator: &str, item: impl Fn(usize) -> String) -> String {
    (0..n).map(item).collect::<Vec<_>>().join(separator)
}

/// Explains, normalises and compares; the numbers of tokens, of faults, and of what `granted` does not cover.
fn all(granted: &str, text: &str) -> (usize, usize, usize) {
    let explained = explain(text);
    let normal = normalise(text);
    assert!(explained.tokens.len() >= normal.faults.len());
    assert!(normal.minimal.len() <= normal.normalised.len());
    (explained.tokens.len(), normal.faults.len(), covers(granted, text).missing.len())
}

fn same(text: &str) -> (usize, usize, usize) {
    all(text, text)
}

#[test]
fn many_pairs() {
    let pairs = |n: usize| format!("patient/O.rs?{}", list(n, "&", |i| format!("a{i}=b")));
    for n in [6_000, 10_000, 100_000, 500_000] {
        assert_eq!(same(&pairs(n)), (1, 1, 1));
        assert_eq!(same(&pairs(n).replace("rs", "read")), (1, 1, 1));
    }
    let full =
        words(1024, |i| format!("patient/O.cruds?{}&z={i}", list(31, "&", |j| format!("a{j}=v{}", (i + j) % 5))));
    assert_eq!(same(&full), (1024, 0, 0));
}

#[test]
fn many_values() {
    for n in [10_000, 100_000, 1_000_000] {
        assert_eq!(same(&format!("patient/O.rs?a={}", list(n, ",", |i| i.to_string()))), (1, 1, 1));
    }
    let windows = words(1024, |i| format!("patient/O.cruds?a={}", list(256, ",", |j| format!("v{}", i + j))));
    assert_eq!(same(&windows), (1024, 0, 0));
    let gaps = words(1024, |i| {
        let lacks = |j: &usize| *j != i % 258 && *j != (i * 31 + 1) % 258;
        format!(
            "patient/O.r?a={}",
            (0..258).filter(lacks).take(256).map(|j| format!("v{j}")).collect::<Vec<_>>().join(",")
        )
    });
    assert_eq!(same(&gaps), (1024, 0, 0));
}

#[test]
fn many_alternatives() {
    let asked = words(1024, |i| format!("patient/O.cruds?a=x&b={}", list(8, ",", |j| format!("v{}", 8 * i + j))));
    let near = words(1024, |i| format!("patient/O.cruds?a=x,q{i}&b=y,y{i},z{i}"));
    assert_eq!(all(&near, &asked), (1024, 0, 1024 * 8 * 5));
    assert_eq!(same(&asked), (1024, 0, 0));
    let boxes = words(1024, |i| format!("patient/T{}.cruds?a=x{}&b=y{}&b=z{}", i / 40, i % 7, (i * i) % 6, i * 31 % 5));
    assert_eq!(same(&boxes), (1024, 0, 0));
}

#[test]
fn many_tokens() {
    for n in [10_000, 100_000, 1_000_000] {
        for word in ["a ", "/ ", "patient/ *.r ", "patient/T.r ", "patient/O.rs?a=b "] {
            let (tokens, faults, missing) = same(&word.repeat(n));
            assert!(tokens <= TOKENS_LIMIT + FAULTS_LIMIT + 1 && faults >= tokens - TOKENS_LIMIT && missing <= 4);
        }
    }
    let wild = words(1024, |i| format!("patient/*.cruds?a=x&b={i}"));
    let types = words(1024, |i| format!("patient/T{i}.cruds?a=x,y&b=1,2,3,4"));
    assert_eq!(all(&wild, &types).2, 1024 * 4 * 5);
}

#[test]
fn long_words() {
    let long = "y".repeat(4_000_000);
    let of_64 = list(64, ",", |i| i.to_string());
    assert_eq!(all("patient/O.r", &format!("patient/O.cruds?b={of_64}&a={long}")), (1, 0, 4));
    for (text, faults) in [
        (long.clone(), 0),
        ("/".repeat(5_000_000), 1),
        (format!("PATIENT/{long}.READ"), 1),
        (format!("patient/O.r?a={}", "%41".repeat(1_500_000)), 0),
        ("http://smarthealthit.org/fhir/scopes/".repeat(130_000), 0),
        (" ".repeat(5_000_000), 0),
    ] {
        assert_eq!(same(&text).1, faults, "{}", text.get(..20).unwrap_or(&text));
    }
    let wide = words(1200, |i| format!("patient/O.cruds?a={}{i},b,c,d,e,f,g,h", "x".repeat(4000)));
    assert_eq!(same(&wide), (1200, 176, 176));
}
