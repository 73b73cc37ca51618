//! What the rows of an agreement say of one template.

use std::collections::BTreeMap;

use super::prefetch::Prefetch;
use crate::agreement::{self, Agreement, HookAnswer, Kind, Row, Usable};
use crate::client::Item;

/// A row with its place in the result.
pub(super) struct Placed<'a> {
    pointer: String,
    row: &'a Row,
}

/// Rows by type, kind, whether an include is reverse, and name.
pub(super) type Rows<'a> = BTreeMap<(Option<&'a str>, Kind, bool, String), Placed<'a>>;

/// All rows of an agreement.
pub(super) fn rows(agreement: &Agreement) -> Rows<'_> {
    let mut all = Rows::new();
    add(&mut all, None, "/system", &agreement.system.rows);
    for (i, resource) in agreement.resources.iter().enumerate() {
        add(&mut all, Some(&resource.resource_type), &format!("/resources/{i}"), &resource.rows);
    }
    all
}

/// Adds the rows of one level, each with its place in the list of its kind.
fn add<'a>(all: &mut Rows<'a>, of: Option<&'a str>, lead: &str, rows: &'a [Row]) {
    let mut counts: BTreeMap<Kind, usize> = BTreeMap::new();
    for row in rows {
        let at = counts.entry(row.kind()).or_default();
        let pointer = format!("{lead}/{}/{at}", row.kind().list());
        *at += 1;
        let reverse = matches!(row.item, agreement::Item::Include { reverse: true, .. });
        all.entry((of, row.kind(), reverse, row.item.name())).or_insert(Placed { pointer, row });
    }
}

/// Kind and name of the row that an item makes; `None` for what a statement does not list.
fn row_of(item: &Item) -> Option<(Kind, bool, String)> {
    Some(match item {
        Item::Interaction(code) => (Kind::Interaction, false, (*code).to_owned()),
        Item::Parameter(name) => (Kind::SearchParam, false, name.clone()),
        Item::Combination(names) => (Kind::Combination, false, names.join("+")),
        Item::Include(code) => (Kind::Include, false, code.clone()),
        Item::RevInclude(code) => (Kind::Include, true, code.clone()),
        Item::Operation(name, _) => (Kind::Operation, false, name.clone()),
        _ => return None,
    })
}

/// The answer for a template: the worst of its rows.
pub(super) fn answer(prefetch: &Prefetch, rows: &Rows<'_>) -> HookAnswer {
    let mut found = Vec::new();
    let mut notes: Vec<String> = prefetch.note.iter().cloned().collect();
    for (of, item) in &prefetch.needs {
        let Some((kind, reverse, name)) = row_of(item) else { continue };
        match rows.get(&(*of, kind, reverse, name)) {
            Some(placed) => found.push(placed),
            None => notes.push(format!("{item} is beyond a limit and was not compared")),
        }
    }
    let is_whole = found.len() == prefetch.needs.iter().filter(|(_, item)| row_of(item).is_some()).count();
    let worst = found.iter().map(|p| p.row.usable).min().unwrap_or(Usable::Unknown);
    let mut why = Vec::new();
    for reason in found.iter().filter(|p| p.row.usable == worst).flat_map(|p| &p.row.why) {
        if !why.contains(reason) {
            why.push(*reason);
        }
    }
    HookAnswer {
        service: prefetch.service.clone(),
        hook: prefetch.hook.clone(),
        prefetch: prefetch.key.clone(),
        query: prefetch.query.clone(),
        usable: if is_whole { worst } else { worst.min(Usable::Unknown) },
        why,
        rows: found.iter().map(|p| p.pointer.clone()).collect(),
        note: (!notes.is_empty()).then(|| notes.join("; ")),
    }
}
