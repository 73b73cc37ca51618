//! Reports as they are written: what threads make of them (`told.rs`), and how it is put together, a file a form.

mod form;
mod html;
mod json;
mod junit;
mod lines;
mod sarif;
mod told;

use std::io::{self, ErrorKind, Write};

pub(super) use told::Told;

use self::form::Form;
use super::args::Format;
use crate::render::Run;

/// The result as it is written.
pub(super) struct Writer<'a> {
    out: &'a mut dyn Write,
    form: Box<dyn Form>,
    /// The first failure to write.
    problem: Option<io::Error>,
}

impl<'a> Writer<'a> {
    /// Over what the result is written to.
    pub fn new(out: &'a mut dyn Write, format: Format) -> Writer<'a> {
        let form: Box<dyn Form> = match format {
            Format::Text | Format::Ndjson | Format::Github | Format::Csv => Box::new(lines::Lines::new(format)),
            Format::Json => Box::<json::Json>::default(),
            Format::Sarif => Box::<sarif::Sarif>::default(),
            Format::Junit => Box::new(junit::Junit::new()),
            Format::Html => Box::<html::Html>::default(),
        };
        Writer { out, form, problem: None }
    }

    /// Writes what became of a batch.
    pub fn add(&mut self, told: Told) {
        let written = self.form.add(told, &mut self.out);
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

    /// Writes what is left; `run` is what all came to. After a failure nothing more is written.
    pub fn finish(&mut self, run: &Run<'_>) {
        if self.problem.is_none() {
            let ended = self.form.finish(run, &mut self.out);
            let flushed = ended.and_then(|()| self.out.flush());
            self.keep(flushed);
        }
    }
}

#[cfg(test)]
#[path = "tests.rs"]
mod tests;
