//! A document validated.

use std::sync::Arc;

use fhir_accord_profiles::evaluate::Memory;
use fhir_accord_profiles::issue::{RuleId, Severity};
use lsp_types::{Diagnostic, DiagnosticSeverity};

use super::convert::{SOURCE, diagnostic, file};
use super::engine::Engine;
use super::work::{Check, Found};
use crate::lsp::is_instance;

/// What is wrong with a document; `None` where it is no FHIR instance.
pub(super) fn check(engine: &Engine, job: &Check, memory: &mut Memory) -> Option<Found> {
    let document = &job.document;
    if !is_instance(&document.text) {
        return None;
    }
    let loaded = match engine.loaded() {
        Ok(loaded) => loaded,
        Err(why) => return Some(general(format!("not validated: {why}"))),
    };
    let report =
        loaded.report((document.text.as_bytes(), &file(&job.uri)), Severity::Warning, &job.flag.interrupt(), memory);
    let mut issues = report.issues;
    // That more were found is told last.
    issues.sort_by_key(|i| i.rule == RuleId::LIMIT_ISSUES);
    let diagnostics = issues.iter().map(|i| diagnostic(document, &job.uri, i, job.session)).collect();
    Some(Found { diagnostics, issues: Arc::new(issues) })
}

/// What is said of a document as a whole.
fn general(message: String) -> Found {
    let diagnostic = Diagnostic {
        severity: Some(DiagnosticSeverity::ERROR),
        source: Some(SOURCE.to_owned()),
        message,
        ..Diagnostic::default()
    };
    Found { diagnostics: vec![diagnostic], ..Found::default() }
}

/// What is said of a document whose validation broke down.
pub(super) fn broken_down() -> Found {
    general("not validated: the validation broke down, which is an error of this program".to_owned())
}
