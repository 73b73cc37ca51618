//! Reports to CSV (RFC 4180): a row an issue, and a row for an input without one.

use std::borrow::Cow;
use std::io::{self, Write};

use csv::{Terminator, WriterBuilder};
use fhir_accord_profiles::issue::{Issue, Report};

use super::origin::Origin;
use super::outcome::nothing_listed;
use super::run::Run;
use crate::printable::{Printable, one_line};

/// The columns.
const COLUMNS: [&str; 16] = [
    "source",
    "verdict",
    "notListed",
    "file",
    "line",
    "column",
    "severity",
    "undetermined",
    "rule",
    "message",
    "help",
    "expression",
    "element",
    "constraint",
    "profiles",
    "evidence",
];

/// A cell that no spreadsheet takes for a formula: an apostrophe goes before what would begin one.
fn cell(text: &str) -> Cow<'_, str> {
    match text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '\'']) {
        true => format!("'{text}").into(),
        false => text.into(),
    }
}

/// A cell as it is written: no control character of a value gets to a terminal, and a row is one line, so that no value
/// begins one that the log of a build reads as a command.
fn written(text: &str) -> io::Result<Vec<u8>> {
    let mut out = Vec::with_capacity(text.len());
    Printable::new(&mut out).write_all(cell(&one_line(text)).as_bytes())?;
    Ok(out)
}

fn rows<'r>(rows: impl Iterator<Item = [Cow<'r, str>; 16]>, out: &mut dyn Write) -> io::Result<()> {
    let mut writer = WriterBuilder::new().terminator(Terminator::CRLF).from_writer(out);
    for row in rows {
        let cells = row.iter().map(|text| written(text)).collect::<io::Result<Vec<_>>>()?;
        writer.write_record(cells)?;
    }
    writer.flush()
}

/// Writes the row of the names of the columns.
///
/// # Errors
/// What `out` gives.
pub fn csv_header(out: &mut dyn Write) -> io::Result<()> {
    rows(std::iter::once(COLUMNS.map(Cow::Borrowed)), out)
}

/// Writes the rows of a report.
///
/// # Errors
/// What `out` gives.
pub fn csv(report: &Report, origin: &Origin<'_>, out: &mut dyn Write) -> io::Result<()> {
    let none = report.issues.is_empty().then(|| {
        let mut row = start(report, origin);
        let [_, _, _, _, _, _, _, _, _, message, ..] = &mut row;
        *message = nothing_listed(report);
        row
    });
    rows(none.into_iter().chain(report.issues.iter().map(|i| row(i, report, origin))), out)
}

/// What stands in all rows of a report.
fn start<'r>(report: &Report, origin: &Origin<'r>) -> [Cow<'r, str>; 16] {
    let mut row = [const { Cow::Borrowed("") }; 16];
    let [source, verdict, unlisted, file, ..] = &mut row;
    *source = origin.source.into();
    *verdict = report.verdict.code().into();
    *unlisted = report.unlisted.to_string().into();
    *file = origin.file.unwrap_or_default().into();
    row
}

fn row<'r>(i: &'r Issue, report: &Report, origin: &Origin<'r>) -> [Cow<'r, str>; 16] {
    let text = |text: &'r Option<String>| Cow::Borrowed(text.as_deref().unwrap_or_default());
    let number = |n: Option<u32>| Cow::Owned(n.map(|n| n.to_string()).unwrap_or_default());
    let evidence: Vec<String> = i.evidence.iter().map(|e| format!("{}: {}", e.about, e.says)).collect();
    let line = origin.line(i.place.line);
    let [source, verdict, unlisted, file, ..] = start(report, origin);
    [
        source,
        verdict,
        unlisted,
        file,
        number(line),
        number(line.map(|_| i.place.column)),
        i.severity.code().into(),
        if i.open { "true" } else { "false" }.into(),
        i.rule.as_str().to_owned().into(),
        i.text.as_str().into(),
        text(&i.help),
        i.expression.as_str().into(),
        text(&i.element),
        text(&i.constraint),
        i.profiles.join(" ").into(),
        evidence.join("; ").into(),
    ]
}

/// Writes a row for each input that could not be read, and one for what settings of a project changed.
///
/// # Errors
/// What `out` gives.
pub fn csv_end(run: &Run<'_>, out: &mut dyn Write) -> io::Result<()> {
    let unread = run.failures().map(|why| {
        let mut row = [const { Cow::Borrowed("") }; 16];
        let [_, verdict, _, _, _, _, severity, _, _, message, ..] = &mut row;
        (*verdict, *severity, *message) = ("not read".into(), "error".into(), why.into());
        row
    });
    let settings = run.settings.iter().map(|text| {
        let mut row = [const { Cow::Borrowed("") }; 16];
        let [_, _, _, _, _, _, severity, _, _, message, ..] = &mut row;
        (*severity, *message) = ("information".into(), text.clone().into());
        row
    });
    rows(unread.chain(settings), out)
}

#[cfg(test)]
#[path = "csv_tests.rs"]
mod tests;
