//! Which uploads are there when the data folder is opened.

use std::collections::BTreeSet;
use std::collections::btree_map::Entry;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use super::Uploads;
use super::removal::DELETED;
use crate::store::disk::{Disk, Kind};
use crate::store::error::at;
use crate::store::files::{sha256_of_file, sweep, text, write_whole};
use crate::store::memory::Names;
use crate::store::{StoreError, aside};

/// Bytes of a name that are read; the names of packages are far shorter.
const NAME_BYTES: u64 = 4096;

impl Uploads {
    /// Reads which archives are here, and brings names and archives together: an archive without a name is remembered
    /// again (`known` may have its name), a name whose archive is missing or damaged is reported. What is no file is
    /// moved aside. What is left of deleted uploads, and of files that were being written, is removed.
    ///
    /// # Errors
    /// [`StoreError::File`] where the file system refuses.
    pub fn recover(&self, known: &Names, warnings: &mut Vec<String>) -> Result<(), StoreError> {
        let disk = &*self.disk;
        sweep(disk, &self.folder, true);
        let mut archives = Vec::new();
        let (mut found, mut deleted) = (Names::new(), BTreeSet::new());
        for path in self.entries(warnings)? {
            let stem = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            match path.extension().and_then(|e| e.to_str()) {
                Some("tgz") => archives.push((stem, path)),
                Some("name") => {
                    found.insert(stem, text(disk, &path, NAME_BYTES).unwrap_or_default());
                }
                Some(DELETED) => {
                    deleted.insert(stem);
                }
                _ => {}
            }
        }
        let here: BTreeSet<String> = archives.iter().map(|(stem, _)| stem.clone()).collect();
        for sha256 in &deleted {
            if let Err(error) = self.clear(sha256) {
                warnings.push(format!("what is left of a deleted upload could not be removed: {error}"));
            }
        }
        let mut named = known.clone();
        named.extend(found.clone());
        for (sha256, name) in &named {
            if !here.contains(sha256) && !deleted.contains(sha256) {
                warnings.push(format!(
                    "the archive of the uploaded package `{name}` (SHA-256 {sha256}) is missing; upload it again"
                ));
            }
        }
        found.retain(|sha256, _| here.contains(sha256));
        *self.names() = found;
        archives.into_iter().try_for_each(|(sha256, path)| self.bring_together(sha256, &path, known, warnings))
    }

    /// Makes an archive that is whole an upload with a name, and one that is not none.
    fn bring_together(
        &self,
        sha256: String,
        path: &Path,
        known: &Names,
        warnings: &mut Vec<String>,
    ) -> Result<(), StoreError> {
        let mut names = self.names();
        if !is_whole(&*self.disk, path, &sha256, warnings)? {
            names.remove(&sha256);
        } else if let Entry::Vacant(unnamed) = names.entry(sha256) {
            let (sha256, name) = (unnamed.key(), known.get(unnamed.key()).cloned().unwrap_or_default());
            if name.is_empty() {
                warnings.push(format!(
                    "the uploaded archive with SHA-256 {sha256} was found without a name, as an upload leaves it that \
                     breaks off; it is taken up again, and can be deleted by the name of its package, or by \
                     `DELETE /packages/{sha256}` where it holds none"
                ));
            }
            if let Err(error) = write_whole(&*self.disk, &self.name_path(sha256), name.as_bytes()) {
                warnings.push(format!("the name of an uploaded archive could not be written: {error}"));
            }
            unnamed.insert(name);
        }
        Ok(())
    }

    /// What is in the folder, sorted; nothing where it is missing. What stands in its place is moved aside.
    fn entries(&self, warnings: &mut Vec<String>) -> Result<Vec<PathBuf>, StoreError> {
        let error = match self.disk.list(&self.folder) {
            Ok(entries) => return Ok(entries),
            Err(error) => error,
        };
        match self.disk.kind(&self.folder).map_err(at(&self.folder))? {
            Kind::Absent => {}
            _ if matches!(error.kind(), ErrorKind::NotADirectory | ErrorKind::NotFound) => {
                let aside = aside::rename(&*self.disk, &self.folder)?;
                warnings.push(format!(
                    "`{}` is not a folder and has been moved to `{}`",
                    self.folder.display(),
                    aside.display()
                ));
            }
            _ => return Err(at(&self.folder)(error)),
        }
        Ok(Vec::new())
    }
}

/// Whether an archive is what its name says. What is not is moved aside; what cannot be read stays, and is not used.
fn is_whole(disk: &dyn Disk, path: &Path, sha256: &str, warnings: &mut Vec<String>) -> Result<bool, StoreError> {
    let what = match disk.kind(path).map_err(at(path))? {
        Kind::File => match sha256_of_file(disk, path) {
            Ok(found) if found == sha256 => return Ok(true),
            Ok(_) => "an uploaded archive was damaged",
            Err(error) => {
                warnings.push(format!("an uploaded archive cannot be read and is not used: {error}"));
                return Ok(false);
            }
        },
        _ => "what stood in the place of an uploaded archive is not a file",
    };
    match aside::rename(disk, path) {
        Ok(aside) => {
            warnings.push(format!("{what}, and has been moved to `{}`; upload the package again", aside.display()));
        }
        Err(error) => warnings.push(format!("{what}; it is not used, and could not be moved aside: {error}")),
    }
    Ok(false)
}
