//! Which changes are thought of: what could be done without, from what keeps servers from working.

use rustc_hash::FxHashSet;

use super::cell::{Cell, CellRow};
use crate::agreement::{Finding, Kind};
use crate::expectation::Weight;
use crate::part::Part;

const WRITES: [&str; 4] = ["create", "update", "patch", "delete"];

/// What keeps a client from working with a server.
pub(super) fn blockers(cell: &Cell) -> impl Iterator<Item = &CellRow> {
    // Where nothing fails, what is unknown is in the way.
    let doubt = !cell.why.is_empty();
    cell.rows.iter().filter(move |row| match row.finding {
        Finding::Satisfied => false,
        Finding::Unmet => row.weighs == Some(Weight::Shall),
        Finding::Unknown => row.weighs == Some(Weight::Shall) || doubt && row.weighs == Some(Weight::Should),
    })
}

/// Each option once, in the order in which they were thought of: what is in the way itself, then more and more with it.
pub(super) fn options(locked: &[&Cell]) -> Vec<Vec<Part>> {
    let mut known: FxHashSet<Vec<Part>> = FxHashSet::default();
    let mut all = Vec::new();
    for row in locked.iter().flat_map(|cell| blockers(cell)) {
        for option in around(row) {
            if known.insert(option.clone()) {
                all.push(option);
            }
        }
    }
    all
}

/// What could be done without to be rid of a row.
fn around(row: &CellRow) -> Vec<Vec<Part>> {
    let mut all = vec![vec![row.part.clone()]];
    let Some(resource_type) = &row.resource_type else { return all };
    let writes = |on: &str| WRITES.iter().map(|code| Part::interaction(on, code)).collect();
    let is_write = row.is_write() || row.part.named().is_some_and(|name| WRITES.contains(&name));
    if is_write {
        all.push(writes(resource_type));
    }
    all.push(vec![Part::whole(resource_type)]);
    if row.kind != Kind::Type {
        all.push(vec![row.part.everywhere()]);
    }
    if is_write {
        all.push(writes("*"));
    }
    if matches!(row.kind, Kind::Profile | Kind::Operation | Kind::Include | Kind::SearchParam | Kind::Combination) {
        all.push(vec![row.part.everywhere().all_alike()]);
    }
    all
}

/// The requirements of a cell that an option makes optional.
pub(super) fn given_up<'c>(cell: &'c Cell, option: &[Part]) -> Vec<&'c CellRow> {
    let covered = |row: &CellRow| option.iter().any(|part| part.covers(&row.part, row.kind));
    let weighs = |row: &&CellRow| row.weighs > Some(Weight::May);
    let writes = |row: &CellRow| row.part.named().is_some_and(|name| WRITES[..3].contains(&name));
    // Without any write, nothing is required of what is written.
    let left = cell.rows.iter().filter(weighs).filter(|r| writes(r) && !covered(r));
    let writing: FxHashSet<Option<&str>> = left.map(|r| r.resource_type.as_deref()).collect();
    let is_gone = |row: &&CellRow| covered(row) || row.is_write() && !writing.contains(&row.resource_type.as_deref());
    cell.rows.iter().filter(weighs).filter(is_gone).collect()
}
