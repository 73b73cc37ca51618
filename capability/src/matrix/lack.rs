//! Over all servers of a client: what each of them has, and what is missing where.

use std::cmp::Reverse;

use rustc_hash::{FxHashMap, FxHashSet};
use serde::Serialize;

use super::cell::{Cell, CellRow};
use crate::agreement::{Direction, Finding, Kind, Usable};
use crate::expectation::Weight;
use crate::part::Part;
use crate::reason::Reason;

/// A requirement that not every server is known to meet.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Lack {
    /// The part of the client's statement, as `--without` names it.
    #[serde(serialize_with = "as_text")]
    pub part: Part,
    /// The type; null at the system level.
    #[serde(rename = "type")]
    pub resource_type: Option<String>,
    /// The kind of the item, as `interaction`.
    #[serde(serialize_with = "as_name")]
    pub kind: Kind,
    /// Of a profile.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub direction: Option<Direction>,
    /// The most that it weighs with any server.
    pub weighs: Weight,
    /// The servers that do not meet it, by place.
    pub lacking: Vec<usize>,
    /// The servers of which this is not known, by place.
    pub unknown: Vec<usize>,
    /// Why, over all servers, the most frequent reason first.
    pub why: Vec<Reason>,
}

/// What every server has of a type.
#[derive(Clone, Debug, Serialize)]
pub struct CommonItems {
    /// The type; null at the system level.
    #[serde(rename = "type")]
    pub resource_type: Option<String>,
    /// The parts of the client's statement, in its order; profiles by what is read.
    #[serde(serialize_with = "as_texts")]
    pub parts: Vec<Part>,
}

fn as_text<S: serde::Serializer>(part: &Part, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(part)
}

fn as_texts<S: serde::Serializer>(parts: &[Part], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(parts.iter().map(ToString::to_string))
}

fn as_name<S: serde::Serializer>(kind: &Kind, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(kind.name())
}

/// One requirement over the servers.
struct Over<'c> {
    row: &'c CellRow,
    weighs: Option<Weight>,
    met: usize,
    lacking: Vec<usize>,
    unknown: Vec<usize>,
    why: Vec<(Reason, usize)>,
}

impl<'c> Over<'c> {
    fn add(&mut self, server: usize, row: &'c CellRow) {
        self.weighs = self.weighs.max(row.weighs);
        match row.finding {
            Finding::Satisfied if row.usable != Usable::No => self.met += 1,
            Finding::Satisfied => {}
            Finding::Unmet => self.lacking.push(server),
            Finding::Unknown => self.unknown.push(server),
        }
        if row.finding != Finding::Satisfied {
            for reason in &row.why {
                match self.why.iter_mut().find(|(known, _)| known == reason) {
                    Some((_, times)) => *times += 1,
                    None => self.why.push((*reason, 1)),
                }
            }
        }
    }
}

/// What all of the servers at these places have, by type in the client's order; then what is missing where, the
/// heaviest first.
pub(super) fn over(cells: &[Cell], servers: &[usize]) -> (Vec<CommonItems>, Vec<Lack>) {
    let mut all: Vec<Over<'_>> = Vec::new();
    let mut places: FxHashMap<(&Part, bool, Kind), usize> = FxHashMap::default();
    for (server, cell) in servers.iter().filter_map(|s| Some((s, cells.get(*s)?))) {
        let absent: FxHashSet<&str> = cell.absent_types().collect();
        for row in &cell.rows {
            let at = *places.entry((&row.part, row.is_write(), row.kind)).or_insert(all.len());
            if at == all.len() {
                let (lacking, unknown, why) = (Vec::new(), Vec::new(), Vec::new());
                all.push(Over { row, weighs: None, met: 0, lacking, unknown, why });
            }
            // What an absent type lacks is told with the type.
            let is_told = row.kind != Kind::Type && row.resource_type.as_deref().is_some_and(|t| absent.contains(t));
            if let Some(over) = all.get_mut(at).filter(|_| !is_told) {
                over.add(*server, row);
            }
        }
    }
    let mut common: Vec<CommonItems> = Vec::new();
    for over in all.iter().filter(|o| o.met == servers.len() && !o.row.is_write()) {
        let resource_type = &over.row.resource_type;
        if common.last().is_none_or(|c| c.resource_type != *resource_type) {
            common.push(CommonItems { resource_type: resource_type.clone(), parts: Vec::new() });
        }
        if let Some(items) = common.last_mut().filter(|_| over.row.kind != Kind::Type) {
            items.parts.push(over.row.part.clone());
        }
    }
    let mut lacks: Vec<Lack> = all.into_iter().filter_map(lack).collect();
    lacks.sort_by_key(|l| (Reverse(l.weighs), Reverse(l.lacking.len()), Reverse(l.unknown.len())));
    (common, lacks)
}

fn lack(over: Over<'_>) -> Option<Lack> {
    let weighs = over.weighs?;
    if over.lacking.is_empty() && over.unknown.is_empty() {
        return None;
    }
    let mut why = over.why;
    why.sort_by_key(|(_, times)| Reverse(*times));
    Some(Lack {
        part: over.row.part.clone(),
        resource_type: over.row.resource_type.clone(),
        kind: over.row.kind,
        direction: over.row.profile.as_ref().map(|p| p.direction),
        weighs,
        lacking: over.lacking,
        unknown: over.unknown,
        why: why.into_iter().map(|(reason, _)| reason).collect(),
    })
}
