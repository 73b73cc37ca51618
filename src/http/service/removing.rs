//! Deleting uploaded packages.

use std::path::PathBuf;
use std::sync::PoisonError;

use super::{FillError, Service, load_fit};
use crate::http::Fault;
use crate::store::Upload;

/// Definitions of deleted packages stay in the cache where less is free: it is thrown away as a whole where it fails.
const ROOM_BYTES: u64 = 16 << 20;

impl Service {
    /// Deletes uploads: all of them are gone on disk when this returns, and no longer served. Requests that are being
    /// worked on end with the packages with which they began.
    ///
    /// # Errors
    /// 507 where the disk is full, 500 where it refuses or the other packages cannot be loaded; the uploads are kept
    /// and served still.
    pub(in crate::http) fn delete(&self, gone: &[Upload]) -> Result<(), Fault> {
        let is_gone = |upload: &Upload| gone.iter().any(|g| g.sha256 == upload.sha256);
        let left: Vec<Upload> = self.store.uploads().into_iter().filter(|upload| !is_gone(upload)).collect();
        let paths: Vec<PathBuf> = left.iter().map(|upload| upload.path.clone()).collect();
        // Where one of them is of no use, those that are loaded now are tried next, before each by itself.
        let engine = self.engine();
        let is_loaded = |upload: &&Upload| engine.packages().packages.iter().any(|p| p.sha256 == upload.sha256);
        let loaded = || left.iter().filter(is_loaded).map(|upload| upload.path.clone()).collect::<Vec<_>>();
        let parts = self.loader.load(&paths).or_else(|_| self.loader.load(&loaded()));
        let parts = parts.or_else(|_| load_fit(&*self.loader, &left));
        let parts = parts.map_err(|error| {
            tracing::error!(%error, "the packages cannot be loaded without those that are to be deleted");
            Fault::internal("the other packages cannot be loaded; see the log of the service")
        })?;
        let _one = self.filling.lock().unwrap_or_else(PoisonError::into_inner);
        let is_filled = self.catalogue_now().is_some();
        if is_filled {
            self.fill_from(&parts).map_err(|error| match error {
                FillError::Store(error) => error.into(),
                FillError::App(error) => {
                    tracing::error!(%error, "a package cannot be read");
                    Fault::internal("a package cannot be read; see the log of the service")
                }
            })?;
        }
        self.store.delete_uploads(&gone.iter().map(|upload| upload.sha256.clone()).collect::<Vec<_>>())?;
        if is_filled {
            self.serve(parts);
        } else {
            *self.parts.write().unwrap_or_else(PoisonError::into_inner) = parts;
        }
        self.forget_definitions(gone);
        Ok(())
    }

    /// Whether there is room to remove anything from the cache.
    pub(super) fn has_room(&self) -> bool {
        self.store.free_bytes().is_none_or(|free| free >= ROOM_BYTES)
    }

    /// Removes the definitions of deleted packages from the cache. They are not served as it is: only those of loaded
    /// packages are.
    fn forget_definitions(&self, gone: &[Upload]) {
        if !self.has_room() {
            return;
        }
        let packages = self.engine();
        let is_loaded = |name: &str| packages.packages().packages.iter().any(|p| p.name() == name);
        for upload in gone.iter().filter(|upload| !is_loaded(&upload.name)) {
            if let Err(error) = self.store.forget_definitions(&upload.name) {
                tracing::warn!(%error, "the definitions of a deleted package stay in the cache for now");
            }
        }
    }
}
