//! The servers: what they say of themselves, and the SMART configuration that each is negotiated with.

use std::io::{Result, Write};

use askama::Template;

use super::names::{Told, title, version};
use crate::capability::matrix::{Cell, Matrix};
use crate::page::bounds::SERVERS;
use crate::page::frame::{SECTION_END, Section};
use crate::page::grid::{GridCell, GridEnd, GridLine, GridStart};
use crate::page::text::Shown;

const COLUMNS: [&str; 5] = ["FHIR version", "Statement", "Read from", "SMART configuration", "Works with"];

/// Writes the section.
///
/// # Errors
/// Those of `out`.
pub fn write(matrix: &Matrix, told: &Told, out: &mut dyn Write) -> Result<()> {
    let (caption, columns) = ("What the servers say of themselves", COLUMNS.map(Shown::name));
    Section { anchor: "servers", title: "Servers", intro: "" }.write_into(out)?;
    GridStart { class: "servers", caption, corner: "Server", columns: &columns }.write_into(out)?;
    for (at, server) in matrix.servers.iter().take(SERVERS).enumerate() {
        let cells: Vec<&Cell> = (0..matrix.clients.len()).filter_map(|client| matrix.cell(client, at)).collect();
        let (works, other) = (count(&cells, Cell::works), count(&cells, |cell| cell.fhir_version.is_none()));
        let works = match other {
            0 => format!("{works} of {} clients", cells.len()),
            other => format!("{works} of {} clients; {other} of another FHIR version", cells.len()),
        };
        let texts = [
            version(server),
            title(server),
            server.info.from.clone().unwrap_or_default(),
            server.smart.clone().unwrap_or_else(|| "none".to_owned()),
            works,
        ];
        let cells = COLUMNS.into_iter().zip(&texts).map(|(label, text)| GridCell::text(label, or_dash(text))).collect();
        let anchor = (!told.clients(at).is_empty()).then(|| format!("s{at}"));
        GridLine { anchor, name: Shown::name(&server.name), cells }.write_into(out)?;
    }
    GridEnd { more: matrix.servers.len().saturating_sub(SERVERS), what: "servers" }.write_into(out)?;
    out.write_all(SECTION_END)
}

fn count(cells: &[&Cell], keep: impl Fn(&Cell) -> bool) -> usize {
    cells.iter().filter(|cell| keep(cell)).count()
}

fn or_dash(text: &str) -> &str {
    if text.is_empty() { "-" } else { text }
}
