//! HTML: the page is written once all inputs are there; it keeps what it shows, which is bounded.

use std::io::{self, Write};

use super::form::Form;
use super::told::Told;
use crate::page::report::Page;
use crate::render::Run;

/// The page so far.
#[derive(Default)]
pub(super) struct Html(Page);

impl Form for Html {
    fn add(&mut self, told: Told, _: &mut dyn Write) -> io::Result<()> {
        told.parts.into_iter().for_each(|part| self.0.add(part));
        Ok(())
    }

    fn finish(&mut self, run: &Run<'_>, out: &mut dyn Write) -> io::Result<()> {
        self.0.write(run, out)
    }
}
