//! Tables over all servers of a client: its types, and what is missing where.

use std::io::{Result, Write};

use askama::Template;

use super::names::servers;
use crate::capability::agreement::Direction;
use crate::capability::matrix::{Lack, Matrix, TypeCoverage};
use crate::page::bounds::{OVER, OVER_ALL};
use crate::page::grid::{GridCell, GridEnd, GridLine, GridStart};
use crate::page::reasons::Named;
use crate::page::text::Shown;
use crate::wording::words::{part_name, weight_word};

const COVERAGE: [&str; 6] = ["Weighs", "Whole", "Partly", "Unknown", "No", "Absent"];
const LACKING: [&str; 4] = ["Weighs", "Missing on", "Unknown on", "Why"];

/// Writes tables, whose rows are counted against their bound.
pub struct Over<'m> {
    matrix: &'m Matrix,
    named: &'m mut Named,
    left: usize,
}

impl<'m> Over<'m> {
    /// Of a matrix.
    pub fn new(matrix: &'m Matrix, named: &'m mut Named) -> Over<'m> {
        Over { matrix, named, left: OVER_ALL }
    }

    /// How many of so many rows are shown.
    fn room(&mut self, rows: usize) -> usize {
        let room = rows.min(OVER).min(self.left);
        self.left -= room;
        room
    }

    /// Writes on how many servers each type works, and on which.
    ///
    /// # Errors
    /// Those of `out`.
    pub fn coverage(&mut self, types: &[TypeCoverage], out: &mut dyn Write) -> Result<()> {
        let (caption, columns) = ("Types: on how many servers each works, and on which", COVERAGE.map(Shown::name));
        GridStart { class: "coverage", caption, corner: "Type", columns: &columns }.write_into(out)?;
        let room = self.room(types.len());
        for of_type in types.iter().take(room) {
            let [weighs, rest @ ..] = COVERAGE;
            let lists = [&of_type.whole, &of_type.partly, &of_type.unknown, &of_type.no, &of_type.absent];
            let texts = lists.map(|places| servers(self.matrix, places));
            let mut cells = vec![GridCell::text(weighs, weight_word(of_type.weighs))];
            cells.extend(rest.into_iter().zip(&texts).map(|(label, text)| GridCell::text(label, text)));
            GridLine { anchor: None, name: Shown::name(&of_type.resource_type), cells }.write_into(out)?;
        }
        GridEnd { more: types.len() - room, what: "types" }.write_into(out)
    }

    /// Writes what is missing where, the heaviest first; nothing where nothing is.
    ///
    /// # Errors
    /// Those of `out`.
    pub fn lacking(&mut self, all: &[Lack], out: &mut dyn Write) -> Result<()> {
        if all.is_empty() {
            return Ok(());
        }
        let (caption, columns) = ("Requirements: who lacks what", LACKING.map(Shown::name));
        GridStart { class: "lacking", caption, corner: "Requirement", columns: &columns }.write_into(out)?;
        let room = self.room(all.len());
        for lack in all.iter().take(room) {
            let is_write = lack.direction == Some(Direction::Write);
            let name = format!("{}{}", part_name(&lack.part), if is_write { ", for writing" } else { "" });
            let [lacking, unknown] = [&lack.lacking, &lack.unknown].map(|places| servers(self.matrix, places));
            let [weighs, missing_on, unknown_on, why] = LACKING;
            let cells = vec![
                GridCell::text(weighs, weight_word(Some(lack.weighs))),
                GridCell::text(missing_on, &lacking),
                GridCell::text(unknown_on, &unknown),
                GridCell::text(why, "").because(self.named.reasons(&lack.why)),
            ];
            GridLine { anchor: None, name: Shown::name(&name), cells }.write_into(out)?;
        }
        GridEnd { more: all.len() - room, what: "requirements" }.write_into(out)
    }
}
