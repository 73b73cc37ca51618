//! What the sources contain.

use std::path::PathBuf;

use super::Sources;
use super::copy::{Copy, copy_at};
use crate::packages::embedded;

/// What the sources contain, listed once.
pub struct PackageIndex<'s> {
    pub(super) sources: &'s Sources,
    /// By folder: the names in it, sorted.
    names: Vec<Vec<String>>,
}

impl<'s> PackageIndex<'s> {
    /// Lists the folders; one that is not there is empty.
    pub fn open(sources: &'s Sources) -> PackageIndex<'s> {
        let list = |folder: &PathBuf| {
            let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
            let mut names: Vec<String> = entries.filter_map(|e| e.file_name().into_string().ok()).collect();
            names.sort();
            names
        };
        PackageIndex { sources, names: sources.folders.iter().map(list).collect() }
    }

    /// Every copy of this package, in the order of the sources; of one source, archives before folders. Capitals in
    /// names are small letters to the package registries; a copy that is written as asked for comes before others.
    pub fn copies(&self, id: &str) -> Vec<Copy> {
        let embedded =
            embedded::list().iter().filter(|e| self.sources.embedded && e.manifest.id.eq_ignore_ascii_case(id));
        let mut copies: Vec<Copy> = embedded
            .map(|e| Copy { id: e.manifest.id.clone(), version: e.manifest.version.clone(), path: None })
            .collect();
        for (folder, names) in self.sources.folders.iter().zip(&self.names) {
            for separator in ["#", "-"] {
                let prefix = format!("{id}{separator}");
                let named =
                    |name: &&String| name.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(&prefix));
                let found = names
                    .iter()
                    .filter(named)
                    .filter_map(|name| copy_at(folder, name).filter(|c| c.id.eq_ignore_ascii_case(id)));
                let mut found: Vec<Copy> = found.collect();
                found.sort_by_key(|c| (c.id != id, c.path.as_ref().is_some_and(|p| p.is_dir())));
                copies.extend(found);
            }
        }
        copies
    }

    /// Every copy of every package, in the order of the sources, then by name.
    pub fn all(&self) -> Vec<Copy> {
        let embedded = embedded::list().iter().filter(|_| self.sources.embedded);
        let mut copies: Vec<Copy> = embedded
            .map(|e| Copy { id: e.manifest.id.clone(), version: e.manifest.version.clone(), path: None })
            .collect();
        for (folder, names) in self.sources.folders.iter().zip(&self.names) {
            copies.extend(names.iter().filter_map(|name| copy_at(folder, name)));
        }
        copies
    }
}
