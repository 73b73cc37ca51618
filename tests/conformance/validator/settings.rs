//! The manifest's options as policies. What the official validator's own test run sets where an entry says nothing:
//! example urls allowed, unknown extensions refused, wrong displays errors, best practice off, references checked by
//! form and, where their target is in the instance, by type.

use fhir_accord_profiles::evaluate::{Level, Policies, References};
use serde_json::Value;

use super::cases::Case;

/// The policies of a case.
pub fn policies(case: &Case) -> Policies {
    let entry = &case.entry;
    let on = |name: &str| entry[name].as_bool().unwrap_or(false);
    let mut policies = Policies {
        example_urls: Level::Allow,
        unknown_extensions: Level::Error,
        unknown_modifiers: Some(Level::Error),
        references: References::None,
        best_practice: Level::Allow,
        display: Level::Error,
        vital_signs: true,
        issues: 10_000,
        ..Policies::default()
    };
    if entry["examples"].as_bool() == Some(false) {
        policies.example_urls = Level::Error;
    }
    policies.best_practice = match entry["best-practice"].as_str().unwrap_or_default().to_ascii_lowercase().as_str() {
        "error" => Level::Error,
        "warning" | "hint" => Level::Warn,
        _ => policies.best_practice,
    };
    if entry["wrong-displays"].as_str().is_some_and(|d| d.eq_ignore_ascii_case("warning")) {
        policies.display = Level::Warn;
    }
    if entry["allowed-extension-domain"].is_string()
        || entry["allowed-extension-domains"].is_array()
        || on("anyExtensions")
    {
        policies.unknown_extensions = Level::Allow;
        policies.unknown_modifiers = Some(Level::Allow);
    }
    if on("security-checks") || on("noHtmlInMarkdown") {
        policies.html = Level::Error;
    }
    if on("for-publication") || entry["for-publication"] == "true" {
        policies.publication = Level::Error;
    }
    policies.json_comments = on("allow-comments");
    policies.references = match entry["validateReference"].as_str() {
        Some("CHECK_VALID") => References::Valid,
        Some("CHECK_EXISTS" | "CHECK_EXISTS_AND_TYPE") => References::Exists,
        Some("CHECK_TYPE_IF_EXISTS") => References::Type,
        _ => policies.references,
    };
    policies
}

/// Texts at a key that holds one or several.
pub fn texts<'v>(node: &'v Value, key: &str) -> Vec<&'v str> {
    match &node[key] {
        Value::String(text) => vec![text],
        Value::Array(list) => list.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    }
}
