//! JUnit XML: how many cases there are stands before them, so they wait in a file that has no name until all are there.

use std::io::{self, Seek, SeekFrom, Write};

use tempfile::SpooledTempFile;

use super::form::Form;
use super::told::Told;
use crate::printable::Printable;
use crate::render::{JUNIT_END, Run, junit_end, junit_start};

/// How many bytes of cases wait in memory before they go to the file.
const IN_MEMORY: usize = 8 << 20;

/// The cases so far.
pub(super) struct Junit(SpooledTempFile);

impl Junit {
    pub fn new() -> Junit {
        Junit(SpooledTempFile::new(IN_MEMORY))
    }
}

impl Form for Junit {
    fn add(&mut self, told: Told, _: &mut dyn Write) -> io::Result<()> {
        self.0.write_all(&told.text)
    }

    fn finish(&mut self, run: &Run<'_>, out: &mut dyn Write) -> io::Result<()> {
        self.0.write_all(&junit_end(run)?)?;
        self.0.seek(SeekFrom::Start(0))?;
        let mut out = Printable::new(out);
        junit_start(run, &mut out)?;
        io::copy(&mut self.0, &mut out)?;
        out.write_all(JUNIT_END.as_bytes())
    }
}
