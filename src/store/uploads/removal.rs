//! Deleting uploads: whatever the moment at which the process is killed or the power fails, an upload is wholly there
//! or wholly gone, and one that was acknowledged as deleted does not come back.

use std::path::PathBuf;

use super::Uploads;
use crate::store::StoreError;
use crate::store::disk::Kind;
use crate::store::error::at;
use crate::store::files::remove;

/// What an archive's name ends with once it is deleted.
pub(super) const DELETED: &str = "deleted";

impl Uploads {
    pub(super) fn deleted_path(&self, sha256: &str) -> PathBuf {
        self.folder.join(format!("{sha256}.{DELETED}"))
    }

    /// Deletes uploads by the hashes of their archives; all of them are gone on disk when this returns. Where it breaks
    /// off, each of them is wholly there or wholly gone.
    ///
    /// # Errors
    /// [`StoreError::File`] where the disk is full or refuses; the uploads are kept still.
    pub fn delete(&self, hashes: &[String]) -> Result<(), StoreError> {
        let disk = &*self.disk;
        let mut names = self.names();
        let mut renamed = Vec::new();
        let mark = |sha256: &String| {
            let (from, to) = (self.archive_path(sha256), self.deleted_path(sha256));
            if disk.kind(&from).map_err(at(&from))? == Kind::File {
                disk.rename(&from, &to).map_err(at(&from))?;
                renamed.push((from, to));
            }
            Ok(())
        };
        let marked = hashes.iter().try_for_each(mark);
        let marked = marked.and_then(|()| disk.sync_folder(&self.folder).map_err(at(&self.folder)));
        if let Err(error) = marked {
            for (from, to) in renamed.iter().rev() {
                if let Err(error) = disk.rename(to, from) {
                    let path = from.display();
                    tracing::error!(%error, "`{path}` cannot be given its name again; it is gone at the next start");
                }
            }
            return Err(error);
        }
        names.retain(|sha256, _| !hashes.contains(sha256));
        for sha256 in hashes {
            if let Err(error) = self.clear(sha256) {
                tracing::warn!(%error, "what is left of a deleted upload is removed at the next start");
            }
        }
        Ok(())
    }

    /// Removes what is left of a deleted upload: its name first, since an archive without its name would be remembered
    /// again, and a name without its archive is told as a loss.
    pub(super) fn clear(&self, sha256: &str) -> Result<(), StoreError> {
        let disk = &*self.disk;
        let archive = self.archive_path(sha256);
        if disk.kind(&archive).map_err(at(&archive))? == Kind::Absent {
            remove(disk, &self.name_path(sha256))?;
            disk.sync_folder(&self.folder).map_err(at(&self.folder))?;
        }
        remove(disk, &self.deleted_path(sha256))
    }
}
