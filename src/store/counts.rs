//! What an operator can see of the store.

use std::path::Path;

use super::{Engine, Store, aside};

/// What the store holds, and what of it was damaged.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Counts {
    /// What the store is built on.
    pub engine: Engine,
    /// Negotiated sets that can be asked for.
    pub negotiations: usize,
    /// Parties.
    pub parties: usize,
    /// At how many places negotiations or parties were damaged when the store was opened.
    pub damaged_places: usize,
    /// How many bytes that was.
    pub damaged_bytes: u64,
    /// Files and folders in the data folder that were set aside, now or before (`*.damaged-N`).
    pub set_aside: usize,
}

impl Store {
    /// How many bytes are free on its disk; `None` where the system does not tell.
    pub fn free_bytes(&self) -> Option<u64> {
        free_bytes(&self.folder)
    }

    /// What the store holds now.
    pub fn counts(&self) -> Counts {
        Counts {
            engine: self.engine,
            negotiations: self.memory.count(),
            parties: self.parties.count(),
            damaged_places: self.damaged.0,
            damaged_bytes: self.damaged.1,
            set_aside: aside::count(&[&self.folder, self.uploads.folder()]),
        }
    }
}

#[cfg(unix)]
fn free_bytes(folder: &Path) -> Option<u64> {
    let disk = rustix::fs::statvfs(folder).ok()?;
    Some(disk.f_bavail.saturating_mul(disk.f_frsize))
}

#[cfg(not(unix))]
fn free_bytes(_: &Path) -> Option<u64> {
    None
}
