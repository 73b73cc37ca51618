//! The archives of uploaded packages in a store.

use std::path::PathBuf;

use super::uploads::Upload;
use super::{Store, StoreError};

impl Store {
    /// Writes an archive to its place, not yet remembered as an upload; [`Store::keep_upload`] or
    /// [`Store::drop_archive`] follows. Returns the hex SHA-256 and the path.
    ///
    /// # Errors
    /// [`StoreError::File`] where the disk is full or refuses.
    pub fn put_archive(&self, bytes: &[u8]) -> Result<(String, PathBuf), StoreError> {
        self.uploads.put(bytes)
    }

    /// Removes an archive that turned out to be of no use; one that is remembered stays.
    ///
    /// # Errors
    /// [`StoreError::File`] where the disk refuses.
    pub fn drop_archive(&self, sha256: &str) -> Result<(), StoreError> {
        self.uploads.drop(sha256)
    }

    /// Remembers an archive as the package `name` (`id#version`); on disk when this returns.
    ///
    /// # Errors
    /// [`StoreError::File`] where the disk is full or refuses.
    pub fn keep_upload(&self, sha256: &str, name: &str) -> Result<(), StoreError> {
        self.uploads.keep(sha256, name)
    }

    /// Takes [`Store::keep_upload`] back.
    ///
    /// # Errors
    /// [`StoreError::File`] where the disk refuses.
    pub fn take_back_upload(&self, sha256: &str) -> Result<(), StoreError> {
        self.uploads.take_back(sha256)
    }

    /// Deletes uploads by the hashes of their archives; all of them are gone on disk when this returns.
    ///
    /// # Errors
    /// [`StoreError::File`] where the disk is full or refuses; the uploads are kept still.
    pub fn delete_uploads(&self, hashes: &[String]) -> Result<(), StoreError> {
        self.uploads.delete(hashes)
    }

    /// The uploads whose archives are here, in the order of their hashes.
    pub fn uploads(&self) -> Vec<Upload> {
        self.uploads.list()
    }
}
