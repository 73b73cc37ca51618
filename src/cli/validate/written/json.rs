//! JSON: an OperationOutcome, or of several inputs a collection Bundle of them.

use std::io::{self, Write};

use super::form::Form;
use super::told::{Entry, INDENT, Told};
use crate::render::{self, Run};

/// Outcomes as they come.
#[derive(Default)]
pub(super) struct Json {
    /// The first entry, as long as it may be the only one.
    first: Option<Entry>,
    /// How many entries of a Bundle are written.
    entries: usize,
}

impl Json {
    fn entry(&mut self, entry: Entry, out: &mut dyn Write) -> io::Result<()> {
        if self.entries == 0 {
            let Some(first) = self.first.take() else {
                self.first = Some(entry);
                return Ok(());
            };
            self.of_bundle(&first, out)?;
        }
        self.of_bundle(&entry, out)
    }

    /// Writes an entry as one of the collection Bundle that is the result of several.
    fn of_bundle(&mut self, entry: &Entry, out: &mut dyn Write) -> io::Result<()> {
        let before = if self.entries == 0 { render::COLLECTION_START } else { "," };
        self.entries += 1;
        let Entry { source, outcome } = entry;
        write!(out, "{before}\n    {{\n      \"fullUrl\": {source},\n      \"resource\": {outcome}\n    }}")
    }
}

impl Form for Json {
    fn add(&mut self, told: Told, out: &mut dyn Write) -> io::Result<()> {
        told.entries.into_iter().try_for_each(|e| self.entry(e, out))
    }

    fn finish(&mut self, _: &Run<'_>, out: &mut dyn Write) -> io::Result<()> {
        match (self.first.take(), self.entries) {
            (Some(only), _) => writeln!(out, "{}", only.outcome.replace(INDENT, "\n")),
            (None, 0) => writeln!(out, "{}]\n}}", render::COLLECTION_START),
            (None, _) => writeln!(out, "\n  ]\n}}"),
        }
    }
}
