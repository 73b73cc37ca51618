//! Forms of lines that depend on no others: text, NDJSON, annotations, CSV.

use std::io::{self, Write};

use super::super::args::Format;
use super::form::Form;
use super::told::Told;
use crate::printable::Printable;
use crate::render::{self, Run};

/// Lines as they come.
pub(super) struct Lines {
    format: Format,
    /// Whether the line before all others is written.
    is_begun: bool,
}

impl Lines {
    pub fn new(format: Format) -> Lines {
        Lines { format, is_begun: false }
    }

    fn begin(&mut self, out: &mut dyn Write) -> io::Result<()> {
        match std::mem::replace(&mut self.is_begun, true) {
            false if self.format == Format::Csv => render::csv_header(out),
            _ => Ok(()),
        }
    }
}

impl Form for Lines {
    fn add(&mut self, told: Told, out: &mut dyn Write) -> io::Result<()> {
        self.begin(out)?;
        out.write_all(&told.text)
    }

    fn finish(&mut self, run: &Run<'_>, out: &mut dyn Write) -> io::Result<()> {
        self.begin(out)?;
        match self.format {
            Format::Csv => render::csv_end(run, out),
            Format::Github => render::github_end(run, &mut Printable::new(out)),
            _ => Ok(()),
        }
    }
}
