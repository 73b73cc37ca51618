//! A copy of a package: embedded, an archive, or a folder.

use std::path::{Path, PathBuf};

use crate::packages::reading::folder_root;

/// One version of a package in the index.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Copy {
    /// The package id.
    pub id: String,
    /// Its version, or `current`.
    pub version: String,
    /// The path; `None`: embedded.
    pub path: Option<PathBuf>,
}

impl Copy {
    /// `id#version`, as it is in the index.
    pub fn name(&self) -> String {
        format!("{}#{}", self.id, self.version)
    }
}

/// The copy that a name in a folder of packages means.
pub(super) fn copy_at(folder: &Path, name: &str) -> Option<Copy> {
    let path = folder.join(name);
    let copy = |id: &str, version: &str, path: &Path| {
        Some(Copy { id: id.to_owned(), version: version.to_owned(), path: Some(path.to_owned()) })
    };
    if let Some((id, version)) = name.split_once('#') {
        return match version.strip_suffix(".tgz") {
            Some(version) => copy(id, version, &path),
            None => folder_root(&path).and_then(|_| copy(id, version, &path)),
        };
    }
    // `ID-VERSION.tgz`: the version starts at the first hyphen before a digit.
    let stem = name.strip_suffix(".tgz")?;
    let hyphen = stem
        .match_indices('-')
        .map(|(at, _)| at)
        .find(|at| stem.as_bytes().get(at + 1).is_some_and(u8::is_ascii_digit))?;
    copy(stem.get(..hyphen)?, stem.get(hyphen + 1..)?, &path)
}
