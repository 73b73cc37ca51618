//! Why a client does not work with a server, or not with all that it needs: what fails, what is unknown, witnesses.

use std::io::{Result, Write};

use askama::Template;

use super::names::{Told, outcome, pair, version};
use crate::capability::agreement::{Finding, ProfileStatus};
use crate::capability::expectation::Weight;
use crate::capability::matrix::{Cell, CellProfile, CellRow, Matrix};
use crate::page::advice::Advice;
use crate::page::bounds::{PAIR_GROUPS, PAIR_NAMED, PAIR_WITNESSES, PAIRS, WITNESSES};
use crate::page::chip::Chip;
use crate::page::details::{Details, List, Witness};
use crate::page::frame::{SECTION_END, Section};
use crate::page::profiles::direction_words;
use crate::page::reasons::{Named, Reasons};
use crate::page::row_details::about;
use crate::page::text::Shown;
use crate::wording::{Group, cell_groups};

const INTRO: &str = "Of each pair that is not compatible: the requirements that fail or are unknown, by reason. They \
                     weigh SHALL or SHOULD.";

/// A pair.
#[derive(Template)]
#[template(path = "page/matrix/pair.html")]
struct Pair<'a> {
    anchor: String,
    client: Shown<'a>,
    chip: Chip,
    whole_types: usize,
    all_types: usize,
    /// The FHIR versions of both sides, where they have none in common.
    versions: Option<[String; 2]>,
    why: Reasons,
    whole: Reasons,
    lists: [Groups; 2],
    witnesses: Vec<Details<'a>>,
    more_witnesses: usize,
}

/// The groups of one finding.
struct Groups {
    title: &'static str,
    groups: Vec<Advice>,
    more: usize,
}

/// The name of a server.
#[derive(Template)]
#[template(path = "page/matrix/server.html")]
struct Start<'a> {
    at: usize,
    name: Shown<'a>,
}

/// Writes the section; nothing where every pair is compatible.
///
/// # Errors
/// Those of `out`.
pub fn write(matrix: &Matrix, told: &Told, named: &mut Named, out: &mut dyn Write) -> Result<()> {
    if told.is_empty() {
        return Ok(());
    }
    Section { anchor: "pairs", title: "Reasons", intro: INTRO }.write_into(out)?;
    let mut left = WITNESSES;
    for (at, server) in matrix.servers.iter().enumerate().filter(|(at, _)| !told.clients(*at).is_empty()) {
        Start { at, name: Shown::name(&server.name) }.write_into(out)?;
        for client in told.clients(at) {
            one(matrix, (*client, at), &mut left, named).map_or(Ok(()), |pair| pair.write_into(out))?;
        }
    }
    if told.more > 0 {
        let more = told.more;
        writeln!(
            out,
            "<p class=\"left-out\">The reasons of {more} more pairs are not shown (limit {PAIRS} pairs).</p>"
        )?;
    }
    out.write_all(SECTION_END)
}

fn one<'a>(matrix: &'a Matrix, at: (usize, usize), left: &mut usize, named: &mut Named) -> Option<Pair<'a>> {
    let (client, server, cell) = (matrix.clients.get(at.0)?, matrix.servers.get(at.1)?, matrix.cell(at.0, at.1)?);
    let lists = [("Fails", Finding::Unmet), ("Cannot be determined", Finding::Unknown)]
        .map(|(title, finding)| groups(title, &cell_groups(cell, finding), named));
    let refuted: Vec<(&CellRow, &CellProfile)> = refuted(cell);
    let room = refuted.len().min(PAIR_WITNESSES).min(*left);
    *left -= room;
    Some(Pair {
        anchor: pair(at.0, at.1),
        client: Shown::name(&client.name),
        chip: outcome(cell).0,
        whole_types: cell.types.whole,
        all_types: cell.types.client,
        versions: cell.fhir_version.is_none().then(|| [version(client), version(server)]),
        why: named.reasons(&cell.why),
        whole: named.reasons(&cell.whole),
        lists,
        witnesses: refuted.iter().take(room).filter_map(|(row, profile)| witness(row, profile)).collect(),
        more_witnesses: refuted.len() - room,
    })
}

fn groups(title: &'static str, all: &[Group<'_>], named: &mut Named) -> Groups {
    let groups = all.iter().take(PAIR_GROUPS).map(|group| Advice::plain(group, PAIR_NAMED, named)).collect();
    Groups { title, groups, more: all.len().saturating_sub(PAIR_GROUPS) }
}

/// The profiles that a witness refutes, the heaviest first.
fn refuted(cell: &Cell) -> Vec<(&CellRow, &CellProfile)> {
    let shows = |row: &CellRow| {
        let profile = row.profile.as_deref();
        let is_refuted = profile.is_some_and(|p| p.status == ProfileStatus::Refuted && p.witness.is_some());
        is_refuted && row.weighs > Some(Weight::May)
    };
    let open = cell.open().filter(|row| shows(row));
    let mut all: Vec<(&CellRow, &CellProfile)> = open.filter_map(|row| Some((row, row.profile.as_deref()?))).collect();
    all.sort_by_key(|(row, _)| std::cmp::Reverse(row.weighs));
    all
}

fn witness<'a>(row: &'a CellRow, profile: &'a CellProfile) -> Option<Details<'a>> {
    let (required, by) = (row.part.profile()?, profile.satisfied_by.as_deref());
    let mut facts = vec![("Required", Shown::text(required))];
    facts.extend(by.map(|by| ("Compared with", Shown::text(by))));
    facts.push(("Direction", Shown::text(direction_words(profile.direction))));
    Some(Details {
        of: Shown::name(required),
        facts,
        lists: vec![List::of("Only where", &profile.conditions, profile.conditions.len())],
        evidence: Vec::new(),
        witness: profile.witness.as_ref().map(|w| Witness::new(w, about(profile.direction, required, by))),
    })
}
