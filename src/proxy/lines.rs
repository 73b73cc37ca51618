//! Lines that are written by a thread of their own.

use std::io::Write;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{SyncSender, sync_channel};

/// Lines that wait to be written; beyond that they are dropped and counted, so that no request waits for a disk.
const LINES: usize = 4096;

/// Where lines are written, by a thread of its own.
#[derive(Clone, Debug)]
pub struct Lines {
    sender: SyncSender<String>,
    dropped: Arc<AtomicU64>,
}

impl Lines {
    /// Writes to this.
    ///
    /// # Errors
    /// Where no thread can be had.
    pub fn to(mut out: Box<dyn Write + Send>) -> std::io::Result<Lines> {
        let (sender, receiver) = sync_channel::<String>(LINES);
        let dropped = Arc::new(AtomicU64::new(0));
        let lost = Arc::clone(&dropped);
        std::thread::Builder::new().name("accord-lines".to_owned()).spawn(move || {
            for line in receiver {
                if writeln!(out, "{line}").and_then(|()| out.flush()).is_err() {
                    lost.fetch_add(1, Ordering::Relaxed);
                }
            }
        })?;
        Ok(Lines { sender, dropped })
    }

    /// Writes a line, if there is room for it.
    pub(super) fn write(&self, line: String) {
        if self.sender.try_send(line).is_err() {
            self.dropped.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// How many could not be written.
    pub(super) fn dropped(&self) -> u64 {
        self.dropped.load(Ordering::Relaxed)
    }
}
