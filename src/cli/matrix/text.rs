//! A matrix as text: the table, then for each client what it comes to.

use std::io::{Result, Write};

use crate::capability::agreement::{Direction, Verdict};
use crate::capability::matrix::{Cell, Change, ClientReport, CommonItems, Lack, Matrix, Member, TypeCoverage};
use crate::wording::words::{own_part, sentence, weight_word, without_option};

/// How many lines of one kind are written.
const LINES_LIMIT: usize = 24;

/// How many servers, or parts of a statement, are named in a line.
const NAMED: usize = 6;

/// The width of a column of the table.
const COLUMN: usize = 15;

/// Writes a matrix.
///
/// # Errors
/// Those of `out`.
pub(super) fn write(matrix: &Matrix, out: &mut dyn Write) -> Result<()> {
    table(matrix, out)?;
    for report in &matrix.reports {
        client(matrix, report, out)?;
    }
    Ok(())
}

/// A line for each server, a column for each client.
fn table(matrix: &Matrix, out: &mut dyn Write) -> Result<()> {
    let width = matrix.servers.iter().map(|s| s.name.chars().count()).max().unwrap_or_default();
    for (place, client) in matrix.clients.iter().enumerate() {
        writeln!(out, "[{}] {}", place + 1, titled(client))?;
    }
    let line = |name: &str, cells: &mut dyn Iterator<Item = String>| {
        let cells = cells.map(|cell| format!("  {cell:<COLUMN$}")).collect::<String>();
        format!("{name:width$}{cells}").trim_end().to_owned()
    };
    let clients = || 0..matrix.clients.len();
    writeln!(out, "\n{}", line("", &mut clients().map(|place| format!("[{}]", place + 1))))?;
    for (place, server) in matrix.servers.iter().enumerate() {
        let cell = |client| matrix.cell(client, place).map(word).unwrap_or_default();
        writeln!(out, "{}", line(&server.name, &mut clients().map(cell)))?;
    }
    writeln!(
        out,
        "\nyes: compatible; n/m: types without a failing SHALL of their own, of the types needed; version: another \
         FHIR version"
    )
}

fn titled(member: &Member) -> String {
    match &member.info.title {
        Some(title) if *title != member.name => format!("{}: {title}", member.name),
        _ => member.name.clone(),
    }
}

fn word(cell: &Cell) -> String {
    let verdict = match cell.verdict {
        _ if cell.fhir_version.is_none() => return "version".to_owned(),
        Verdict::Compatible => "yes",
        Verdict::Degraded => "degraded",
        Verdict::Indeterminate => "unknown",
        Verdict::Incompatible => "no",
    };
    format!("{verdict} {}/{}", cell.types.whole, cell.types.client)
}

fn client(matrix: &Matrix, report: &ClientReport, out: &mut dyn Write) -> Result<()> {
    let name = matrix.clients.get(report.client).map(|c| c.name.as_str()).unwrap_or_default();
    writeln!(out, "\n== [{}] {name}", report.client + 1)?;
    let works = named(matrix, &report.works);
    writeln!(out, "works with {} of {} servers{works}", report.works.len(), matrix.servers.len())?;
    if !report.other_version.is_empty() {
        let names = named(matrix, &report.other_version);
        writeln!(out, "in another FHIR version, and left out below: {}{names}", report.other_version.len())?;
    }
    if report.other_version.len() == matrix.servers.len() {
        return Ok(());
    }
    change(matrix, report, out)?;
    types(&report.coverage, out)?;
    common(&report.common, out)?;
    lacking(matrix, &report.lacking, out)
}

/// `: a, b and 3 more`; empty where there is none.
fn named(matrix: &Matrix, servers: &[usize]) -> String {
    let names = servers.iter().filter_map(|s| matrix.servers.get(*s)).map(|s| s.name.as_str());
    let named = names.take(NAMED).collect::<Vec<_>>().join(", ");
    match servers.len().saturating_sub(NAMED) {
        0 if servers.is_empty() => String::new(),
        0 => format!(": {named}"),
        more => format!(": {named} and {more} more"),
    }
}

