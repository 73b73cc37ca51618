//! docs/rules.md says of every rule what the catalogue says; every rule fires.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

#[path = "rules/definitions.rs"]
mod definitions;
#[path = "rules/firing.rs"]
mod firing;

use std::fmt::Write;
use std::path::Path;

use fhir_accord::profiles::issue::{RULES, Rule};

const HEAD: &str = "# Rules\n\nEvery rule that Accord checks, by its id: what it demands, what its findings weigh \
    where nothing else is\n\
decided, the IssueType code that its issues carry, what to do about it, and where the specification demands it. \
    `accord explain RULE` says the same. This page\n\
is generated from the catalogue (`profiles/src/issue/catalogue.rs`) by `just bless`.\n\n";

fn page() -> String {
    let mut out = String::from(HEAD);
    out.push_str("| rule | demands | severity | code | what to do |\n|---|---|---|---|---|\n");
    for Rule { id, severity, code, meaning, help, spec } in RULES {
        let id = if spec.is_empty() { format!("`{id}`") } else { format!("[`{id}`]({spec})") };
        let _ = writeln!(out, "| {id} | {} | {} | {code} | {} |", cell(meaning), severity.code(), cell(help));
    }
    out
}

fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace('<', "\\<")
}

#[test]
fn the_page_of_rules_is_fresh() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/rules.md");
    if std::env::var_os("ACCORD_BLESS").is_some() {
        std::fs::write(&file, page()).unwrap();
    }
    let written = std::fs::read_to_string(&file).unwrap_or_default().replace("\r\n", "\n");
    assert!(written == page(), "docs/rules.md is stale: run `just bless`, or ACCORD_BLESS=1 cargo test --test rules");
}

#[test]
fn rule_ids_are_unique_and_well_formed() {
    for (i, rule) in RULES.iter().enumerate() {
        let id = rule.id.as_str();
        assert!(
            id.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
                && id.starts_with(|c: char| c.is_ascii_lowercase()),
            "{id}"
        );
        assert!(!RULES[..i].iter().any(|r| r.id.as_str() == id), "{id} stands twice");
        assert!(!rule.meaning.is_empty(), "{id} says nothing");
        assert!(rule.spec.is_empty() || rule.spec.starts_with("https://"), "{id} has no link");
    }
}
