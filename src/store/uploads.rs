//! What cannot be rebuilt: which packages were uploaded. An archive with a file `SHA-256.name` beside it is remembered,
//! and the file holds the package's name. It is on disk before it is acknowledged.

use std::collections::btree_map::Entry;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{MutexGuard, PoisonError};

use super::aside;
use super::disk::{Disk, Kind, RealDisk};
use super::error::at;
use super::files::{remove, sha256_of_file, write_whole};
use super::memory::Names;
use super::{Store, StoreError};

/// Bytes of a name that are read; the names of packages are far shorter.
const NAME_BYTES: usize = 4096;

/// An uploaded package.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Upload {
    /// `id#version`; empty until a recovered archive has been read again.
    pub name: String,
    /// Hex SHA-256 of the archive.
    pub sha256: String,
    /// The archive.
    pub path: PathBuf,
}

impl Store {
    fn names(&self) -> MutexGuard<'_, Names> {
        self.uploads.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn name_path(&self, sha256: &str) -> PathBuf {
        self.uploads_folder().join(format!("{sha256}.name"))
    }

    pub(super) fn is_kept(&self, sha256: &str) -> bool {
        self.names().contains_key(sha256)
    }

    /// Remembers an archive as the package `name` (`id#version`); on disk when this returns.
    ///
    /// # Errors
    /// [`StoreError::File`] where the disk is full or refuses.
    pub fn keep_upload(&self, sha256: &str, name: &str) -> Result<(), StoreError> {
        write_whole(&self.name_path(sha256), name.as_bytes())?;
        self.names().insert(sha256.to_owned(), name.to_owned());
        Ok(())
    }

    /// Takes [`Store::keep_upload`] back.
    ///
    /// # Errors
    /// [`StoreError::File`] where the disk refuses.
    pub fn forget_upload(&self, sha256: &str) -> Result<(), StoreError> {
        self.names().remove(sha256);
        remove(&self.name_path(sha256))
    }

    /// The uploads whose archives are here, in the order of their hashes.
    pub fn uploads(&self) -> Vec<Upload> {
        let names = self.names();
        let all = names.iter().map(|(sha256, name)| Upload {
            name: name.clone(),
            sha256: sha256.clone(),
            path: self.upload_path(sha256),
        });
        all.filter(|upload| upload.path.is_file()).collect()
    }

    /// Reads which archives are here, and brings names and archives together: an archive without a name is remembered
    /// again (`known` may have its name), a name whose archive is missing or damaged is reported. What is no file is
    /// moved aside.
    pub(super) fn recover_uploads(&self, known: &Names, warnings: &mut Vec<String>) -> Result<(), StoreError> {
        let folder = self.uploads_folder();
        let mut names = self.names();
        let mut archives = Vec::new();
        for path in entries(&folder, warnings)? {
            let stem = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            match path.extension().and_then(|e| e.to_str()) {
                Some("tgz") => archives.push((stem, path)),
                Some("name") => {
                    names.insert(stem, read_name(&path));
                }
                _ => {}
            }
        }
        let mut named = known.clone();
        named.extend(names.clone());
        names.retain(|sha256, _| archives.iter().any(|(stem, _)| stem == sha256));
        for (sha256, name) in &named {
            if !archives.iter().any(|(stem, _)| stem == sha256) {
                warnings.push(format!(
                    "the archive of the uploaded package `{name}` (SHA-256 {sha256}) is missing; upload it again"
                ));
            }
        }
        for (sha256, path) in archives {
            if !is_whole(&path, &sha256, warnings)? {
                names.remove(&sha256);
            } else if let Entry::Vacant(unnamed) = names.entry(sha256.clone()) {
                let name = known.get(&sha256).cloned().unwrap_or_default();
                if name.is_empty() {
                    warnings.push(format!("the uploaded archive with SHA-256 {sha256} was found again without a name"));
                }
                if let Err(error) = write_whole(&self.name_path(&sha256), name.as_bytes()) {
                    warnings.push(format!("the name of an uploaded archive could not be written: {error}"));
                }
                unnamed.insert(name);
            }
        }
        Ok(())
    }
}

/// What is in the folder of uploads, sorted; nothing where it is missing.
fn entries(folder: &Path, warnings: &mut Vec<String>) -> Result<Vec<PathBuf>, StoreError> {
    if !folder.is_dir() {
        if RealDisk.kind(folder).map_err(at(folder))? != Kind::Absent {
            let aside = aside::rename(&RealDisk, folder)?;
            warnings.push(format!(
                "`{}` is not a folder and has been moved to `{}`",
                folder.display(),
                aside.display()
            ));
        }
        return Ok(Vec::new());
    }
    let mut out = Vec::new();
    for entry in fs::read_dir(folder).map_err(at(folder))? {
        out.push(entry.map_err(at(folder))?.path());
    }
    out.sort();
    Ok(out)
}

/// What a file of a name says; nothing where it cannot be read.
fn read_name(path: &Path) -> String {
    let is_name = path.is_file() && path.metadata().is_ok_and(|m| m.len() <= NAME_BYTES as u64);
    if is_name { fs::read_to_string(path).unwrap_or_default() } else { String::new() }
}

/// Whether an archive is what its name says. What is not is moved aside; what cannot be read stays, and is not used.
fn is_whole(path: &Path, sha256: &str, warnings: &mut Vec<String>) -> Result<bool, StoreError> {
    let what = match RealDisk.kind(path).map_err(at(path))? {
        Kind::File => match sha256_of_file(path) {
            Ok(found) if found == sha256 => return Ok(true),
            Ok(_) => "an uploaded archive was damaged",
            Err(error) => {
                warnings.push(format!("an uploaded archive cannot be read and is not used: {error}"));
                return Ok(false);
            }
        },
        _ => "what stood in the place of an uploaded archive is not a file",
    };
    match aside::rename(&RealDisk, path) {
        Ok(aside) => {
            warnings.push(format!("{what}, and has been moved to `{}`; upload the package again", aside.display()));
        }
        Err(error) => warnings.push(format!("{what}; it is not used, and could not be moved aside: {error}")),
    }
    Ok(false)
}
