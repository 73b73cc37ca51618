//! What does not work, and what cannot be determined: grouped by reason.

use rustc_hash::{FxHashMap, FxHashSet};

use super::words::{item_name, part_name};
use crate::capability::agreement::{Agreement, Answer, Direction, Finding, Kind, Row};
use crate::capability::expectation::Weight;
use crate::capability::matrix::{Cell, CellRow};
use crate::capability::reason::Reason;
use crate::capability::rules::rule;

/// Rows that share their weight, their reasons and their direction.
#[derive(Debug)]
pub struct Group<'a> {
    /// What they weigh.
    pub weight: Weight,
    /// Their reasons.
    pub why: &'a [Reason],
    /// Whether they are profiles of what the client writes.
    pub is_write: bool,
    /// The items, in the order of the rows.
    pub items: Vec<Named>,
}

/// An item with its type.
#[derive(Debug)]
pub struct Named {
    /// Which row it is, from 0: the system level, then of each type the entry and its rows.
    pub row: usize,
    /// As `Patient search by name`.
    pub name: String,
}

/// The groups of one finding that weigh SHALL, then those that weigh SHOULD; the largest first.
pub fn groups(agreement: &Agreement, finding: Finding) -> Vec<Group<'_>> {
    let mut all = Groups::new(finding);
    for row in &agreement.system.rows {
        all.add("system", row);
    }
    for resource in &agreement.resources {
        all.add(&resource.resource_type, &resource.entry);
        // What an absent type lacks is told with the type.
        if resource.entry.server == Answer::No {
            all.row += resource.rows.len();
            continue;
        }
        for row in &resource.rows {
            all.add(&resource.resource_type, row);
        }
    }
    all.sorted()
}

/// The same of a cell of a matrix; items are named as parts of the client's statement.
pub fn cell_groups(cell: &Cell, finding: Finding) -> Vec<Group<'_>> {
    let mut all = Groups::new(finding);
    let absent: FxHashSet<&str> = cell.absent_types().collect();
    for row in &cell.rows {
        let is_told = row.kind != Kind::Type && row.resource_type.as_deref().is_some_and(|t| absent.contains(t));
        if !is_told {
            all.add_cell_row(row);
        }
    }
    all.sorted()
}

/// What to do about the first of these reasons, where there is something.
pub fn help(why: &[Reason]) -> Option<&'static str> {
    why.first().and_then(|r| rule(r.id())).map(|r| r.help).filter(|h| !h.is_empty())
}

struct Groups<'a> {
    finding: Finding,
    found: Vec<Group<'a>>,
    known: FxHashMap<(bool, bool, &'a [Reason]), usize>,
    row: usize,
}

/// What a row is grouped by.
struct Grouped<'a> {
    weighs: Option<Weight>,
    finding: Finding,
    is_write: bool,
    why: &'a [Reason],
}

impl<'a> Groups<'a> {
    fn new(finding: Finding) -> Groups<'a> {
        Groups { finding, found: Vec::new(), known: FxHashMap::default(), row: 0 }
    }

    fn sorted(mut self) -> Vec<Group<'a>> {
        self.found.sort_by_key(|g| (std::cmp::Reverse(g.weight), std::cmp::Reverse(g.items.len())));
        self.found
    }

    fn add(&mut self, place: &str, row: &'a Row) {
        let is_write = row.profile().is_some_and(|p| p.direction == Direction::Write);
        let of = Grouped { weighs: row.weighs, finding: row.finding, is_write, why: &row.why };
        self.insert(&of, || format!("{place} {}", item_name(row)).trim_end().to_owned());
    }

    fn add_cell_row(&mut self, row: &'a CellRow) {
        let of = Grouped { weighs: row.weighs, finding: row.finding, is_write: row.is_write(), why: &row.why };
        self.insert(&of, || part_name(&row.part));
    }

    fn insert(&mut self, of: &Grouped<'a>, name: impl FnOnce() -> String) {
        let number = self.row;
        self.row += 1;
        let Some(weight) = of.weighs.filter(|w| *w > Weight::May && of.finding == self.finding) else { return };
        let (is_write, why) = (of.is_write, of.why);
        let item = Named { row: number, name: name() };
        let key = (weight == Weight::Shall, is_write, why);
        let at = *self.known.entry(key).or_insert(self.found.len());
        match self.found.get_mut(at) {
            Some(group) => group.items.push(item),
            None => self.found.push(Group { weight, why, is_write, items: vec![item] }),
        }
    }
}
