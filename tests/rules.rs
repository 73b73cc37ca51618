//! docs/rules.md says of every rule what the catalogue says; every rule fires.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

#[path = "rules/definitions/mod.rs"]
mod definitions;
#[path = "rules/firing.rs"]
mod firing;
#[path = "rules/joint_requests.rs"]
mod joint_requests;
#[path = "rules/negotiation.rs"]
mod negotiation;
#[path = "rules/official.rs"]
mod official;
#[path = "rules/requests.rs"]
mod requests;
#[path = "negotiation/told.rs"]
mod told;

use std::fmt::Write;
use std::path::Path;

use fhir_accord::capability::rules::GROUPS;
use fhir_accord::profiles::issue::{RULES, Rule};

const HEAD: &str = "# Rules

Every rule that Accord checks, by its id: what it demands, the severity of its issues unless a policy decides otherwise,
their IssueType code, what to do about them, and where the specification demands it. `accord explain RULE` prints
the same. This page is generated from the catalogue (`profiles/src/issue/catalogue.rs`) by `just bless`. The rules of
negotiation are [below](#negotiation).

";

const NEGOTIATION: &str = "
## Negotiation

The rule ids in the results of a negotiation (`why`, `evidence`, `issues`) and in the faults of scope strings: what each
means, when it arises, what to do about it, and where the specification says so. The catalogue is in
`capability/src/rules/`.
";

fn page() -> String {
    let mut out = String::from(HEAD);
    out.push_str("| rule | demands | severity | code | what to do |\n|---|---|---|---|---|\n");
    for Rule { id, severity, code, meaning, help, spec } in RULES {
        let id = linked(id.as_str(), spec);
        let _ = writeln!(out, "| {id} | {} | {} | {code} | {} |", cell(meaning), severity.code(), cell(help));
    }
    out.push_str(NEGOTIATION);
    for group in GROUPS {
        let _ = write!(out, "\n### {}\n\n{}\n\n", group.title, group.about);
        out.push_str("| rule | means | arises when | what to do |\n|---|---|---|---|\n");
        for rule in group.rules {
            let id = linked(rule.id, rule.spec);
            let _ = writeln!(out, "| {id} | {} | {} | {} |", cell(rule.meaning), cell(rule.when), cell(rule.help));
        }
    }
    out
}

/// A rule id, with a link to the specification where there is one.
fn linked(id: &str, spec: &str) -> String {
    if spec.is_empty() { format!("`{id}`") } else { format!("[`{id}`]({spec})") }
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
