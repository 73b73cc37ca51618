//! Standard output, whose reader may go away (`accord validate … | head`).

use std::io::{self, ErrorKind, Write};

/// Standard output; the process ends quietly where nobody reads it any more.
pub struct Output(io::Stdout);

impl Output {
    /// Over the standard output of this process.
    pub fn new() -> Output {
        Output(io::stdout())
    }

    fn checked<T>(result: io::Result<T>) -> io::Result<T> {
        match result {
            Err(e) if e.kind() == ErrorKind::BrokenPipe => std::process::exit(i32::from(super::exit::OK)),
            other => other,
        }
    }
}

impl Default for Output {
    fn default() -> Output {
        Output::new()
    }
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        Output::checked(self.0.write(bytes))
    }

    fn flush(&mut self) -> io::Result<()> {
        Output::checked(self.0.flush())
    }
}
