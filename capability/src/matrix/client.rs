//! What the cells of one client come to.

use serde::Serialize;

use super::cell::{Cell, Works};
use super::change::{Change, Trial, changes};
use super::lack::{CommonItems, Lack, over};
use crate::agreement::Verdict;
use crate::expectation::Weight;

/// A type of a client over all servers that speak its FHIR version, by their places.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TypeCoverage {
    /// The type.
    #[serde(rename = "type")]
    pub resource_type: String,
    /// The most that the client's entry weighs with any server.
    pub weighs: Option<Weight>,
    /// Servers on which all that weighs SHALL or SHOULD is met.
    pub whole: Vec<usize>,
    /// Servers on which all that weighs SHALL is met.
    pub partly: Vec<usize>,
    /// Servers on which it cannot be determined.
    pub unknown: Vec<usize>,
    /// Servers on which something that weighs SHALL fails.
    pub no: Vec<usize>,
    /// Servers that do not have the type.
    pub absent: Vec<usize>,
}

/// A client over all servers, which are told by their places.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ClientReport {
    /// The place of the client.
    pub client: usize,
    /// With which it works: compatible or degraded.
    pub works: Vec<usize>,
    /// Those that speak another FHIR version, or of which this is not known; nothing below is about them.
    pub other_version: Vec<usize>,
    /// Its types, in its order.
    pub coverage: Vec<TypeCoverage>,
    /// What every server has.
    pub common: Vec<CommonItems>,
    /// What is missing where, the heaviest first.
    pub lacking: Vec<Lack>,
    /// What it could change, the best first; empty where no single change unlocks a server.
    pub changes: Vec<Change>,
}

impl ClientReport {
    pub(super) fn of(client: usize, cells: &[Cell], negotiate: &mut dyn FnMut(&Trial<'_>) -> Verdict) -> ClientReport {
        let places = |keep: &dyn Fn(&Cell) -> bool| -> Vec<usize> {
            cells.iter().enumerate().filter(|(_, cell)| keep(cell)).map(|(place, _)| place).collect()
        };
        let comparable = places(&|cell| cell.fhir_version.is_some());
        let (common, lacking) = over(cells, &comparable);
        ClientReport {
            client,
            works: places(&Cell::works),
            other_version: places(&|cell| cell.fhir_version.is_none()),
            coverage: coverage(cells, &comparable),
            common,
            lacking,
            changes: changes(client, cells, negotiate),
        }
    }
}

fn coverage(cells: &[Cell], servers: &[usize]) -> Vec<TypeCoverage> {
    let mut all: Vec<TypeCoverage> = Vec::new();
    for server in servers {
        for (at, of_type) in cells.get(*server).into_iter().flat_map(|c| &c.by_type).enumerate() {
            // The types are the client's: each cell has them in the same order.
            if at == all.len() {
                all.push(TypeCoverage {
                    resource_type: of_type.resource_type.clone(),
                    weighs: None,
                    whole: Vec::new(),
                    partly: Vec::new(),
                    unknown: Vec::new(),
                    no: Vec::new(),
                    absent: Vec::new(),
                });
            }
            let Some(entry) = all.get_mut(at) else { continue };
            entry.weighs = entry.weighs.max(of_type.weighs);
            let list = match of_type.works {
                Works::Whole => &mut entry.whole,
                Works::Partly => &mut entry.partly,
                Works::Unknown => &mut entry.unknown,
                Works::No => &mut entry.no,
                Works::Absent => &mut entry.absent,
            };
            list.push(*server);
        }
    }
    all
}
