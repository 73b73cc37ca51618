//! What cannot be rebuilt: uploaded packages. An archive with a file `SHA256.name` beside it is remembered, and the
//! file holds the package's name. An upload that is deleted is renamed to `SHA256.deleted`, which is what makes it
//! gone; the rest is cleared after that, or at the next start. All of it is on disk before it is acknowledged.

mod archives;
mod recovery;
mod removal;

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::StoreError;
use super::disk::{Disk, Kind};
use super::files::{remove, write_whole};
use super::memory::Names;

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

/// The uploads in their folder.
pub(super) struct Uploads {
    disk: Arc<dyn Disk>,
    folder: PathBuf,
    names: Mutex<Names>,
}

impl Uploads {
    /// No uploads yet, in this folder of the data folder.
    pub fn of(disk: &Arc<dyn Disk>, data: &Path) -> Uploads {
        Uploads { disk: Arc::clone(disk), folder: data.join("uploads"), names: Mutex::default() }
    }

    fn names(&self) -> MutexGuard<'_, Names> {
        self.names.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn folder(&self) -> &Path {
        &self.folder
    }

    fn archive_path(&self, sha256: &str) -> PathBuf {
        self.folder.join(format!("{sha256}.tgz"))
    }

    fn name_path(&self, sha256: &str) -> PathBuf {
        self.folder.join(format!("{sha256}.name"))
    }

    /// Remembers an archive as the package `name` (`id#version`); on disk when this returns.
    ///
    /// # Errors
    /// [`StoreError::File`] where the disk is full or refuses.
    pub fn keep(&self, sha256: &str, name: &str) -> Result<(), StoreError> {
        write_whole(&*self.disk, &self.name_path(sha256), name.as_bytes())?;
        self.names().insert(sha256.to_owned(), name.to_owned());
        Ok(())
    }

    /// Takes [`Uploads::keep`] back.
    ///
    /// # Errors
    /// [`StoreError::File`] where the disk refuses.
    pub fn take_back(&self, sha256: &str) -> Result<(), StoreError> {
        self.names().remove(sha256);
        remove(&*self.disk, &self.name_path(sha256))
    }

    /// The uploads whose archives are here, in the order of their hashes; those without a name last, since what has one
    /// was acknowledged.
    pub fn list(&self) -> Vec<Upload> {
        let names = self.names();
        let all = names.iter().map(|(sha256, name)| Upload {
            name: name.clone(),
            sha256: sha256.clone(),
            path: self.archive_path(sha256),
        });
        let here = all.filter(|upload| self.disk.kind(&upload.path).is_ok_and(|kind| kind == Kind::File));
        let (mut named, unnamed): (Vec<Upload>, Vec<Upload>) = here.partition(|upload| !upload.name.is_empty());
        named.extend(unnamed);
        named
    }
}

#[cfg(test)]
#[path = "../tests/uploads.rs"]
mod tests;
