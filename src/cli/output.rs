//! Standard output, whose reader may go away (`accord validate … | head`).

use std::io::{self, ErrorKind, Write};

/// Standard output, which knows whether somebody still reads it.
pub struct Output {
    out: io::Stdout,
    gone: bool,
}

impl Output {
    /// Over the standard output of this process.
    pub fn new() -> Output {
        Output { out: io::stdout(), gone: false }
    }

    /// Whether the reader went away.
    pub fn is_gone(&self) -> bool {
        self.gone
    }

    fn checked<T>(&mut self, result: io::Result<T>) -> io::Result<T> {
        self.gone |= result.as_ref().is_err_and(|e| e.kind() == ErrorKind::BrokenPipe);
        result
    }
}

impl Default for Output {
    fn default() -> Output {
        Output::new()
    }
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.out.write(bytes);
        self.checked(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        let flushed = self.out.flush();
        self.checked(flushed)
    }
}
