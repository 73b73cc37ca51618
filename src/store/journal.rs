//! The journal of negotiated sets: an append-only file next to sled's, from which its copy is restored.
//! sled rolls back to its last readable state when its log is damaged, and does not say so.

use std::fs::{File, OpenOptions};
use std::io::{self, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard};

use super::StoreError;
use super::error::at;

/// Before each record: its length, and the CRC-32 of what follows (both little-endian).
const HEAD: usize = 8;
/// No record is longer than this.
const LIMIT_BYTES: usize = 64 << 20;

/// A record of the journal: key and value.
pub(super) type Record = (String, Vec<u8>);

/// What a journal held when it was opened.
#[derive(Default)]
pub(super) struct Replay {
    pub records: Vec<Record>,
    /// How many records do not bear out their checksum.
    pub damaged: usize,
}

/// What a journal is written to: a file, or what a test has in its place.
pub(super) trait Medium: Send {
    /// Writes bytes at this place, where the medium ends; they are on disk when this returns.
    fn write(&mut self, at: u64, bytes: &[u8]) -> io::Result<()>;

    /// Cuts off what is behind this place.
    fn cut(&mut self, at: u64) -> io::Result<()>;
}

impl Medium for File {
    fn write(&mut self, at: u64, bytes: &[u8]) -> io::Result<()> {
        self.seek(SeekFrom::Start(at))?;
        self.write_all(bytes)?;
        self.sync_data()
    }

    fn cut(&mut self, at: u64) -> io::Result<()> {
        self.set_len(at)
    }
}

/// The open journal; appending is what makes a record durable.
pub(super) struct Journal {
    path: PathBuf,
    tail: Mutex<Tail>,
}

struct Tail {
    medium: Box<dyn Medium>,
    /// Where the last whole record ends.
    end: u64,
    /// True where a record that was given up on may still be behind it.
    is_torn: bool,
}

impl Journal {
    /// Opens the journal, made where it is missing, and reads it. A torn record at its end (never acknowledged) is cut
    /// off.
    pub(super) fn open(path: &Path) -> Result<(Journal, Replay), StoreError> {
        let mut file =
            OpenOptions::new().create(true).truncate(false).read(true).write(true).open(path).map_err(at(path))?;
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).map_err(at(path))?;
        let (replay, end) = read(&bytes);
        if end < bytes.len() {
            file.set_len(end as u64).map_err(at(path))?;
        }
        Ok((Journal::on(path, Box::new(file), end as u64), replay))
    }

    fn on(path: &Path, medium: Box<dyn Medium>, end: u64) -> Journal {
        Journal { path: path.to_owned(), tail: Mutex::new(Tail { medium, end, is_torn: false }) }
    }

    fn tail(&self) -> Result<MutexGuard<'_, Tail>, StoreError> {
        self.tail.lock().map_err(|_| StoreError::Database("a write to the journal broke off".to_owned()))
    }

    /// How many bytes the journal has.
    pub(super) fn bytes(&self) -> u64 {
        self.tail().map_or(0, |tail| tail.end)
    }

    /// Appends a record; on disk when this returns. One that does not fit on the disk leaves the others as they are.
    pub(super) fn append(&self, key: &str, value: &[u8]) -> Result<(), StoreError> {
        let record = write(key, value)?;
        let mut tail = self.tail()?;
        let end = tail.end;
        if tail.is_torn {
            tail.medium.cut(end).map_err(at(&self.path))?;
            tail.is_torn = false;
        }
        if let Err(error) = tail.medium.write(end, &record) {
            tail.is_torn = tail.medium.cut(end).is_err();
            return Err(at(&self.path)(error));
        }
        tail.end += record.len() as u64;
        Ok(())
    }

    /// Puts a journal of these records alone in the place of this one, which stays where that fails.
    pub(super) fn rewrite(&self, records: impl Iterator<Item = Result<Record, StoreError>>) -> Result<(), StoreError> {
        let mut tail = self.tail()?;
        let beside = self.path.with_extension("new");
        let made = copy(&beside, records).and_then(|made| {
            std::fs::rename(&beside, &self.path).map_err(at(&self.path))?;
            sync_folder(&self.path);
            Ok(made)
        });
        match made {
            Ok((file, end)) => {
                *tail = Tail { medium: Box::new(file), end, is_torn: false };
                Ok(())
            }
            Err(error) => {
                let _ = std::fs::remove_file(&beside);
                Err(error)
            }
        }
    }
}

