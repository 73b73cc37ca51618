//! A form of the result: how what becomes of batches is put together.

use std::io::{self, Write};

use super::told::Told;
use crate::render::Run;

/// What puts a result together, and what it keeps for it.
pub(super) trait Form {
    /// Takes what became of a batch, and writes what can be written.
    ///
    /// # Errors
    /// What `out` gives.
    fn add(&mut self, told: Told, out: &mut dyn Write) -> io::Result<()>;

    /// Writes what is left; `run` is what all came to.
    ///
    /// # Errors
    /// What `out` gives.
    fn finish(&mut self, run: &Run<'_>, out: &mut dyn Write) -> io::Result<()>;
}
