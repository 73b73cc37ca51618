//! Quick fixes, and all safe ones at once.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use fhir_accord_profiles::evaluate::Memory;
use fhir_accord_profiles::issue::{Issue, Severity};
use lsp_types::{CodeAction, CodeActionKind, CodeActionOrCommand, CodeActionParams, TextEdit, Uri, WorkspaceEdit};

use super::convert::{bytes, diagnostic, file, place, text_edit};
use super::engine::Loaded;
use super::session::FIX_ALL;
use super::work::Question;
use crate::fixes::{Edit, Fix, Ground, fixes, mend};

/// The most actions that are offered at once.
const MOST_ACTIONS: usize = 100;

/// The actions for a range of a document.
///
/// # Errors
/// Where a package does not read.
pub(super) fn actions(
    loaded: &Loaded,
    question: &Question,
    params: &CodeActionParams,
) -> Result<Vec<CodeActionOrCommand>, String> {
    let only = params.context.only.as_deref();
    // A client asks for a kind, or for one that it is part of.
    let is_part = |kind: &str, of: &str| kind == of || kind.strip_prefix(of).is_some_and(|rest| rest.starts_with('.'));
    let wants = |kind: &str| only.is_none_or(|all| all.iter().any(|k| is_part(kind, k.as_str())));
    let mut found = Vec::new();
    if wants("quickfix") {
        found = quick(loaded, question, params)?;
    }
    if only.is_some() && wants(FIX_ALL) {
        found.extend(fix_all(loaded, question)?);
    }
    Ok(found)
}

fn workspace(uri: &Uri, edits: Vec<TextEdit>) -> WorkspaceEdit {
    #[allow(clippy::mutable_key_type, reason = "the protocol's own type; no address is changed")]
    let changes = HashMap::from([(uri.clone(), edits)]);
    WorkspaceEdit { changes: Some(changes), ..WorkspaceEdit::default() }
}

fn quick(loaded: &Loaded, question: &Question, params: &CodeActionParams) -> Result<Vec<CodeActionOrCommand>, String> {
    let (document, encoding) = (&question.document, question.session.encoding);
    let at = |position| document.offset(place(position), encoding);
    let (start, end) = (at(params.range.start), at(params.range.end));
    let issues = match &question.issues {
        Some(issues) => Arc::clone(issues),
        None => {
            let (interrupt, mut memory) = (question.flag.interrupt(), Memory::default());
            let text = (document.text.as_bytes(), &*file(&question.uri));
            Arc::new(loaded.report(text, Severity::Warning, &interrupt, &mut memory).issues)
        }
    };
    let known = loaded.known(&file(&question.uri))?;
    let here: Vec<&Issue> = issues.iter().filter(|i| bytes(i).start <= end && start <= bytes(i).end).collect();
    let ground = Ground { definitions: Some(&known.definitions), asked: &known.asked, only_safe: false };
    let found = fixes(&document.text, &here, ground);
    let mut all: Vec<(&Issue, Fix)> = Vec::new();
    for (issue, fix) in here.iter().zip(found).flat_map(|(i, fixes)| fixes.into_iter().map(move |f| (*i, f))) {
        // Several issues of one object may have the same fix.
        if all.len() < MOST_ACTIONS && !all.iter().any(|(_, known)| *known == fix) {
            all.push((issue, fix));
        }
    }
    Ok(all.into_iter().map(|(issue, fix)| action(question, issue, fix)).collect())
}

fn action(question: &Question, issue: &Issue, fix: Fix) -> CodeActionOrCommand {
    let (document, session) = (&question.document, question.session);
    let edits = fix.edits.iter().map(|e| text_edit(document, e, session.encoding)).collect();
    let doubt = if fix.is_safe { "" } else { " (check the result)" };
    CodeActionOrCommand::CodeAction(CodeAction {
        title: format!("{}{doubt}", fix.title),
        kind: Some(CodeActionKind::QUICKFIX),
        diagnostics: Some(vec![diagnostic(document, &question.uri, issue, session)]),
        edit: Some(workspace(&question.uri, edits)),
        is_preferred: fix.is_safe.then_some(true),
        ..CodeAction::default()
    })
}

/// All safe fixes that make the text better, as one edit; `None` where there are none.
fn fix_all(loaded: &Loaded, question: &Question) -> Result<Option<CodeActionOrCommand>, String> {
    let known = loaded.known(&file(&question.uri))?;
    let document = &question.document;
    let (interrupt, mut memory) = (question.flag.interrupt(), Memory::default());
    let path = file(&question.uri);
    let mut check = |text: &[u8]| loaded.report((text, &path), Severity::Information, &interrupt, &mut memory);
    let mended = mend(document.text.clone(), &mut check, Some(&known.definitions), &known.asked);
    if mended.applied.is_empty() || question.flag.is_raised() {
        return Ok(None);
    }
    let (old, new) = changed(&document.text, &mended.text);
    let edit = Edit::new(old, mended.text.get(new).unwrap_or_default());
    let count = mended.applied.len();
    let title = format!("apply {count} safe {}", if count == 1 { "fix" } else { "fixes" });
    Ok(Some(CodeActionOrCommand::CodeAction(CodeAction {
        title,
        kind: Some(CodeActionKind::new(FIX_ALL)),
        edit: Some(workspace(&question.uri, vec![text_edit(document, &edit, question.session.encoding)])),
        ..CodeAction::default()
    })))
}

/// The bytes in which two texts differ, in each.
fn changed(old: &str, new: &str) -> (Range<usize>, Range<usize>) {
    let same = |(a, b): &(char, char)| a == b;
    let start: usize = old.chars().zip(new.chars()).take_while(same).map(|(c, _)| c.len_utf8()).sum();
    let rest = |text: &'_ str| text.get(start..).unwrap_or_default().to_owned();
    let (tail, other) = (rest(old), rest(new));
    let end: usize = tail.chars().rev().zip(other.chars().rev()).take_while(same).map(|(c, _)| c.len_utf8()).sum();
    (start..old.len() - end, start..new.len() - end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_differs_is_replaced() {
        assert_eq!(changed("a\u{e4}b", "a\u{f6}b"), (1..3, 1..3));
        assert_eq!(changed("aa", "aaa"), (2..2, 2..3));
        assert_eq!(changed("abc", "ac"), (1..2, 1..1));
    }
}
