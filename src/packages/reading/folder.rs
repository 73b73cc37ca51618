//! A package as a folder: the unpacked archive, as `~/.fhir/packages/ID#VERSION` holds it.

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

use super::error::ReadError;
use super::files::{File, FileSet, wanted_in_folder};
use super::limits::Limits;
use super::manifest::Manifest;

/// The manifest of a folder.
///
/// # Errors
/// A folder that cannot be read, is over a limit, or has no manifest that can be used.
pub fn folder_manifest(folder: &Path, limits: &Limits) -> Result<Manifest, ReadError> {
    let mut text = Vec::new();
    append(&folder_root(folder).ok_or(ReadError::NoManifest)?.join("package.json"), "package.json", &mut text, limits)?;
    Manifest::parse(&text)
}

/// Where `package.json` is: in the folder's `package/` or in the folder; `None` where it is no package.
pub fn folder_root(folder: &Path) -> Option<PathBuf> {
    [folder.join("package"), folder.to_owned()].into_iter().find(|f| f.join("package.json").is_file())
}

/// The JSON and XML files below a folder, of two that differ only in that the JSON one; links to files are followed,
/// links to folders are not.
///
/// # Errors
/// A folder that cannot be read or is over a limit.
pub fn folder_files(root: &Path, limits: &Limits) -> Result<FileSet, ReadError> {
    let mut found = list(root, limits)?;
    found.sort();
    let json_copy = |name: &str| name.strip_suffix(".xml").map(|stem| format!("{stem}.json"));
    let has_json: Vec<bool> = found
        .iter()
        .map(|(name, _)| json_copy(name).is_some_and(|t| found.binary_search_by(|(n, _)| n.cmp(&t)).is_ok()))
        .collect();
    let mut has_json = has_json.into_iter();
    found.retain(|_| !has_json.next().unwrap_or(false));
    let mut text = Vec::new();
    let mut files = Vec::with_capacity(found.len());
    for (name, path) in found {
        let range = append(&path, &name, &mut text, limits)?;
        files.push(File { name, range });
    }
    Ok(FileSet::new(text, files))
}

/// Name and path of every file below a folder that is read, in the file system's order.
fn list(root: &Path, limits: &Limits) -> Result<Vec<(String, PathBuf)>, ReadError> {
    let (mut found, mut seen) = (Vec::new(), 0u64);
    let mut open = vec![(root.to_owned(), String::new())];
    while let Some((folder, prefix)) = open.pop() {
        let io = |source| ReadError::Io { path: folder.clone(), source };
        for entry in fs::read_dir(&folder).map_err(io)? {
            let entry = entry.map_err(io)?;
            let Ok(name) = entry.file_name().into_string() else { continue };
            let name = format!("{prefix}{name}");
            seen += 1;
            if seen > limits.entries {
                return Err(ReadError::Limit { what: "entries", limit: limits.entries, entry: Some(name) });
            }
            let path = entry.path();
            if entry.file_type().map_err(io)?.is_dir() {
                if wanted_in_folder(&format!("{name}/x.json")) {
                    open.push((path, format!("{name}/")));
                }
            } else if wanted_in_folder(&name) && path.is_file() {
                found.push((name, path));
            }
        }
    }
    Ok(found)
}

/// Appends the file's bytes to the text; returns where they are.
pub(super) fn append(
    path: &Path,
    name: &str,
    text: &mut Vec<u8>,
    limits: &Limits,
) -> Result<std::ops::Range<usize>, ReadError> {
    let io = |source| ReadError::Io { path: path.to_owned(), source };
    let start = text.len();
    let file = fs::File::open(path).map_err(io)?;
    file.take(limits.entry_bytes.saturating_add(1)).read_to_end(text).map_err(io)?;
    if (text.len() - start) as u64 > limits.entry_bytes {
        return Err(ReadError::Limit { what: "bytes", limit: limits.entry_bytes, entry: Some(name.to_owned()) });
    }
    if text.len() as u64 > limits.unpacked_bytes {
        return Err(ReadError::Limit { what: "unpacked bytes", limit: limits.unpacked_bytes, entry: None });
    }
    Ok(start..text.len())
}