/// What unlocks most servers, then what comes next.
fn change(matrix: &Matrix, report: &ClientReport, out: &mut dyn Write) -> Result<()> {
    let locked = matrix.servers.len() - report.works.len() - report.other_version.len();
    let Some((best, others)) = report.changes.split_first() else {
        return match locked {
            0 => Ok(()),
            _ => writeln!(out, "no single change makes it work with one of the other {locked}"),
        };
    };
    writeln!(out, "\nthe one change that unlocks most servers")?;
    one_change(matrix, best, out)?;
    if !others.is_empty() {
        writeln!(out, "other changes")?;
        others.iter().try_for_each(|change| one_change(matrix, change, out))?;
    }
    Ok(())
}

fn one_change(matrix: &Matrix, change: &Change, out: &mut dyn Write) -> Result<()> {
    let unlocks = format!("works with {} more{}", change.unlocks.len(), named(matrix, &change.unlocks));
    match &change.scope {
        Some(scope) => writeln!(out, "  request the scopes `{scope}`: {unlocks}"),
        None => {
            let texts = change.texts();
            writeln!(out, "  do without {} ({} requirements): {unlocks}", texts.join(","), change.gives_up)?;
            writeln!(out, "    to see it: {}", without_option(&texts))
        }
    }
}

fn types(coverage: &[TypeCoverage], out: &mut dyn Write) -> Result<()> {
    writeln!(
        out,
        "\n{:<28}{:<8}{:>6}{:>8}{:>9}{:>5}{:>8}",
        "types", "weighs", "whole", "partly", "unknown", "no", "absent"
    )?;
    for t in coverage.iter().take(LINES_LIMIT) {
        writeln!(
            out,
            "  {:<26}{:<8}{:>6}{:>8}{:>9}{:>5}{:>8}",
            t.resource_type,
            weight_word(t.weighs),
            t.whole.len(),
            t.partly.len(),
            t.unknown.len(),
            t.no.len(),
            t.absent.len()
        )?;
    }
    more(coverage.len(), out)
}

fn common(all: &[CommonItems], out: &mut dyn Write) -> Result<()> {
    if all.is_empty() {
        return writeln!(out, "\nno requirement is met by every server");
    }
    writeln!(out, "\nwhat every server has")?;
    for items in all.iter().take(LINES_LIMIT) {
        let on = items.resource_type.as_deref().unwrap_or("system");
        let parts: Vec<String> = items.parts.iter().map(|p| own_part(&p.to_string(), on)).collect();
        writeln!(out, "  {on}: {}", if parts.is_empty() { "the type".to_owned() } else { parts.join(", ") })?;
    }
    more(all.len(), out)
}

fn lacking(matrix: &Matrix, all: &[Lack], out: &mut dyn Write) -> Result<()> {
    if all.is_empty() {
        return Ok(());
    }
    writeln!(out, "\nwho lacks what")?;
    for lack in all.iter().take(LINES_LIMIT) {
        let write = if lack.direction == Some(Direction::Write) { ", for writing" } else { "" };
        let servers = named(matrix, &lack.lacking);
        let unknown = match lack.unknown.len() {
            0 => String::new(),
            unknown => format!("; unknown on {unknown}{}", named(matrix, &lack.unknown)),
        };
        let weight = weight_word(Some(lack.weighs));
        writeln!(out, "  {weight} {}{write}: missing on {}{servers}{unknown}", lack.part, lack.lacking.len())?;
        writeln!(out, "    {}", sentence(&lack.why))?;
    }
    more(all.len(), out)
}

fn more(all: usize, out: &mut dyn Write) -> Result<()> {
    match all.saturating_sub(LINES_LIMIT) {
        0 => Ok(()),
        more => writeln!(out, "  … and {more} more, see `--format json`"),
    }
}
