//! What cannot be rebuilt: which packages were uploaded. On disk before it is acknowledged.

use std::fs;
use std::path::PathBuf;

use super::archives::archives;
use super::error::at;
use super::{Store, StoreError};
use crate::packages::hash::sha256_hex;

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
    /// Remembers an archive as the package `name` (`id#version`); on disk when this returns.
    ///
    /// # Errors
    /// [`StoreError::Database`] where the store fails.
    pub fn keep_upload(&self, sha256: &str, name: &str) -> Result<(), StoreError> {
        self.uploads.insert(sha256, name.as_bytes())?;
        self.db.flush()?;
        Ok(())
    }

    /// Takes [`Store::keep_upload`] back.
    ///
    /// # Errors
    /// [`StoreError::Database`] where the store fails.
    pub fn forget_upload(&self, sha256: &str) -> Result<(), StoreError> {
        self.uploads.remove(sha256)?;
        self.db.flush()?;
        Ok(())
    }

    /// The uploads whose archives are here, in the order of their hashes.
    ///
    /// # Errors
    /// [`StoreError::Database`] where the store fails.
    pub fn uploads(&self) -> Result<Vec<Upload>, StoreError> {
        let mut out = Vec::new();
        for record in &self.uploads {
            let (sha256, name) = record?;
            let (sha256, name) =
                (String::from_utf8_lossy(&sha256).into_owned(), String::from_utf8_lossy(&name).into_owned());
            let path = self.upload_path(&sha256);
            if path.exists() {
                out.push(Upload { name, sha256, path });
            }
        }
        Ok(out)
    }

    /// Brings records and archives together: an archive without a record is remembered again, a record whose
    /// archive is missing or damaged is reported.
    pub(super) fn recover_uploads(&self, warnings: &mut Vec<String>) -> Result<(), StoreError> {
        for record in &self.uploads {
            let (sha256, name) = record?;
            let (sha256, name) =
                (String::from_utf8_lossy(&sha256).into_owned(), String::from_utf8_lossy(&name).into_owned());
            if !self.upload_path(&sha256).exists() {
                warnings.push(format!(
                    "the archive of the uploaded package `{name}` (SHA-256 {sha256}) is missing; upload it again"
                ));
            }
        }
        for path in archives(&self.uploads_folder())? {
            let stem = path.file_stem().map(|s| s.to_string_lossy().into_owned()).unwrap_or_default();
            let actual = sha256_hex(&fs::read(&path).map_err(at(&path))?);
            if actual != stem {
                let aside = path.with_extension("damaged");
                fs::rename(&path, &aside).map_err(at(&path))?;
                warnings.push(format!(
                    "an uploaded archive was damaged and has been moved to `{}`; upload it again",
                    aside.display()
                ));
            } else if self.uploads.get(&actual)?.is_none() {
                self.uploads.insert(actual.as_str(), &b""[..])?;
                warnings.push(format!("the uploaded archive with SHA-256 {actual} was found again beside the store"));
            }
        }
        self.db.flush()?;
        Ok(())
    }
}
