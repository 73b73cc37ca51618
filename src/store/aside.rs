//! What is set aside: files that are damaged, or stand where one of the store should, and the damaged parts of the
//! journal. Nothing of it is thrown away, and all of it is counted.

use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};

use super::StoreError;
use super::disk::{Disk, DiskFile, Kind};
use super::error::at;

/// How many copies of one name are kept beside it; then what is damaged stays where it is.
pub(super) const COPIES_LIMIT: usize = 1000;
/// What the names of damaged files end with, before a number.
const DAMAGED: &str = "damaged-";
/// What the names of files end with that another engine has taken over.
pub(super) const TAKEN_OVER: &str = "taken-over-";
/// Bytes that are copied at once.
const PART_BYTES: usize = 1 << 20;

/// The first free name beside a path that ends with `mark` and a number.
fn free_name(disk: &dyn Disk, path: &Path, mark: &str) -> Result<PathBuf, StoreError> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    for n in 1..=COPIES_LIMIT {
        let aside = path.with_file_name(format!("{name}.{mark}{n}"));
        if disk.kind(&aside).map_err(at(&aside))? == Kind::Absent {
            return Ok(aside);
        }
    }
    Err(StoreError::Aside { path: path.to_owned(), copies: COPIES_LIMIT })
}

/// Renames what stands at a path to the first free `NAME.damaged-N`; returns that.
///
/// # Errors
/// [`StoreError::Aside`] where there are too many of them, [`StoreError::File`] where the file system refuses.
pub(super) fn rename(disk: &dyn Disk, path: &Path) -> Result<PathBuf, StoreError> {
    rename_as(disk, path, DAMAGED)
}

/// The same with another mark.
///
/// # Errors
/// As [`rename`].
pub(super) fn rename_as(disk: &dyn Disk, path: &Path, mark: &str) -> Result<PathBuf, StoreError> {
    let aside = free_name(disk, path, mark)?;
    disk.rename(path, &aside).map_err(at(path))?;
    Ok(aside)
}

/// Copies parts of a file to the first free `NAME.damaged-N`, each below a line that says where it was; returns that.
/// The copy is on disk when this returns.
///
/// # Errors
/// [`StoreError::Aside`] where there are too many of them, [`StoreError::File`] where the file system refuses.
pub(super) fn copy(
    disk: &dyn Disk,
    path: &Path,
    file: &dyn DiskFile,
    parts: &[Range<u64>],
) -> Result<PathBuf, StoreError> {
    let aside = free_name(disk, path, DAMAGED)?;
    let written = write(disk, &aside, file, parts);
    if written.is_err() {
        let _ = disk.remove(&aside);
    }
    written.map_err(at(&aside))?;
    Ok(aside)
}

fn write(disk: &dyn Disk, aside: &Path, file: &dyn DiskFile, parts: &[Range<u64>]) -> std::io::Result<()> {
    let out = disk.create(aside)?;
    let mut end = 0;
    for part in parts {
        let line = format!("\nbytes {} to {}:\n", part.start, part.end);
        out.write_at(end, line.as_bytes())?;
        end += line.len() as u64;
        let mut from = part.start;
        while from < part.end {
            let count = usize::try_from(part.end - from).unwrap_or(PART_BYTES).min(PART_BYTES);
            let mut bytes = vec![0; count];
            file.read_at(from, &mut bytes)?;
            out.write_at(end, &bytes)?;
            from += count as u64;
            end += count as u64;
        }
    }
    out.sync()?;
    aside.parent().map_or(Ok(()), |folder| disk.sync_folder(folder))
}

/// How many files and folders are set aside in these folders.
pub(super) fn count(folders: &[&Path]) -> usize {
    let entries = folders.iter().filter_map(|folder| fs::read_dir(folder).ok()).flatten().flatten();
    entries.filter(|entry| is_aside(&entry.file_name().to_string_lossy())).count()
}

fn is_aside(name: &str) -> bool {
    name.rsplit_once('.').is_some_and(|(_, end)| end.starts_with(DAMAGED) || end == "damaged")
}
