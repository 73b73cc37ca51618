//! Issues and places in the words of the protocol.

use std::ops::Range as Bytes;
use std::str::FromStr;

use fhir_accord_profiles::issue::{Issue, RuleId, Severity, rule};
use lsp_types::{
    CodeDescription, Diagnostic, DiagnosticRelatedInformation, DiagnosticSeverity, Location, NumberOrString, Position,
    Range, TextEdit, Uri,
};
use percent_encoding::percent_decode_str;

use super::session::Session;
use crate::fixes::Edit;
use crate::lsp::{Document, Encoding, Place};

/// What diagnostics are said to come from.
pub(super) const SOURCE: &str = "accord";
/// The most lines of further information of one diagnostic.
const MOST_RELATED: usize = 8;

/// The path of a document's file; of one that has none (not saved yet) its address.
pub(super) fn file(uri: &Uri) -> String {
    let text = uri.as_str();
    let path = text.strip_prefix("file://").and_then(|rest| rest.get(rest.find('/')?..));
    let decoded = path.and_then(|path| percent_decode_str(path).decode_utf8().ok());
    decoded.map_or_else(|| text.to_owned(), |path| path.into_owned())
}

pub(super) fn place(position: Position) -> Place {
    Place { line: position.line, column: position.character }
}

pub(super) fn position(document: &Document, at: usize, encoding: Encoding) -> Position {
    let place = document.place(at, encoding);
    Position { line: place.line, character: place.column }
}

pub(super) fn range(document: &Document, bytes: &Bytes<usize>, encoding: Encoding) -> Range {
    Range { start: position(document, bytes.start, encoding), end: position(document, bytes.end, encoding) }
}

pub(super) fn text_edit(document: &Document, edit: &Edit, encoding: Encoding) -> TextEdit {
    TextEdit { range: range(document, &edit.range, encoding), new_text: edit.text.clone() }
}

/// The bytes of an issue.
pub(super) fn bytes(issue: &Issue) -> Bytes<usize> {
    issue.span.start as usize..issue.span.end as usize
}

/// The diagnostic of an issue in a document.
pub(super) fn diagnostic(document: &Document, uri: &Uri, issue: &Issue, session: Session) -> Diagnostic {
    let range = range(document, &bytes(issue), session.encoding);
    let spec = rule(issue.rule).map_or("", |r| r.spec);
    let severity = match issue.severity {
        Severity::Fatal | Severity::Error => DiagnosticSeverity::ERROR,
        Severity::Warning => DiagnosticSeverity::WARNING,
        Severity::Information => DiagnosticSeverity::INFORMATION,
    };
    let open = if issue.open { "undetermined: " } else { "" };
    let help = issue.help.as_ref().map(|h| format!("\nhelp: {h}")).unwrap_or_default();
    let demanded = issue.profiles.iter().map(|p| format!("demanded by {p}"));
    let evidence = issue.evidence.iter().map(|e| format!("{}: {}", e.about, e.says));
    let told = evidence.chain(demanded).take(if session.has_related { MOST_RELATED } else { 0 });
    let location = Location { uri: uri.clone(), range };
    let related: Vec<_> =
        told.map(|message| DiagnosticRelatedInformation { location: location.clone(), message }).collect();
    Diagnostic {
        range,
        severity: Some(severity),
        code: Some(NumberOrString::String(issue.rule.to_string())),
        code_description: Uri::from_str(spec).ok().filter(|_| !spec.is_empty()).map(|href| CodeDescription { href }),
        source: Some(SOURCE.to_owned()),
        message: format!("{open}{}{help}", issue.text),
        related_information: (!related.is_empty()).then_some(related),
        ..Diagnostic::default()
    }
}

/// What a rule says, in Markdown.
pub(super) fn rule_help(id: RuleId) -> String {
    let Some(rule) = rule(id) else { return format!("**{id}**") };
    let help = if rule.help.is_empty() { String::new() } else { format!("\n\nhelp: {}", rule.help) };
    let source = if rule.spec.is_empty() { String::new() } else { format!("\n\n<{}>", rule.spec) };
    format!("**{id}**: {}{help}{source}", rule.meaning)
}
