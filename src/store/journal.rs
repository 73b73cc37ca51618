//! The journal of negotiated sets: an append-only file next to sled's, from which its copy is restored.
//! sled rolls back to its last readable state when its log is damaged, and does not say so.

use std::fs::{File, OpenOptions};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::Mutex;

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

/// The open journal; appending is what makes a record durable.
pub(super) struct Journal {
    path: PathBuf,
    file: Mutex<File>,
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
        file.seek(SeekFrom::Start(end as u64)).map_err(at(path))?;
        Ok((Journal { path: path.to_owned(), file: Mutex::new(file) }, replay))
    }

    /// Appends a record; on disk when this returns.
    pub(super) fn append(&self, key: &str, value: &[u8]) -> Result<(), StoreError> {
        let record = write(key, value)?;
        let mut file =
            self.file.lock().map_err(|_| StoreError::Database("a write to the journal broke off".to_owned()))?;
        file.write_all(&record).and_then(|()| file.sync_data()).map_err(at(&self.path))
    }
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
mod tests {
    use super::*;

    #[test]
    fn a_torn_end_is_cut_off_and_damage_is_counted() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("log");
        let (journal, replay) = Journal::open(&path).unwrap();
        assert!(replay.records.is_empty());
        for i in 0..3u8 {
            journal.append(&format!("k{i}"), &[i; 100]).unwrap();
        }
        drop(journal);
        let whole = std::fs::read(&path).unwrap();
        for cut in 0..whole.len() {
            std::fs::write(&path, &whole[..cut]).unwrap();
            let (_, replay) = Journal::open(&path).unwrap();
            assert_eq!((replay.records.len(), replay.damaged), (cut / (whole.len() / 3), 0));
        }
        let mut damaged = whole.clone();
        damaged[150] ^= 1;
        std::fs::write(&path, &damaged).unwrap();
        let (journal, replay) = Journal::open(&path).unwrap();
        assert_eq!((replay.records.len(), replay.damaged), (2, 1));
        journal.append("k3", b"more").unwrap();
        drop(journal);
        let (_, replay) = Journal::open(&path).unwrap();
        assert_eq!(replay.records.last().unwrap(), &("k3".to_owned(), b"more".to_vec()));
    }
}
