//! The archives of uploaded packages. Each is on disk before it is acknowledged.

use std::path::PathBuf;

use super::Uploads;
use crate::packages::hash::sha256_hex;
use crate::store::disk::{Kind, sync_folder};
use crate::store::error::at;
use crate::store::files::{remove, sha256_of_file, write_whole};
use crate::store::{StoreError, aside};

impl Uploads {
    /// Writes an archive to its place, not yet remembered. Returns the hex SHA-256 and the path.
    ///
    /// # Errors
    /// [`StoreError::File`] where the disk is full or refuses.
    pub fn put(&self, bytes: &[u8]) -> Result<(String, PathBuf), StoreError> {
        let disk = &*self.disk;
        if disk.kind(&self.folder).map_err(at(&self.folder))? == Kind::Absent {
            disk.make_folder(&self.folder).map_err(at(&self.folder))?;
            sync_folder(disk, &self.folder)?;
        }
        let sha256 = sha256_hex(bytes);
        let path = self.archive_path(&sha256);
        match disk.kind(&path).map_err(at(&path))? {
            Kind::Absent => write_whole(disk, &path, bytes)?,
            Kind::File if sha256_of_file(disk, &path).is_ok_and(|found| found == sha256) => {}
            _ => {
                let aside = aside::rename(disk, &path)?;
                tracing::warn!("what stood in the place of an archive has been moved to `{}`", aside.display());
                write_whole(disk, &path, bytes)?;
            }
        }
        Ok((sha256, path))
    }

    /// Removes an archive that turned out to be of no use; one that is remembered stays.
    ///
    /// # Errors
    /// [`StoreError::File`] where the disk refuses.
    pub fn drop(&self, sha256: &str) -> Result<(), StoreError> {
        if self.names().contains_key(sha256) {
            return Ok(());
        }
        remove(&*self.disk, &self.archive_path(sha256))?;
        sync_folder(&*self.disk, &self.archive_path(sha256))
    }
}
