//! Every row of a result: a table for the system level and for each type.

use std::io::{Result, Write};

use askama::Template;

use super::bounds::{DETAILED, DETAILED_MET, ROWS};
use super::chip::Chip;
use super::details::Details;
use super::reasons::{Named, Reasons};
use super::row_details::details;
use super::text::Shown;
use crate::capability::agreement::{Agreement, Direction, Item, Row, RowVerdict, Verdict};
use crate::wording::words::{expectation_word, item_name, short, weight_word};

/// The start of a table.
#[derive(Template)]
#[template(path = "page/table_head.html")]
struct Start<'a> {
    at: usize,
    name: Shown<'a>,
    verdict: Option<Chip>,
}

/// One row.
#[derive(Template)]
#[template(path = "page/row.html")]
struct Line<'a> {
    at: usize,
    kind: &'static str,
    item: Shown<'a>,
    is_write: bool,
    by: Option<Shown<'a>>,
    client: &'static str,
    weighs: &'static str,
    server: Chip,
    scope: Chip,
    usable: Chip,
    verdict: Chip,
    status: Option<Chip>,
    why: Reasons,
    details: Option<Details<'a>>,
}

/// The end of a table.
#[derive(Template)]
#[template(path = "page/table_foot.html")]
struct End {
    more: usize,
}

/// The end of all tables: what was left out of them.
#[derive(Template)]
#[template(path = "page/tables_foot.html")]
struct LeftOut {
    rows: usize,
    details: usize,
}

/// Writes rows, and counts them against their bounds.
struct Tables<'w> {
    named: &'w mut Named,
    out: &'w mut dyn Write,
    row: usize,
    detailed: usize,
    detailed_met: usize,
    left_out: LeftOut,
}

/// Writes the tables.
///
/// # Errors
/// Those of `out`.
pub fn write(agreement: &Agreement, named: &mut Named, out: &mut dyn Write) -> Result<()> {
    let left_out = LeftOut { rows: 0, details: 0 };
    let mut tables = Tables { named, out, row: 0, detailed: 0, detailed_met: 0, left_out };
    if !agreement.system.rows.is_empty() {
        tables.table("System", None, agreement.system.rows.iter())?;
    }
    for resource in &agreement.resources {
        tables.table(&resource.resource_type, Some(resource.verdict), resource.all())?;
    }
    tables.left_out.write_into(tables.out)
}

impl Tables<'_> {
    fn table<'r>(&mut self, name: &str, verdict: Option<Verdict>, rows: impl Iterator<Item = &'r Row>) -> Result<()> {
        if self.row >= ROWS {
            self.left_out.rows += rows.count();
            return Ok(());
        }
        Start { at: self.row, name: Shown::name(name), verdict: verdict.map(Into::into) }.write_into(self.out)?;
        let mut more = 0;
        for row in rows {
            if self.row < ROWS {
                self.line(row)?;
                self.row += 1;
            } else {
                more += 1;
            }
        }
        self.left_out.rows += more;
        End { more }.write_into(self.out)
    }

    fn line(&mut self, row: &Row) -> Result<()> {
        let name = name(row);
        let profile = row.profile();
        let by = profile.and_then(|p| p.satisfied_by.as_deref().filter(|by| *by != p.required));
        let why = self.named.reasons(&row.why);
        let details = self.has_room(row).then(|| details(row, &name, self.named));
        Line {
            at: self.row,
            kind: row.kind().name(),
            item: Shown::name(&name),
            is_write: profile.is_some_and(|p| p.direction == Direction::Write),
            by: by.map(short).map(Shown::name),
            client: expectation_word(row.client),
            weighs: weight_word(row.weighs),
            server: row.server.into(),
            scope: row.scope.into(),
            usable: row.usable.into(),
            verdict: row.verdict().into(),
            status: profile.map(|p| p.status.into()),
            why,
            details,
        }
        .write_into(self.out)
    }

    /// Whether the row's details are within their bound; what is met has one of its own.
    fn has_room(&mut self, row: &Row) -> bool {
        let is_met = matches!(row.verdict(), RowVerdict::Ok | RowVerdict::Told);
        let (count, bound) =
            if is_met { (&mut self.detailed_met, DETAILED_MET) } else { (&mut self.detailed, DETAILED) };
        *count += 1;
        let fits = *count <= bound;
        self.left_out.details += usize::from(!fits);
        fits
    }
}

/// What a row is about, beside its kind.
fn name(row: &Row) -> String {
    match &row.item {
        Item::Type(_) => "the type itself".to_owned(),
        Item::Profile(profile) => short(&profile.required).to_owned(),
        _ => item_name(row),
    }
}
