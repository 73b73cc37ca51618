//! Work without the interpreter's lock, which Ctrl-C ends.

use std::thread;
use std::time::Duration;

use fhir_accord::library::Stop;
use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;

/// What a thread has for the nesting of what it works on, in bytes.
const STACK: usize = 32 << 20;
/// How long is waited until it is looked for signals.
const PAUSE: Duration = Duration::from_millis(50);

/// The exception that a signal has raised.
#[derive(Default)]
pub struct Raised(Option<PyErr>);

impl Raised {
    /// Looks whether a signal came; if so, the work is told to stop.
    pub fn look(&mut self, stop: &Stop) {
        let found = if self.0.is_none() { Python::try_attach(|py| py.check_signals()) } else { None };
        if let Some(Err(raised)) = found {
            self.0 = Some(raised);
            stop.now();
        }
    }

    /// What the work gave, where no signal came.
    pub fn unless<T>(self, done: T) -> PyResult<T> {
        self.0.map_or(Ok(done), Err)
    }
}

/// Works in a thread of its own.
///
/// # Errors
/// What a signal raised meanwhile; `RuntimeError` where there is no thread, or it broke down.
pub fn aside<T: Send>(py: Python<'_>, work: impl FnOnce(&Stop) -> T + Send) -> PyResult<T> {
    let (stop, mut raised) = (Stop::default(), Raised::default());
    let done = py.detach(|| {
        thread::scope(|scope| {
            let thread = thread::Builder::new().stack_size(STACK).spawn_scoped(scope, || work(&stop)).ok()?;
            while !thread.is_finished() {
                thread::park_timeout(PAUSE);
                raised.look(&stop);
            }
            thread.join().ok()
        })
    });
    let broken = || PyRuntimeError::new_err("the work broke down, which is an error of this program");
    raised.unless(done)?.ok_or_else(broken)
}
