//! The archives of uploaded packages, as files of the data folder. Each is on disk before it is acknowledged.

use std::fs;
use std::path::PathBuf;

use super::aside;
use super::disk::{Disk, Kind, RealDisk};
use super::error::at;
use super::files::{remove, sha256_of_file, write_whole};
use super::{Store, StoreError};
use crate::packages::hash::sha256_hex;

impl Store {
    pub(super) fn uploads_folder(&self) -> PathBuf {
        self.folder.join("uploads")
    }

    pub(super) fn upload_path(&self, sha256: &str) -> PathBuf {
        self.uploads_folder().join(format!("{sha256}.tgz"))
    }

    /// Writes an archive to its place, not yet remembered as an upload; [`Store::keep_upload`] or
    /// [`Store::drop_archive`] follows. Returns the hex SHA-256 and the path.
    ///
    /// # Errors
    /// [`StoreError::File`] where the disk is full or refuses.
    pub fn put_archive(&self, bytes: &[u8]) -> Result<(String, PathBuf), StoreError> {
        let folder = self.uploads_folder();
        fs::create_dir_all(&folder).map_err(at(&folder))?;
        let sha256 = sha256_hex(bytes);
        let path = self.upload_path(&sha256);
        match RealDisk.kind(&path).map_err(at(&path))? {
            Kind::Absent => write_whole(&path, bytes)?,
            Kind::File if sha256_of_file(&path).is_ok_and(|found| found == sha256) => {}
            _ => {
                let aside = aside::rename(&RealDisk, &path)?;
                tracing::warn!("what stood in the place of an archive has been moved to `{}`", aside.display());
                write_whole(&path, bytes)?;
            }
        }
        Ok((sha256, path))
    }

    /// Removes an archive that turned out to be of no use; one that is remembered stays.
    ///
    /// # Errors
    /// [`StoreError::File`] where the disk refuses.
    pub fn drop_archive(&self, sha256: &str) -> Result<(), StoreError> {
        if self.is_kept(sha256) { Ok(()) } else { remove(&self.upload_path(sha256)) }
    }
}
