//! What threads make of batches: the reports in the form that is asked for, in pieces.

use std::io::{self, Write};

use fhir_accord_profiles::issue::{Issue, Report};

use super::super::args::Format;
use super::super::summary::Count;
use crate::page::report::{InputPart, input};
use crate::printable::Printable;
use crate::project::Applied;
use crate::render::{self, Note, Origin, sarif};

/// The end of a line, and how far the next one of a resource in a Bundle is indented.
pub(super) const INDENT: &str = "\n      ";

/// An entry of a JSON result.
pub(super) struct Entry {
    /// Where the instance came from, as a JSON string.
    pub source: String,
    /// Its OperationOutcome, indented as in a Bundle.
    pub outcome: String,
}

/// What becomes of a batch.
#[derive(Default)]
pub(crate) struct Told {
    pub count: Count,
    /// The bytes of the inputs.
    pub bytes: usize,
    /// The reports as text, as lines, as rows, as cases.
    pub(super) text: Vec<u8>,
    /// For JSON: one for each input.
    pub(super) entries: Vec<Entry>,
    /// For SARIF: one for each issue.
    pub(super) results: Vec<sarif::SarifResult>,
    /// For HTML: one for each input.
    pub(super) parts: Vec<InputPart>,
}

impl Told {
    /// Adds what is in force of the report on an instance, `text`, that came from `origin`.
    pub fn add(&mut self, applied: &Applied, origin: &Origin<'_>, text: &[u8], (format, color): (Format, bool)) {
        self.bytes += text.len();
        let (report, note) = (&applied.report, applied.note());
        let (source, out, note) = (origin.source, &mut self.text, note.as_ref());
        // Writing to memory does not fail.
        let _ = match format {
            Format::Text => render::text(report, source, text, color, out)
                .and_then(|()| note.iter().try_for_each(|note| writeln!(out, "  = {}", note.text))),
            Format::Ndjson => render::line(report, source, note, &mut Printable::new(out)),
            Format::Json => self.entry(report, source, note),
            Format::Sarif => {
                sarif::results(report, &suppressed(applied), origin, text).map(|all| self.results.extend(all))
            }
            Format::Junit => render::junit(report, origin).map(|case| out.extend(case)),
            Format::Github => render::github(report, origin, &mut Printable::new(out)),
            Format::Csv => render::csv(report, origin, out),
            Format::Html => input(report, origin, text).map(|part| self.parts.push(part)),
        };
    }

    fn entry(&mut self, report: &Report, source: &str, note: Option<&Note>) -> io::Result<()> {
        // Strings have no ends of lines of their own in JSON.
        let outcome =
            serde_json::to_string_pretty(&render::outcome(report, None).with_note(note))?.replace('\n', INDENT);
        self.entries.push(Entry { source: printable(&serde_json::to_string(source)?)?, outcome: printable(&outcome)? });
        Ok(())
    }
}

/// The issues that do not count, and why.
fn suppressed(applied: &Applied) -> Vec<(&Issue, String)> {
    applied.suppressed.iter().map(|s| (&s.issue, s.why.to_string())).collect()
}

/// A text as it may be printed.
pub(super) fn printable(text: &str) -> io::Result<String> {
    let mut out = Vec::with_capacity(text.len());
    Printable::new(&mut out).write_all(text.as_bytes())?;
    String::from_utf8(out).map_err(io::Error::other)
}
