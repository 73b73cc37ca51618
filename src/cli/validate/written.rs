//! Reports as they are written: what threads make of them, and how it is put together.

use std::io::{self, ErrorKind, Write};

use fhir_accord_profiles::issue::Report;

use super::args::Format;
use super::summary::Count;
use crate::printable::Printable;
use crate::render;

/// The end of a line, and how far the next one of a resource in a Bundle is indented.
const INDENT: &str = "\n      ";

/// An entry of a JSON result.
pub(super) struct Entry {
    /// Where the instance came from, as a JSON string.
    source: String,
    /// Its OperationOutcome, indented as in a Bundle.
    outcome: String,
}

/// What becomes of a batch.
#[derive(Default)]
pub(super) struct Told {
    pub count: Count,
    /// The bytes of the inputs.
    pub bytes: usize,
    /// The reports as text, or as lines.
    text: Vec<u8>,
    /// For JSON: one for each input.
    entries: Vec<Entry>,
}

impl Told {
    /// Adds the report on an instance, `text`, that came from `source`.
    pub fn add(&mut self, report: &Report, source: &str, text: &[u8], (format, color): (Format, bool)) {
        self.bytes += text.len();
        // Writing to memory does not fail.
        let _ = match format {
            Format::Text => render::text(report, source, text, color, &mut self.text),
            Format::Ndjson => render::line(report, source, &mut Printable::new(&mut self.text)),
            Format::Json => self.entry(report, source),
        };
    }

    fn entry(&mut self, report: &Report, source: &str) -> io::Result<()> {
        // Strings have no ends of lines of their own in JSON.
        let outcome = serde_json::to_string_pretty(&render::outcome(report, None))?.replace('\n', INDENT);
        self.entries.push(Entry { source: printable(&serde_json::to_string(source)?)?, outcome: printable(&outcome)? });
        Ok(())
    }
}

fn printable(json: &str) -> io::Result<String> {
    let mut out = Vec::with_capacity(json.len());
    Printable::new(&mut out).write_all(json.as_bytes())?;
    String::from_utf8(out).map_err(io::Error::other)
}

/// The result as it is written.
pub(super) struct Writer<'a> {
    out: &'a mut dyn Write,
    format: Format,
    /// For JSON: the first entry, as long as it may be the only one.
    first: Option<Entry>,
    /// How many entries of a Bundle are written.
    entries: usize,
    /// The first failure to write.
    problem: Option<io::Error>,
}

impl<'a> Writer<'a> {
    /// Over what the result is written to.
    pub fn new(out: &'a mut dyn Write, format: Format) -> Writer<'a> {
        Writer { out, format, first: None, entries: 0, problem: None }
    }

    /// Writes what became of a batch.
    pub fn add(&mut self, told: Told) {
        let written =
            self.out.write_all(&told.text).and_then(|()| told.entries.into_iter().try_for_each(|e| self.entry(e)));
        self.keep(written);
    }

    /// As [`Writer::add`], so that it is seen at once.
    pub fn show(&mut self, told: Told) {
        self.add(told);
        let flushed = self.out.flush();
        self.keep(flushed);
    }

    /// The failure to write, where there was one.
    pub fn problem(&self) -> Option<&io::Error> {
        self.problem.as_ref()
    }

    /// Whether the reader went away.
    pub fn is_gone(&self) -> bool {
        self.problem().is_some_and(|e| e.kind() == ErrorKind::BrokenPipe)
    }

    fn keep(&mut self, written: io::Result<()>) {
        if let Err(e) = written {
            self.problem.get_or_insert(e);
        }
    }

    fn entry(&mut self, entry: Entry) -> io::Result<()> {
        if self.entries == 0 {
            let Some(first) = self.first.take() else {
                self.first = Some(entry);
                return Ok(());
            };
            self.of_bundle(&first)?;
        }
        self.of_bundle(&entry)
    }

    /// Writes an entry as one of the collection Bundle that is the result of several.
    fn of_bundle(&mut self, entry: &Entry) -> io::Result<()> {
        let before = if self.entries == 0 { render::COLLECTION_START } else { "," };
        self.entries += 1;
        let Entry { source, outcome } = entry;
        write!(self.out, "{before}\n    {{\n      \"fullUrl\": {source},\n      \"resource\": {outcome}\n    }}")
    }

    /// Writes what is left.
    pub fn finish(&mut self) {
        let ended = match (self.format, self.first.take(), self.entries) {
            (Format::Json, Some(only), _) => writeln!(self.out, "{}", only.outcome.replace(INDENT, "\n")),
            (Format::Json, None, 0) => writeln!(self.out, "{}]\n}}", render::COLLECTION_START),
            (Format::Json, None, _) => writeln!(self.out, "\n  ]\n}}"),
            _ => Ok(()),
        };
        let flushed = ended.and_then(|()| self.out.flush());
        self.keep(flushed);
    }
}

#[cfg(test)]
mod tests {
    use fhir_accord_profiles::issue::{Tally, Verdict};
    use serde_json::{Value, json};

    use super::*;

    fn written(sources: &[&str]) -> String {
        let report =
            Report { verdict: Verdict::Valid, stopped: None, tally: Tally::default(), unlisted: 0, issues: Vec::new() };
        let mut out = Vec::new();
        let mut writer = Writer::new(&mut out, Format::Json);
        for source in sources {
            let mut told = Told::default();
            told.add(&report, source, b"", (Format::Json, false));
            writer.add(told);
        }
        writer.finish();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn json_is_an_outcome_or_a_bundle() {
        let one: Value = serde_json::from_str(&written(&["a"])).unwrap();
        assert_eq!(one["resourceType"], "OperationOutcome");
        for sources in [&["a", "b\u{9b}\""][..], &["a", "b", "c"], &[]] {
            let entries: Vec<Value> = sources.iter().map(|s| json!({"fullUrl": s, "resource": one})).collect();
            let bundle = json!({"resourceType": "Bundle", "type": "collection", "entry": entries});
            let expected = serde_json::to_string_pretty(&bundle).unwrap().replace('\u{9b}', "\\u009b") + "\n";
            assert_eq!(written(sources), expected);
        }
    }
}
