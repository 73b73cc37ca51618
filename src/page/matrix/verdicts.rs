//! The table: a row for each server, a column for each client.

use std::io::{Result, Write};

use askama::Template;

use super::names::{Told, outcome, pair};
use crate::capability::matrix::Matrix;
use crate::page::bounds::{CLIENTS, COLUMNS, SERVERS};
use crate::page::frame::{SECTION_END, Section};
use crate::page::grid::{GridCell, GridEnd, GridLine, GridStart};
use crate::page::text::Shown;

const INTRO: &str = "Each server with each client: the verdict, and how many of the types that the client needs are \
                     there without a failing SHALL of their own. The numbers lead to the reasons.";

/// Writes the section: one table for some clients, then one for the next.
///
/// # Errors
/// Those of `out`.
pub fn write(matrix: &Matrix, told: &Told, out: &mut dyn Write) -> Result<()> {
    Section { anchor: "verdicts", title: "Verdicts", intro: INTRO }.write_into(out)?;
    let clients: Vec<usize> = (0..matrix.clients.len().min(CLIENTS)).collect();
    for some in clients.chunks(COLUMNS) {
        table(matrix, some, told, out)?;
    }
    let more = matrix.clients.len().saturating_sub(CLIENTS);
    if more > 0 {
        writeln!(out, "<p class=\"left-out\">{more} more clients are not shown.</p>")?;
    }
    out.write_all(SECTION_END)
}

fn table(matrix: &Matrix, clients: &[usize], told: &Told, out: &mut dyn Write) -> Result<()> {
    let members = clients.iter().filter_map(|c| matrix.clients.get(*c));
    let columns: Vec<Shown<'_>> = members.map(|m| Shown::name(&m.name)).collect();
    let caption = match (clients.first(), clients.last()) {
        (Some(first), Some(last)) if clients.len() < matrix.clients.len() => {
            format!("Servers with the clients {} to {}", first + 1, last + 1)
        }
        _ => "Servers with all clients".to_owned(),
    };
    GridStart { class: "matrix", caption: &caption, corner: "Server", columns: &columns }.write_into(out)?;
    for (server, member) in matrix.servers.iter().take(SERVERS).enumerate() {
        let counted: Vec<String> = clients.iter().map(|client| types(matrix, *client, server)).collect();
        let cells = clients.iter().zip(&counted).zip(&columns);
        let cells = cells.filter_map(|((client, types), label)| {
            let cell = matrix.cell(*client, server)?;
            let of = format!("{} with {label}", Shown::name(&member.name));
            let link = told.has(*client, server).then(|| (pair(*client, server), of));
            Some(
                GridCell { label: *label, text: Shown::name(types), ..GridCell::chip("", outcome(cell).0) }
                    .linked(link),
            )
        });
        let anchor = (!told.clients(server).is_empty()).then(|| format!("s{server}"));
        GridLine { anchor, name: Shown::name(&member.name), cells: cells.collect() }.write_into(out)?;
    }
    GridEnd { more: matrix.servers.len().saturating_sub(SERVERS), what: "servers" }.write_into(out)
}

/// `5/12 types`.
fn types(matrix: &Matrix, client: usize, server: usize) -> String {
    matrix.cell(client, server).map(|c| format!("{}/{} types", c.types.whole, c.types.client)).unwrap_or_default()
}
