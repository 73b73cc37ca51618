//! A progress bar on a terminal.

use std::io::{IsTerminal, stderr};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};

use crate::printable::note;

/// How long a run takes before a bar is shown.
const PATIENCE: Duration = Duration::from_millis(500);

/// The bar, once it is there, for who writes to the terminal beside it.
#[derive(Clone, Default)]
pub(super) struct Aside(Arc<OnceLock<ProgressBar>>);

impl Aside {
    /// Does something that writes to the terminal, without the bar in its way.
    pub fn write<T>(&self, write: impl FnOnce() -> T) -> T {
        match self.0.get() {
            Some(bar) => bar.suspend(write),
            None => write(),
        }
    }

    /// A note on standard error.
    pub fn note(&self, text: &str) {
        self.write(|| note(text));
    }
}

/// Tells how far a run is.
pub(super) struct Progress {
    /// The bytes of all inputs, where they are known; `None`: no bar is wanted.
    wanted: Option<Option<u64>>,
    started: Instant,
    bar: Aside,
    bytes: u64,
    inputs: u64,
}

impl Progress {
    /// A bar where standard error is a terminal and `wanted` says so; `total` is the bytes of all inputs, if known.
    pub fn new(wanted: bool, total: Option<u64>) -> Progress {
        let wanted = (wanted && stderr().is_terminal()).then_some(total);
        Progress { wanted, started: Instant::now(), bar: Aside::default(), bytes: 0, inputs: 0 }
    }

    /// This much more is done.
    pub fn add(&mut self, inputs: u64, bytes: u64) {
        self.inputs += inputs;
        self.bytes += bytes;
        let Some(total) = self.wanted else { return };
        if self.bar.0.get().is_none() && self.started.elapsed() > PATIENCE {
            let bar = bar(total).with_position(self.bytes);
            // What was done before the bar was there says nothing of the speed that it shows.
            bar.reset_eta();
            let _ = self.bar.0.set(bar);
        }
        if let Some(bar) = self.bar.0.get() {
            bar.set_message(self.inputs.to_string());
            bar.set_position(self.bytes);
        }
    }

    /// For who writes to the terminal, too.
    pub fn beside(&self) -> Aside {
        self.bar.clone()
    }

    /// Takes the bar away. Gives how long the run took.
    pub fn finish(&self) -> Duration {
        if let Some(bar) = self.bar.0.get() {
            bar.finish_and_clear();
        }
        self.started.elapsed()
    }
}

fn bar(total: Option<u64>) -> ProgressBar {
    let (bar, template) = match total {
        Some(total) => {
            (ProgressBar::new(total), "{bar:30} {percent}%, {msg} inputs, {binary_bytes_per_sec}, {eta} left")
        }
        None => (ProgressBar::new_spinner(), "{spinner} {msg} inputs, {binary_bytes}, {binary_bytes_per_sec}"),
    };
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style);
    }
    bar
}
