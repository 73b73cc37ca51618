//! Golden files: reports on instructive instances, plans of well-known profiles, and a negotiation. `just bless`
//! rewrites them (insta does, by `INSTA_UPDATE=always`); where `CI` is set insta writes nothing.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

#[path = "golden/compact.rs"]
mod compact;
#[path = "golden/differences.rs"]
mod differences;
#[path = "golden/forms.rs"]
mod forms;
#[path = "golden/matrices.rs"]
mod matrices;
#[path = "golden/negotiation.rs"]
mod negotiation;
#[path = "golden/plans.rs"]
mod plans;
#[path = "golden/reports.rs"]
mod reports;

/// Compares a text with its golden file in `tests/golden/FOLDER/`.
fn compare(folder: &str, name: &str, text: &str) {
    let mut settings = insta::Settings::new();
    settings.set_snapshot_path(format!("golden/{folder}"));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, text));
}
