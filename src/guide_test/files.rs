//! The files of a guide: below a folder, or in an archive.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use walkdir::{DirEntry, WalkDir};

use super::layout::{Layout, is_skipped};
use crate::packages::reading::{Limits, archive_files};

/// One file of a guide.
#[derive(Debug)]
pub(super) struct Found {
    /// Its path below the guide, `/` between folders.
    pub name: String,
    /// Where it is; `None` in an archive.
    pub path: Option<PathBuf>,
    pub text: Vec<u8>,
}

/// The files of a guide, and what was not read.
#[derive(Debug, Default)]
pub(super) struct Files {
    /// Sorted by name.
    pub all: Vec<Found>,
    /// What could not be read, and why.
    pub faults: Vec<String>,
    /// What was passed over.
    pub notes: Vec<String>,
    bytes: u64,
}

/// The files of an archive, or of the folders of a guide that hold resources.
///
/// # Errors
/// A message where there is no such archive or folder, or one beyond the bounds of a package.
pub(super) fn read(at: &Path) -> Result<Files, String> {
    let limits = Limits::default();
    let told = std::fs::metadata(at).map_err(|e| format!("could not read `{}`: {e}", at.display()))?;
    if !told.is_dir() {
        return archive(at, &limits);
    }
    let mut files = Files::default();
    let layout = Layout::of(at);
    for folder in &layout.folders {
        files.folder(at, folder, &layout, &limits)?;
    }
    for file in layout.files.iter().filter(|f| f.is_file()) {
        files.file(at, file, &limits)?;
    }
    files.all.sort_by(|a, b| a.name.cmp(&b.name));
    files.all.dedup_by(|a, b| a.name == b.name);
    Ok(files)
}

fn archive(at: &Path, limits: &Limits) -> Result<Files, String> {
    let name = at.to_string_lossy().to_ascii_lowercase();
    if !name.ends_with(".tgz") && !name.ends_with(".tar.gz") {
        return Err(format!("`{}` is no guide: give a folder, or a package as .tgz", at.display()));
    }
    let packed = std::fs::read(at).map_err(|e| format!("could not read `{}`: {e}", at.display()))?;
    let set = archive_files(&packed, limits).map_err(|e| format!("`{}`: {e}", at.display()))?;
    let found = |f| Found { name: String::clone(&f), path: None, text: set.named(&f).unwrap_or_default().to_vec() };
    let all = set.files.iter().map(|f| found(f.name.clone())).collect();
    Ok(Files { all, ..Files::default() })
}

impl Files {
    /// Reads what is below a folder. Links to files are followed, those to folders are not.
    fn folder(&mut self, root: &Path, folder: &Path, layout: &Layout, limits: &Limits) -> Result<(), String> {
        let deep = if layout.flat.as_deref() == Some(folder) { 1 } else { usize::MAX };
        let walk = WalkDir::new(folder).max_depth(deep).sort_by_file_name();
        let (mut others, mut links, mut passed) = (0_usize, 0_usize, BTreeSet::new());
        let is_read = |e: &DirEntry| {
            let is_read = e.depth() == 0 || !e.file_type().is_dir() || !is_skipped(e.path());
            let name = e.file_name().to_string_lossy();
            if !is_read && !name.starts_with('.') {
                passed.insert(name.into_owned());
            }
            is_read
        };
        for entry in walk.into_iter().filter_entry(is_read) {
            let entry = match entry {
                Ok(entry) => entry,
                Err(e) => {
                    self.faults.push(format!("could not read a part of `{}`: {e}", folder.display()));
                    continue;
                }
            };
            if entry.file_type().is_dir() {
                continue;
            }
            let is_link = entry.path_is_symlink();
            if is_link && entry.path().is_dir() {
                links += 1;
            } else if is_wanted(entry.path()) {
                self.file(root, entry.path(), limits)?;
            } else if !is_source(entry.path()) {
                others += 1;
            }
        }
        let folder = folder.display();
        if others > 0 {
            self.notes.push(format!("`{folder}`: not read, as neither .json nor .xml: {others}"));
        }
        if !passed.is_empty() {
            let passed = passed.into_iter().collect::<Vec<_>>().join(", ");
            self.notes.push(format!("`{folder}`: folders of these names are not read: {passed}"));
        }
        if links > 0 {
            self.notes.push(format!("`{folder}`: links to folders, which are not followed: {links}"));
        }
        Ok(())
    }

    fn file(&mut self, root: &Path, path: &Path, limits: &Limits) -> Result<(), String> {
        let below = path.strip_prefix(root).unwrap_or(path);
        let name = below.components().map(|c| c.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/");
        let size = match std::fs::metadata(path) {
            Ok(told) if told.is_file() => told.len(),
            Ok(_) => {
                self.faults.push(format!("`{name}` is not a regular file, and was not read"));
                return Ok(());
            }
            Err(e) => {
                self.faults.push(format!("could not read `{name}`: {e}"));
                return Ok(());
            }
        };
        self.bytes = self.bytes.saturating_add(size);
        if self.all.len() as u64 >= limits.entries || self.bytes > limits.unpacked_bytes {
            let (files, bytes) = (limits.entries, limits.unpacked_bytes);
            return Err(format!(
                "`{}` holds more than {files} files or {bytes} bytes; name a folder in it",
                root.display()
            ));
        }
        if size > limits.entry_bytes {
            let limit = limits.entry_bytes;
            self.faults.push(format!("`{name}` is larger than {limit} bytes, and was not read"));
            return Ok(());
        }
        match std::fs::read(path) {
            Ok(text) => self.all.push(Found { name, path: Some(path.to_owned()), text }),
            Err(e) => self.faults.push(format!("could not read `{name}`: {e}")),
        }
        Ok(())
    }
}

/// Whether a file is read, by its name.
fn is_wanted(path: &Path) -> bool {
    path.extension().is_some_and(|x| x.eq_ignore_ascii_case("json") || x.eq_ignore_ascii_case("xml"))
}

/// Whether a file is what others are made from.
fn is_source(path: &Path) -> bool {
    path.extension().is_some_and(|x| ["fsh", "md", "yaml", "ini"].iter().any(|s| x.eq_ignore_ascii_case(s)))
}
