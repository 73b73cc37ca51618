//! The seal: what shows that sled's files are those that it left when it was closed in order.
//!
//! A damaged log may make sled 0.34 read past the damage in silence, panic, or take memory without end; so it is shown
//! none. The file `store.state` next to it holds the schema version and, once closed, a SHA-256 of all its files.

use std::fs::{self, File, TryLockError};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use sha2::{Digest, Sha256};
use walkdir::WalkDir;

use super::disk::RealDisk;
use super::error::at;
use super::files::write_whole;
use super::frame::checksum;
use super::{StoreError, aside};
use crate::packages::hash::hex;

/// The version of what the data folder holds: 2 since negotiations are framed, and in the journal alone.
pub const SCHEMA_VERSION: u32 = 2;
/// The oldest one whose store is taken up as it is.
const OLDEST: u32 = 1;

/// How long sled's threads may take to end.
const PATIENCE: Duration = Duration::from_secs(10);

/// Whether the files of a store match its seal.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum State {
    /// They are what was sealed.
    Whole,
    /// They are not what was sealed.
    Changed,
    /// Nothing was sealed: the store was not closed, or has another schema.
    Unsealed,
}

/// What `store.state` says: schema, state, and the CRC-32 of both lines (since schema 2).
pub(super) fn sealed(schema: u32, state: &str) -> String {
    let said = format!("schema {schema}\n{state}\n");
    let sum = checksum(said.as_bytes());
    format!("{said}check {sum:08x}\n")
}

/// Whether the last line is the checksum of those before it.
fn is_whole(text: &str) -> bool {
    let found = text.rsplit_once("check ").map(|(said, sum)| (checksum(said.as_bytes()), sum.trim()));
    found.is_some_and(|(sum, told)| format!("{sum:08x}") == told)
}

/// The seal of a store's folder.
pub(super) struct Seal {
    file: PathBuf,
    store: PathBuf,
}

impl Seal {
    /// The seal in the data folder `folder` of sled's folder `store`.
    pub fn of(folder: &Path, store: &Path) -> Seal {
        Seal { file: folder.join("store.state"), store: store.to_owned() }
    }

    /// Compares the files with the seal.
    ///
    /// # Errors
    /// [`StoreError::Newer`] for a later schema, [`StoreError::File`] where the file system refuses.
    pub fn state(&self) -> Result<State, StoreError> {
        let text = match fs::read_to_string(&self.file) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(State::Unsealed),
            Err(error) if error.kind() == std::io::ErrorKind::InvalidData => String::new(),
            Err(_) if self.file.is_dir() => {
                aside::rename(&RealDisk, &self.file)?;
                return Ok(State::Unsealed);
            }
            Err(error) => return Err(at(&self.file)(error)),
        };
        let mut lines = text.lines();
        let schema = lines.next().and_then(|l| l.strip_prefix("schema ")).and_then(|n| n.parse().ok());
        match schema {
            // One flipped bit makes a 3 of a 2: only what bears out its checksum is newer.
            Some(found) if found > OLDEST && !is_whole(&text) => return Ok(State::Unsealed),
            Some(found) if found > SCHEMA_VERSION => return Err(StoreError::Newer { found, known: SCHEMA_VERSION }),
            Some(OLDEST..=SCHEMA_VERSION) => {}
            _ => return Ok(State::Unsealed),
        }
        match lines.next().and_then(|l| l.strip_prefix("closed ")) {
            None => Ok(State::Unsealed),
            Some(sealed) if self.store.is_dir() && sealed == self.digest()? => Ok(State::Whole),
            Some(_) => Ok(State::Changed),
        }
    }

    /// Notes that the store is in use.
    ///
    /// # Errors
    /// [`StoreError::File`] where the file system refuses.
    pub fn break_open(&self) -> Result<(), StoreError> {
        self.write("open")
    }

    /// Seals the files as they are, once sled's threads have let go of them.
    ///
    /// # Errors
    /// [`StoreError::File`] where the file system refuses, [`StoreError::Busy`] where sled keeps its files.
    pub fn close(&self) -> Result<(), StoreError> {
        let _held = self.take_log()?;
        self.write(&format!("closed {}", self.digest()?))
    }

    /// sled's log under the lock that sled holds as long as a thread of it may write.
    fn take_log(&self) -> Result<File, StoreError> {
        let path = self.store.join("db");
        let log = File::open(&path).map_err(at(&path))?;
        let started = Instant::now();
        loop {
            match log.try_lock() {
                Ok(()) => return Ok(log),
                Err(TryLockError::Error(error)) => return Err(StoreError::File { path, error }),
                Err(TryLockError::WouldBlock) if started.elapsed() > PATIENCE => {
                    return Err(StoreError::Busy(self.store.clone()));
                }
                Err(TryLockError::WouldBlock) => std::thread::sleep(Duration::from_millis(5)),
            }
        }
    }

    /// Replaces the state; it is on disk when this returns.
    fn write(&self, state: &str) -> Result<(), StoreError> {
        let text = sealed(SCHEMA_VERSION, state);
        match write_whole(&RealDisk, &self.file, text.as_bytes()) {
            // In its own place it needs no room. What is left where that breaks off reads as not sealed.
            Err(error) if error.is_full() && self.file.is_file() => {
                let mut file = File::options().write(true).open(&self.file).map_err(at(&self.file))?;
                file.write_all(text.as_bytes()).map_err(at(&self.file))?;
                file.set_len(text.len() as u64).and_then(|()| file.sync_all()).map_err(at(&self.file))
            }
            written => written,
        }
    }

    /// The SHA-256 of names, lengths and contents of all files, in hexadecimal digits.
    fn digest(&self) -> Result<String, StoreError> {
        let mut sum = Sha256::new();
        for entry in WalkDir::new(&self.store).sort_by_file_name() {
            let entry = entry.map_err(|e| at(&self.store)(e.into()))?;
            if !entry.file_type().is_file() {
                continue;
            }
            let path = entry.path();
            let mut file = File::open(path).map_err(at(path))?;
            let length = file.metadata().map_err(at(path))?.len();
            sum.update(format!("{}\0{length}\0", path.strip_prefix(&self.store).unwrap_or(path).display()));
            let mut part = vec![0; 1 << 16];
            loop {
                match file.read(&mut part).map_err(at(path))? {
                    0 => break,
                    n => sum.update(part.get(..n).unwrap_or(&part)),
                }
            }
        }
        Ok(hex(&sum.finalize()))
    }
}
