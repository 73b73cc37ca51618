//! Every page of docs/ is in the table of contents of the book, once, and has one title.

use crate::headings::prose;
use crate::pages::{Page, pages};

const SUMMARY: &str = "docs/SUMMARY.md";

/// The pages that a table of contents names.
fn named(summary: &str) -> Vec<String> {
    let targets = summary.lines().filter_map(|l| l.split_once("](")).filter_map(|(_, rest)| rest.split_once(')'));
    targets.map(|(target, _)| format!("docs/{target}")).collect()
}

#[test]
fn every_page_is_in_the_book() {
    let pages = pages();
    let summary = pages.iter().find(|p| p.path == SUMMARY).expect(SUMMARY);
    let named = named(&summary.text);
    let in_docs = |p: &&Page| p.path.starts_with("docs/") && p.path != SUMMARY;
    let wrong: Vec<String> = pages
        .iter()
        .filter(in_docs)
        .map(|p| (&p.path, named.iter().filter(|n| **n == p.path).count()))
        .filter(|(_, times)| *times != 1)
        .map(|(path, times)| format!("{path} is {times} times in {SUMMARY}"))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_page_has_one_title() {
    for page in pages().iter().filter(|p| p.path != SUMMARY) {
        let titles = prose(&page.text).iter().filter(|(_, line)| line.starts_with("# ")).count();
        assert_eq!(titles, 1, "{} has {titles} titles", page.path);
    }
}

#[test]
fn the_contents_are_read() {
    assert_eq!(named("# Summary\n[A](a.md)\n  - [B `c`](guides/b.md)\n"), ["docs/a.md", "docs/guides/b.md"]);
}
