//! Whole files: written, removed, read, summed up; and what a process leaves that is killed while it writes one.

use std::ffi::OsStr;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

use sha2::{Digest, Sha256};

use super::StoreError;
use super::disk::{Disk, Kind, sync_folder};
use super::error::at;
use crate::packages::hash::hex;

/// What a file is called until it is whole: this, six characters, and [`UNFINISHED_END`].
const UNFINISHED: &str = ".accord-";
const UNFINISHED_END: &str = ".tmp";
/// What earlier versions put before the six characters.
const UNFINISHED_OLD: &str = ".tmp";
/// Bytes that are read at once.
const PART_BYTES: usize = 1 << 16;

/// Removes a file, if it is there.
pub(super) fn remove(disk: &dyn Disk, path: &Path) -> Result<(), StoreError> {
    match disk.remove(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(at(path)(error)),
        _ => Ok(()),
    }
}

/// Puts a file in its place as a whole, or not at all; it is on disk when this returns.
pub(super) fn write_whole(disk: &dyn Disk, path: &Path, bytes: &[u8]) -> Result<(), StoreError> {
    static COUNT: AtomicUsize = AtomicUsize::new(0);
    let number = COUNT.fetch_add(1, Ordering::Relaxed) % 1_000_000;
    let beside = path.with_file_name(format!("{UNFINISHED}{number:06}{UNFINISHED_END}"));
    let written = disk.create(&beside).and_then(|file| {
        file.write_at(0, bytes)?;
        file.sync()?;
        disk.rename(&beside, path)
    });
    if written.is_err() {
        let _ = disk.remove(&beside);
    }
    written.map_err(at(path))?;
    sync_folder(disk, path)
}

/// Removes the files in a folder that a killed process did not get to finish; `all_ours` says that nobody else writes
/// there, so that those of earlier versions go too. Returns how many.
pub(super) fn sweep(disk: &dyn Disk, folder: &Path, all_ours: bool) -> usize {
    let names = disk.list(folder).unwrap_or_default();
    let unfinished = names.iter().filter(|path| is_unfinished(path.file_name(), all_ours));
    let files = unfinished.filter(|path| disk.kind(path).is_ok_and(|kind| kind == Kind::File));
    files.filter(|path| disk.remove(path).is_ok()).count()
}

fn is_unfinished(name: Option<&OsStr>, all_ours: bool) -> bool {
    let Some(name) = name.and_then(OsStr::to_str) else { return false };
    let is_marked = |mark: &str| mark.len() == 6 && mark.bytes().all(|b| b.is_ascii_alphanumeric());
    name.strip_prefix(UNFINISHED).and_then(|rest| rest.strip_suffix(UNFINISHED_END)).is_some_and(is_marked)
        || all_ours && name.strip_prefix(UNFINISHED_OLD).is_some_and(is_marked)
}

/// Reads a file part by part.
fn read(disk: &dyn Disk, path: &Path, each: &mut dyn FnMut(&[u8])) -> std::io::Result<()> {
    let file = disk.look(path)?;
    let (mut from, length) = (0, file.length()?);
    let mut part = vec![0; PART_BYTES];
    while from < length {
        let count = usize::try_from(length - from).unwrap_or(PART_BYTES).min(PART_BYTES);
        part.truncate(count);
        file.read_at(from, &mut part)?;
        each(&part);
        from += count as u64;
    }
    Ok(())
}

/// The text of a file of at most so many bytes; `None` where it is longer, no text, or cannot be read.
pub(super) fn text(disk: &dyn Disk, path: &Path, limit_bytes: u64) -> Option<String> {
    let length = disk.look(path).and_then(|file| file.length()).ok()?;
    let mut bytes = Vec::new();
    (length <= limit_bytes).then(|| read(disk, path, &mut |part| bytes.extend_from_slice(part)).ok())??;
    String::from_utf8(bytes).ok()
}

/// The SHA-256 of a file, in hexadecimal digits.
pub(super) fn sha256_of_file(disk: &dyn Disk, path: &Path) -> Result<String, StoreError> {
    let mut sum = Sha256::new();
    read(disk, path, &mut |part| sum.update(part)).map_err(at(path))?;
    Ok(hex(&sum.finalize()))
}
