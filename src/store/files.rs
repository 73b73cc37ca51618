//! Whole files: written, removed, summed up.

use std::fs::{self, File};
use std::io::{Read, Write};
use std::path::Path;

use sha2::{Digest, Sha256};

use super::StoreError;
use super::disk::{Disk, RealDisk};
use super::error::at;
use crate::packages::hash::hex;

/// Removes a file, if it is there.
pub(super) fn remove(path: &Path) -> Result<(), StoreError> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(at(path)(error)),
        _ => Ok(()),
    }
}

/// Puts a file in its place as a whole, or not at all; it is on disk when this returns.
pub(super) fn write_whole(path: &Path, bytes: &[u8]) -> Result<(), StoreError> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let mut beside = tempfile::NamedTempFile::new_in(folder).map_err(at(folder))?;
    beside.write_all(bytes).and_then(|()| beside.as_file().sync_all()).map_err(at(path))?;
    beside.persist(path).map_err(|e| at(path)(e.error))?;
    RealDisk.sync_folder(folder).map_err(at(folder))
}

/// The SHA-256 of a file, in hexadecimal digits.
pub(super) fn sha256_of_file(path: &Path) -> Result<String, StoreError> {
    let mut sum = Sha256::new();
    let mut file = File::open(path).map_err(at(path))?;
    let mut part = vec![0; 1 << 16];
    loop {
        match file.read(&mut part).map_err(at(path))? {
            0 => return Ok(hex(&sum.finalize())),
            n => sum.update(part.get(..n).unwrap_or(&part)),
        }
    }
}
