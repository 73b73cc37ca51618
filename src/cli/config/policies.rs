//! Policies in the words of the file and of the options.

use fhir_accord_profiles::evaluate::{Level, Policies, References};
use serde_json::Value;

/// The policies by their names in the file.
pub(super) fn words(p: &Policies) -> Vec<(&'static str, Value)> {
    let level = |level: Level, least: &'static str| match level {
        Level::Allow => least,
        Level::Warn => "warn",
        Level::Error => "error",
    };
    let references = match p.references {
        References::None => "none",
        References::Type => "type",
        References::Exists => "exists",
        References::Valid => "valid",
    };
    let size = |n: usize| Value::from(n as u64);
    vec![
        ("example-urls", level(p.example_urls, "allow").into()),
        ("unknown-extensions", level(p.unknown_extensions, "allow").into()),
        ("references", references.into()),
        ("best-practice", level(p.best_practice, "off").into()),
        ("display", level(p.display, "ignore").into()),
        ("control-characters", level(p.control_characters, "ignore").into()),
        ("html", level(p.html, "ignore").into()),
        ("publication", level(p.publication, "ignore").into()),
        ("vital-signs", if p.vital_signs { "on" } else { "off" }.into()),
        ("json-comments", p.json_comments.into()),
        ("limits.issues", size(p.issues)),
        ("limits.visits", p.work.nodes.into()),
        ("limits.trials", p.work.trials.into()),
        ("limits.expression", p.work.expression.into()),
        ("limits.expressions", p.work.expressions.into()),
        ("limits.elements", size(p.work.intake)),
    ]
}
