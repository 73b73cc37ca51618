//! Archives on disk to a folder of distilled packages with its index.

use std::fs;
use std::path::{Path, PathBuf};

use super::{distill, pack};
use crate::packages::data::DataIndex;
use crate::packages::error::PackageError;
use crate::packages::reading::{Limits, ReadError, folder_files};

/// Where the source of an embedded package is: a folder of its own among `facts`, or the official archive in `from`.
pub fn source(id: &str, version: &str, from: &Path, facts: &Path) -> PathBuf {
    let own = facts.join(id);
    if own.is_dir() { own } else { from.join(format!("{id}-{version}.tgz")) }
}

/// The bytes of an archive; a folder's files as one.
pub(super) fn packed(path: &Path, limits: &Limits) -> Result<Vec<u8>, PackageError> {
    if !path.is_dir() {
        return fs::read(path).map_err(PackageError::io(path));
    }
    let damaged = |source| PackageError::Read { name: path.display().to_string(), source };
    let files = folder_files(path, limits).map_err(damaged)?;
    let files: Vec<(String, Vec<u8>)> = files.files.iter().map(|f| (f.name.clone(), files.bytes(f).to_vec())).collect();
    pack(&files).map_err(|e| damaged(ReadError::Damaged { why: e.to_string() }))
}

/// Distils these archives and folders into `folder`, with an `index.json` of them.
///
/// # Errors
/// An archive that does not read, or a folder that cannot be written.
pub fn distill_to(archives: &[PathBuf], folder: &Path, limits: &Limits) -> Result<DataIndex, PackageError> {
    fs::create_dir_all(folder).map_err(PackageError::io(folder))?;
    let mut index = DataIndex { packages: Vec::new() };
    for path in archives {
        let distilled = distill(&packed(path, limits)?, limits)
            .map_err(|source| PackageError::Read { name: path.display().to_string(), source })?;
        write(&folder.join(&distilled.entry.file), &distilled.bytes)?;
        index.packages.push(distilled.entry);
    }
    write(&folder.join("index.json"), index.to_json().as_bytes())?;
    Ok(index)
}

/// Writes to a temporary file in the same folder and renames it.
fn write(path: &Path, bytes: &[u8]) -> Result<(), PackageError> {
    let mut beside = path.as_os_str().to_owned();
    beside.push(".new");
    let beside = PathBuf::from(beside);
    fs::write(&beside, bytes).and_then(|()| fs::rename(&beside, path)).map_err(PackageError::io(path))
}
