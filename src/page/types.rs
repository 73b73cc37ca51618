//! The types, one line each: what the app can expect to be allowed.

use std::io::{Result, Write};

use askama::Template;
use rustc_hash::FxHashMap;

use super::bounds::{ROWS, TYPES};
use super::grid::{GridCell, GridEnd, GridLine, GridStart};
use super::reasons::Named;
use super::text::Shown;
use crate::capability::agreement::{Actions, Agreement, Answer, ResourceAgreement};
use crate::wording::profiles_part;
use crate::wording::words::weight_word;

const COLUMNS: [&str; 8] = ["Verdict", "Weighs", "Read", "Search", "Create", "Update", "Delete", "Profiles"];

/// Writes the table of the types.
///
/// # Errors
/// Those of `out`.
pub fn write(agreement: &Agreement, named: &mut Named, out: &mut dyn Write) -> Result<()> {
    let actions: FxHashMap<&str, &Actions> = agreement.can_do.0.iter().map(|(name, a)| (name.as_str(), a)).collect();
    let (caption, columns) = ("What the app can expect to be allowed, by type", COLUMNS.map(Shown::name));
    GridStart { class: "types", caption, corner: "Type", columns: &columns }.write_into(out)?;
    let mut row = agreement.system.rows.len();
    for resource in agreement.resources.iter().take(TYPES) {
        let anchor = (row < ROWS).then(|| format!("t{row}"));
        let profiles = profiles_part(resource).unwrap_or_else(|| "none".to_owned());
        let cells = cells(resource, actions.get(resource.resource_type.as_str()).copied(), &profiles, named);
        GridLine { anchor, name: Shown::name(&resource.resource_type), cells }.write_into(out)?;
        row += 1 + resource.rows.len();
    }
    GridEnd { more: agreement.resources.len().saturating_sub(TYPES), what: "types" }.write_into(out)
}

fn cells<'a>(
    resource: &ResourceAgreement,
    actions: Option<&Actions>,
    profiles: &'a str,
    named: &mut Named,
) -> Vec<GridCell<'a>> {
    let [verdict, weighs, read, search, create, update, delete, last] = COLUMNS;
    let mut cells =
        vec![GridCell::chip(verdict, resource.verdict), GridCell::text(weighs, weight_word(resource.entry.weighs))];
    let can = |label, of: fn(&Actions) -> _| match actions {
        Some(actions) => GridCell::chip(label, of(actions)),
        None => GridCell::text(label, "-"),
    };
    cells.extend([can(read, |a| a.read), can(search, |a| a.search), can(create, |a| a.create)]);
    cells.extend([can(update, |a| a.update), can(delete, |a| a.delete)]);
    cells.push(match resource.entry.server {
        Answer::No => GridCell::text(last, "").because(named.reasons(&resource.entry.why)),
        _ => GridCell::text(last, profiles),
    });
    cells
}
