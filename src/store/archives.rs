//! The archives of uploaded packages, as files of the data folder. Each is on disk before it is acknowledged.

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};

use super::error::at;
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
    /// [`StoreError::File`] where the disk refuses.
    pub fn put_archive(&self, bytes: &[u8]) -> Result<(String, PathBuf), StoreError> {
        let folder = self.uploads_folder();
        fs::create_dir_all(&folder).map_err(at(&folder))?;
        let sha256 = sha256_hex(bytes);
        let path = self.upload_path(&sha256);
        if !path.exists() {
            let mut beside = tempfile::NamedTempFile::new_in(&folder).map_err(at(&folder))?;
            beside.write_all(bytes).and_then(|()| beside.as_file().sync_all()).map_err(at(&path))?;
            beside.persist(&path).map_err(|e| StoreError::File { path: path.clone(), error: e.error })?;
            sync_folder(&folder)?;
        }
        Ok((sha256, path))
    }

    /// Removes an archive that turned out to be of no use; one that is remembered stays.
    ///
    /// # Errors
    /// [`StoreError::File`] where the disk refuses.
    pub fn drop_archive(&self, sha256: &str) -> Result<(), StoreError> {
        if self.uploads.get(sha256)?.is_none() {
            let path = self.upload_path(sha256);
            match fs::remove_file(&path) {
                Err(e) if e.kind() != std::io::ErrorKind::NotFound => return Err(StoreError::File { path, error: e }),
                _ => {}
            }
        }
        Ok(())
    }
}

/// The archives of a folder, sorted; none where there is no folder.
pub(super) fn archives(folder: &Path) -> Result<Vec<PathBuf>, StoreError> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(StoreError::File { path: folder.to_owned(), error }),
    };
    let mut out = Vec::new();
    for entry in entries {
        let path = entry.map_err(at(folder))?.path();
        if path.extension().is_some_and(|e| e == "tgz") {
            out.push(path);
        }
    }
    out.sort();
    Ok(out)
}

/// Makes a rename last.
fn sync_folder(folder: &Path) -> Result<(), StoreError> {
    if cfg!(unix) {
        File::open(folder).and_then(|f| f.sync_all()).map_err(at(folder))?;
    }
    Ok(())
}
