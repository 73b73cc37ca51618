//! What cannot be rebuilt: uploaded packages and negotiated sets. Each is on disk before it is acknowledged.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};

use super::error::at;
use super::journal::Replay;
use super::record::{pack, unpack};
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
    fn uploads_folder(&self) -> PathBuf {
        self.folder.join("uploads")
    }

    fn upload_path(&self, sha256: &str) -> PathBuf {
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

    /// Keeps a negotiated set under its id; on disk when this returns.
    ///
    /// # Errors
    /// [`StoreError::Database`] where the store fails.
    pub fn keep_negotiation(&self, id: &str, text: &[u8]) -> Result<(), StoreError> {
        let packed = pack(text)?;
        if self.negotiations.get(id)?.is_some_and(|old| *old == *packed) {
            return Ok(());
        }
        self.journal.append(id, &packed)?;
        self.negotiations.insert(id, packed)?;
        self.db.flush()?;
        Ok(())
    }

    /// Brings the journal and sled's copy together, each giving what the other has lost.
    pub(super) fn recover_negotiations(&self, replay: Replay, warnings: &mut Vec<String>) -> Result<(), StoreError> {
        let mut newest: BTreeMap<String, Vec<u8>> = BTreeMap::new();
        newest.extend(replay.records);
        let mut lost = 0;
        for (id, packed) in &newest {
            if self.negotiations.get(id)?.is_none_or(|old| *old != **packed) {
                self.negotiations.insert(id.as_str(), packed.as_slice())?;
                lost += 1;
            }
        }
        self.db.flush()?;
        for record in &self.negotiations {
            let (id, packed) = record?;
            let id = String::from_utf8_lossy(&id);
            if !newest.contains_key(&*id) {
                self.journal.append(&id, &packed)?;
            }
        }
        if lost > 0 {
            warnings
                .push(format!("the store had lost {lost} negotiations; they were put back from `negotiations.log`"));
        }
        if replay.damaged > 0 {
            warnings.push(format!(
                "{} records of `negotiations.log` are damaged; negotiate again where an id is not found",
                replay.damaged
            ));
        }
        Ok(())
    }

    /// The negotiated set of this id, byte for byte; `None` where there is none.
    ///
    /// # Errors
    /// [`StoreError::Record`] where it is damaged.
    pub fn negotiation(&self, id: &str) -> Result<Option<Vec<u8>>, StoreError> {
        self.negotiations.get(id)?.map(|v| unpack(&v)).transpose()
    }
}

/// The archives of a folder, sorted; none where there is no folder.
fn archives(folder: &Path) -> Result<Vec<PathBuf>, StoreError> {
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
