//! The one change that unlocks most servers. What could be changed is estimated from the rows; the best is confirmed by
//! negotiating again.

use std::cmp::Reverse;

use rustc_hash::FxHashSet;
use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};

use super::cell::Cell;
use super::limits::{CHANGES, TRIALS};
use super::options::{blockers, given_up, options};
use crate::agreement::{Counts, Tally, Verdict};
use crate::expectation::Weight;
use crate::part::Part;
use crate::reason::Reason;

/// A negotiation with a change made.
#[derive(Clone, Copy, Debug)]
pub struct Trial<'a> {
    /// The place of the client.
    pub client: usize,
    /// The place of the server.
    pub server: usize,
    /// What the client does without, as `--without` takes it.
    pub without: &'a [String],
    /// Another scope string; `None`: the one of the matrix.
    pub scope: Option<&'a str>,
}

/// Something that the client could change, and the servers with which it would work then.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// What the client would do without.
    pub without: Vec<Part>,
    /// The scope string that it would send instead.
    pub scope: Option<String>,
    /// How many requirements, SHALL or SHOULD, it would make optional.
    pub gives_up: usize,
    /// The servers, by place: negotiated again with the change made, each is compatible or degraded.
    pub unlocks: Vec<usize>,
}

impl Serialize for Change {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(4))?;
        map.serialize_entry("without", &self.texts())?;
        map.serialize_entry("scope", &self.scope)?;
        map.serialize_entry("givesUp", &self.gives_up)?;
        map.serialize_entry("unlocks", &self.unlocks)?;
        map.end()
    }
}

impl Change {
    /// What the client would do without, as `--without` takes it.
    pub fn texts(&self) -> Vec<String> {
        self.without.iter().map(ToString::to_string).collect()
    }
}

/// The changes of a client that unlock servers, the best first: most servers, then least given up.
pub(super) fn changes(client: usize, cells: &[Cell], negotiate: &mut dyn FnMut(&Trial<'_>) -> Verdict) -> Vec<Change> {
    let is_locked = |cell: &&Cell| !cell.works() && cell.fhir_version.is_some();
    let locked: Vec<(usize, &Cell)> = cells.iter().enumerate().filter(|(_, c)| is_locked(c)).collect();
    let mut confirmed = asking(client, &locked, negotiate);
    let mut left = TRIALS;
    for guess in estimated(&locked) {
        let enough = confirmed.iter().filter(|c| c.unlocks.len() >= guess.unlocks.len()).count() >= CHANGES;
        if enough || left == 0 {
            break;
        }
        left -= 1;
        let texts = guess.texts();
        let mut works =
            |server: usize| negotiate(&Trial { client, server, without: &texts, scope: None }) <= Verdict::Degraded;
        let unlocks: Vec<usize> = guess.unlocks.iter().copied().filter(|server| works(*server)).collect();
        confirmed.push(Change { unlocks, ..guess });
    }
    confirmed.retain(|c| !c.unlocks.is_empty());
    confirmed.sort_by_key(key);
    confirmed.truncate(CHANGES);
    confirmed
}

fn key(change: &Change) -> (Reverse<usize>, usize) {
    (Reverse(change.unlocks.len()), change.gives_up)
}

/// What the rows say of all options, the best first. Of those that unlock the same servers, the one that gives up
/// least.
fn estimated(locked: &[(usize, &Cell)]) -> Vec<Change> {
    let cells: Vec<&Cell> = locked.iter().map(|(_, cell)| *cell).collect();
    let of = |option: Vec<Part>| {
        let unlocked = locked.iter().filter(|(_, cell)| verdict_without(cell, &option) <= Verdict::Degraded);
        let unlocks: Vec<usize> = unlocked.map(|(server, _)| *server).collect();
        let first = locked.iter().find(|(server, _)| unlocks.first() == Some(server))?.1;
        let gives_up = given_up(first, &option).len();
        Some(Change { without: option, scope: None, gives_up, unlocks })
    };
    let mut all: Vec<Change> = options(&cells).into_iter().filter_map(of).collect();
    all.sort_by_key(key);
    let mut known: FxHashSet<Vec<usize>> = FxHashSet::default();
    all.retain(|change| known.insert(change.unlocks.clone()));
    all
}

/// The verdict with what the option names made optional.
fn verdict_without(cell: &Cell, option: &[Part]) -> Verdict {
    let in_the_way = |row: &super::cell::CellRow| !option.iter().any(|part| part.covers(&row.part, row.kind));
    if cell.is_uncertain || blockers(cell).any(|row| in_the_way(row) && !row.is_write()) {
        return cell.verdict;
    }
    let mut counts = Counts::default();
    cell.rows.iter().for_each(|row| counts.add(row.weighs, row.finding));
    // What the statements as a whole fail at stays.
    if cell.counts.shall.failed > counts.shall.failed {
        return Verdict::Incompatible;
    }
    let gone = given_up(cell, option);
    let mut gone = gone.iter().map(|row| std::ptr::from_ref(*row)).peekable();
    let mut counts = Counts::default();
    for row in &cell.rows {
        let is_gone = gone.next_if(|r| std::ptr::eq(*r, row)).is_some();
        counts.add(if is_gone { Some(Weight::May) } else { row.weighs }, row.finding);
    }
    // Without anything that it needs, a client works with everybody.
    let is_nothing = |t: Tally| t.ok + t.failed + t.unknown == 0;
    if is_nothing(counts.shall) && is_nothing(counts.should) { cell.verdict } else { counts.verdict() }
}

/// What another scope string unlocks, where the one that is sent lacks something.
fn asking(client: usize, locked: &[(usize, &Cell)], negotiate: &mut dyn FnMut(&Trial<'_>) -> Verdict) -> Vec<Change> {
    let lacks = |cell: &Cell| blockers(cell).any(|row| row.why.contains(&Reason::NotAsked));
    let mut strings: Vec<(&str, usize)> = Vec::new();
    for (_, cell) in locked.iter().filter(|(_, cell)| lacks(cell) && !cell.ask.is_empty()) {
        match strings.iter_mut().find(|(known, _)| *known == cell.ask) {
            Some((_, times)) => *times += 1,
            None => strings.push((&cell.ask, 1)),
        }
    }
    strings.sort_by_key(|(_, times)| Reverse(*times));
    let mut of = |scope: &str| {
        let mut works =
            |server: usize| negotiate(&Trial { client, server, without: &[], scope: Some(scope) }) <= Verdict::Degraded;
        let unlocks = locked.iter().map(|(server, _)| *server).filter(|server| works(*server)).collect();
        Change { without: Vec::new(), scope: Some(scope.to_owned()), gives_up: 0, unlocks }
    };
    strings.into_iter().take(TRIALS / 2).map(|(scope, _)| of(scope)).collect()
}
