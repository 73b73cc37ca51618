//! Answers to requests about a document.

use lsp_types::{
    CompletionItem, CompletionItemKind, CompletionList, CompletionTextEdit, Hover, HoverContents, InsertTextFormat,
    MarkupContent, MarkupKind, Position, TextEdit,
};
use serde::Serialize;
use serde_json::Value;

use super::actions;
use super::convert::{bytes, file, place, range, rule_help};
use super::engine::{Engine, Loaded};
use super::work::{Asked, Question};
use crate::lsp::{Item, Kind, complete, hover, is_instance};

/// The result of a request; `null` where nothing is to be said.
///
/// # Errors
/// Why there is none.
pub(super) fn answer(engine: &Engine, question: &Question) -> Result<Value, String> {
    if !is_instance(&question.document.text) {
        return Ok(Value::Null);
    }
    let loaded = engine.loaded()?;
    match &question.asked {
        Asked::Hover(position) => value(hovered(loaded, question, *position)?),
        Asked::Completion(position) => value(completed(loaded, question, *position)?),
        Asked::Actions(params) => value(actions::actions(loaded, question, params)?),
    }
}

fn value(result: impl Serialize) -> Result<Value, String> {
    serde_json::to_value(result).map_err(|e| e.to_string())
}

/// What is said of the element at a place, and of the issues there.
fn hovered(loaded: &Loaded, question: &Question, position: Position) -> Result<Option<Hover>, String> {
    let (document, encoding) = (&question.document, question.session.encoding);
    let at = document.offset(place(position), encoding);
    let told = hover(&document.text, at, &loaded.known(&file(&question.uri))?);
    let issues = question.issues.as_deref().map_or(&[][..], |all| all);
    let mut rules: Vec<_> =
        issues.iter().filter(|i| bytes(i).contains(&at) || bytes(i).end == at).map(|i| i.rule).collect();
    rules.dedup();
    let mut parts: Vec<String> = rules.into_iter().map(rule_help).collect();
    let about = told.as_ref().map(|h| range(document, &h.range, encoding));
    parts.extend(told.map(|h| h.markdown));
    if parts.is_empty() {
        return Ok(None);
    }
    let value = parts.join("\n\n---\n\n");
    Ok(Some(Hover {
        contents: HoverContents::Markup(MarkupContent { kind: MarkupKind::Markdown, value }),
        range: about,
    }))
}

/// What could be written at a place.
fn completed(loaded: &Loaded, question: &Question, position: Position) -> Result<CompletionList, String> {
    let document = &question.document;
    let at = document.offset(place(position), question.session.encoding);
    let (items, is_whole) = complete(&document.text, at, &loaded.known(&file(&question.uri))?);
    let items = items.iter().enumerate().map(|(i, item)| completion(question, i, item)).collect();
    Ok(CompletionList { is_incomplete: !is_whole, items })
}

fn completion(question: &Question, order: usize, item: &Item) -> CompletionItem {
    let session = question.session;
    let (text, format) = match session.has_snippets {
        true => (&item.snippet, InsertTextFormat::SNIPPET),
        false => (&item.plain, InsertTextFormat::PLAIN_TEXT),
    };
    let edit = TextEdit { range: range(&question.document, &item.range, session.encoding), new_text: text.clone() };
    let required = if item.is_required { "required, " } else { "" };
    CompletionItem {
        label: item.label.clone(),
        kind: Some(match item.kind {
            Kind::Element => CompletionItemKind::PROPERTY,
            Kind::Code => CompletionItemKind::ENUM_MEMBER,
            Kind::ResourceType => CompletionItemKind::CLASS,
            Kind::Url => CompletionItemKind::REFERENCE,
        }),
        detail: Some(format!("{required}{}", item.detail)).filter(|d| !d.is_empty()),
        sort_text: Some(format!("{order:05}")),
        insert_text_format: Some(format),
        text_edit: Some(CompletionTextEdit::Edit(edit)),
        ..CompletionItem::default()
    }
}