/// Brings to disk what a folder says of this file, where the system can do that.
fn sync_folder(path: &Path) {
    if let Some(Ok(folder)) = path.parent().map(File::open) {
        let _ = folder.sync_all();
    }
}

/// Writes records to a new file: the file, and where it ends.
fn copy(path: &Path, records: impl Iterator<Item = Result<Record, StoreError>>) -> Result<(File, u64), StoreError> {
    let file = OpenOptions::new().create(true).truncate(true).write(true).open(path).map_err(at(path))?;
    let mut out = BufWriter::new(file);
    let mut end = 0;
    for record in records {
        let (key, value) = record?;
        let bytes = write(&key, &value)?;
        out.write_all(&bytes).map_err(at(path))?;
        end += bytes.len() as u64;
    }
    let file = out.into_inner().map_err(|e| at(path)(e.into_error()))?;
    file.sync_all().map_err(at(path))?;
    Ok((file, end))
}

/// One record: head, length of the key, key, value.
fn write(key: &str, value: &[u8]) -> Result<Vec<u8>, StoreError> {
    let too_long = || StoreError::Record("it is too long for the journal".to_owned());
    let key_length = u16::try_from(key.len()).map_err(|_| too_long())?;
    let length = 2 + key.len() + value.len();
    if length > LIMIT_BYTES {
        return Err(too_long());
    }
    let mut body = Vec::with_capacity(length);
    body.extend_from_slice(&key_length.to_le_bytes());
    body.extend_from_slice(key.as_bytes());
    body.extend_from_slice(value);
    let mut out = Vec::with_capacity(HEAD + length);
    out.extend_from_slice(&(length as u32).to_le_bytes());
    out.extend_from_slice(&checksum(&body).to_le_bytes());
    out.extend_from_slice(&body);
    Ok(out)
}

fn checksum(bytes: &[u8]) -> u32 {
    let mut crc = flate2::Crc::new();
    crc.update(bytes);
    crc.sum()
}

/// The records of a journal, and where the last whole one ends.
fn read(bytes: &[u8]) -> (Replay, usize) {
    let mut replay = Replay::default();
    let mut at = 0;
    while let Some((length, crc)) = bytes.get(at..).and_then(head) {
        let Some(body) = bytes.get(at + HEAD..at + HEAD + length) else { break };
        at += HEAD + length;
        match record(body).filter(|_| checksum(body) == crc) {
            Some(record) => replay.records.push(record),
            None => replay.damaged += 1,
        }
    }
    (replay, at)
}

fn head(bytes: &[u8]) -> Option<(usize, u32)> {
    let (length, rest) = bytes.split_first_chunk::<4>()?;
    let crc = rest.first_chunk::<4>()?;
    let length = u32::from_le_bytes(*length) as usize;
    (2..=LIMIT_BYTES).contains(&length).then(|| (length, u32::from_le_bytes(*crc)))
}

fn record(body: &[u8]) -> Option<Record> {
    let (length, rest) = body.split_first_chunk::<2>()?;
    let (key, value) = rest.split_at_checked(u16::from_le_bytes(*length) as usize)?;
    Some((std::str::from_utf8(key).ok()?.to_owned(), value.to_owned()))
}

#[cfg(test)]
#[path = "tests/journal.rs"]
mod tests;
