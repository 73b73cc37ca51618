//! A package's `.tgz`: unpacked once in memory, under limits, with every entry's path checked.

use std::io::{Cursor, Read};

use fhir_accord_profiles::registry::Package;
use flate2::read::MultiGzDecoder;
use tar::EntryType;

use super::error::ReadError;
use super::files::{File, FileSet, wanted};
use super::limits::Limits;
use super::manifest::Manifest;
use super::package::package_of;

/// The package of a `.tgz`; `sha256` is the archive's hash in hex.
///
/// # Errors
/// A damaged archive, one over a limit, one with a path or a link that leaves it, one without a manifest.
pub fn read_archive(packed: &[u8], sha256: String, limits: &Limits) -> Result<Package, ReadError> {
    package_of(archive_files(packed, limits)?, sha256)
}

/// The JSON files of a `.tgz` below `package/`.
///
/// # Errors
/// As [`read_archive`], but for the manifest.
pub fn archive_files(packed: &[u8], limits: &Limits) -> Result<FileSet, ReadError> {
    let text = inflate(packed, limits)?;
    let files = entries(&text, limits)?;
    Ok(FileSet::new(text, files))
}

/// The manifest of a `.tgz`, unpacking no further than it: the archive's other entries are not checked.
///
/// # Errors
/// As [`read_archive`], as far as the archive was read.
pub fn archive_manifest(packed: &[u8], limits: &Limits) -> Result<Manifest, ReadError> {
    let (most, what, limit) = limits.unpacked(packed.len() as u64);
    let mut tar = tar::Archive::new(MultiGzDecoder::new(packed).take(most));
    for entry in tar.entries().map_err(damaged)?.take(usize::try_from(limits.entries).unwrap_or(usize::MAX)) {
        let mut entry = entry.map_err(damaged)?;
        let name = checked_path(&entry.path_bytes())?;
        if name.strip_prefix("package/") == Some("package.json") {
            if entry.size() > limits.entry_bytes.min(most) {
                return Err(ReadError::Limit { what, limit, entry: Some(name) });
            }
            let mut bytes = Vec::new();
            entry.read_to_end(&mut bytes).map_err(damaged)?;
            return Manifest::parse(&bytes);
        }
    }
    Err(ReadError::NoManifest)
}

/// The tar inside the gzip.
fn inflate(packed: &[u8], limits: &Limits) -> Result<Vec<u8>, ReadError> {
    if packed.len() as u64 > limits.archive_bytes {
        return Err(ReadError::Limit { what: "packed bytes", limit: limits.archive_bytes, entry: None });
    }
    let (most, what, limit) = limits.unpacked(packed.len() as u64);
    let mut text = Vec::new();
    // The last four bytes give the unpacked size; a wrong one costs no more than the limit on what is read next.
    let told = packed.last_chunk::<4>().map_or(0, |b| u64::from(u32::from_le_bytes(*b)));
    text.reserve(usize::try_from(told.min(most).min(packed.len() as u64 * 32)).unwrap_or(0).saturating_add(1));
    MultiGzDecoder::new(packed).take(most.saturating_add(1)).read_to_end(&mut text).map_err(damaged)?;
    match text.len() as u64 > most {
        true => Err(ReadError::Limit { what, limit, entry: None }),
        false => Ok(text),
    }
}

/// The files that `wanted` accepts, as ranges of the tar, in its order; every entry is checked, accepted or not.
fn entries(text: &[u8], limits: &Limits) -> Result<Vec<File>, ReadError> {
    let mut files = Vec::new();
    let mut tar = tar::Archive::new(Cursor::new(text));
    for (count, entry) in tar.entries_with_seek().map_err(damaged)?.enumerate() {
        let entry = entry.map_err(damaged)?;
        let kind = entry.header().entry_type();
        if kind == EntryType::XGlobalHeader {
            continue;
        }
        let name = checked_path(&entry.path_bytes())?;
        if count as u64 >= limits.entries {
            return Err(ReadError::Limit { what: "entries", limit: limits.entries, entry: Some(name) });
        }
        match kind {
            EntryType::Regular | EntryType::Continuous => {}
            EntryType::Directory => continue,
            EntryType::Symlink | EntryType::Link => return Err(ReadError::Kind { entry: name, kind: "link" }),
            _ => return Err(ReadError::Kind { entry: name, kind: "special file" }),
        }
        if entry.size() > limits.entry_bytes {
            return Err(ReadError::Limit { what: "bytes", limit: limits.entry_bytes, entry: Some(name) });
        }
        let range = usize::try_from(entry.raw_file_position())
            .ok()
            .and_then(|start| Some(start..start.checked_add(usize::try_from(entry.size()).ok()?)?));
        let Some(range) = range.filter(|r| r.end <= text.len()) else {
            return Err(ReadError::Damaged { why: format!("entry `{name}` ends early") });
        };
        if let Some(name) = name.strip_prefix("package/").filter(|n| wanted(n)) {
            files.push(File { name: name.to_owned(), range });
        }
    }
    Ok(files)
}

/// The entry's path without `./`, refused where it is absolute, climbs, or is no text.
fn checked_path(bytes: &[u8]) -> Result<String, ReadError> {
    let shown = || ReadError::Path { entry: String::from_utf8_lossy(bytes).into_owned() };
    let text = std::str::from_utf8(bytes).map_err(|_| shown())?;
    let drive = text.as_bytes().get(1) == Some(&b':');
    if text.starts_with(['/', '\\']) || drive || text.contains('\0') || text.split(['/', '\\']).any(|part| part == "..")
    {
        return Err(shown());
    }
    Ok(text.split('/').filter(|part| !part.is_empty() && *part != ".").collect::<Vec<_>>().join("/"))
}

fn damaged(error: std::io::Error) -> ReadError {
    ReadError::Damaged { why: error.to_string() }
}
