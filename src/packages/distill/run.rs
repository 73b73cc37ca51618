//! Archives on disk to a folder of distilled packages with its index.

use std::fs;
use std::path::{Path, PathBuf};

use super::distill;
use crate::packages::data::DataIndex;
use crate::packages::error::PackageError;
use crate::packages::reading::Limits;

/// Distils these archives into `folder`, with an `index.json` of them.
///
/// # Errors
/// An archive that does not read, or a folder that cannot be written.
pub fn distill_to(archives: &[PathBuf], folder: &Path, limits: &Limits) -> Result<DataIndex, PackageError> {
    fs::create_dir_all(folder).map_err(PackageError::io(folder))?;
    let mut index = DataIndex { packages: Vec::new() };
    for path in archives {
        let official = fs::read(path).map_err(PackageError::io(path))?;
        let distilled = distill(&official, limits).map_err(|source| PackageError::Read { name: path.display().to_string(), source })?;
        write(&folder.join(&distilled.entry.file), &distilled.bytes)?;
        index.packages.push(distilled.entry);
    }
    write(&folder.join("index.json"), index.to_json().as_bytes())?;
    Ok(index)
}

/// Writes beside and renames.
fn write(path: &Path, bytes: &[u8]) -> Result<(), PackageError> {
    let mut beside = path.as_os_str().to_owned();
    beside.push(".new");
    let beside = PathBuf::from(beside);
    fs::write(&beside, bytes).and_then(|()| fs::rename(&beside, path)).map_err(PackageError::io(path))
}
