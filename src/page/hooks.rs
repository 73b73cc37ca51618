//! Whether each prefetch template of CDS Hooks services that are the client would be answered.

use std::io::{Result, Write};

use askama::Template;

use super::bounds::HOOKS;
use super::frame::{SECTION_END, Section};
use super::grid::{GridCell, GridEnd, GridLine, GridStart};
use super::reasons::Named;
use super::text::Shown;
use crate::capability::agreement::{Agreement, HookAnswer};

const COLUMNS: [&str; 5] = ["Service", "Hook", "Template", "Usable", "Why"];

/// Writes the section; nothing for other clients.
///
/// # Errors
/// Those of `out`.
pub fn write(agreement: &Agreement, named: &mut Named, out: &mut dyn Write) -> Result<()> {
    if agreement.hooks.is_empty() {
        return Ok(());
    }
    let (caption, columns) = ("Whether each prefetch template would be answered", COLUMNS.map(Shown::name));
    Section { anchor: "hooks", title: "CDS Hooks", intro: "" }.write_into(out)?;
    GridStart { class: "hooks", caption, corner: "Prefetch", columns: &columns }.write_into(out)?;
    for hook in agreement.hooks.iter().take(HOOKS) {
        let name = Shown::name(&hook.prefetch);
        let note = note(hook);
        GridLine { anchor: None, name, cells: cells(hook, &note, named) }.write_into(out)?;
    }
    GridEnd { more: agreement.hooks.len().saturating_sub(HOOKS), what: "templates" }.write_into(out)?;
    out.write_all(SECTION_END)
}

/// What could not be read of a template, before its reasons.
fn note(hook: &HookAnswer) -> String {
    let note = hook.note.clone().unwrap_or_default();
    if note.is_empty() || hook.why.is_empty() { note } else { format!("{note};") }
}

fn cells<'a>(hook: &'a HookAnswer, note: &'a str, named: &mut Named) -> Vec<GridCell<'a>> {
    let [service, event, template, usable, why] = COLUMNS;
    vec![
        GridCell::text(service, &hook.service),
        GridCell::text(event, &hook.hook),
        GridCell::text(template, &hook.query),
        GridCell::chip(usable, hook.usable),
        GridCell::text(why, note).because(named.reasons(&hook.why)),
    ]
}
