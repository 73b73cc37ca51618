//! Filling the store with the definitions of the packages that are not embedded, and the catalogue that opens when it
//! is full.

use std::sync::{Arc, PoisonError};
use std::time::Duration;

use super::{Catalogue, Service};
use crate::app::{AppError, Parts};
use crate::http::Fault;
use crate::packages::reading::Limits;
use crate::store::{NewDefinition, StoreError};

/// Why the definitions of the packages are not in the store.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub enum FillError {
    /// The store failed.
    Store(#[from] StoreError),
    /// A package cannot be read.
    App(#[from] AppError),
}

impl Service {
    /// The catalogue; `None` as long as the store is being filled.
    pub fn catalogue_now(&self) -> Option<Arc<Catalogue>> {
        self.catalogue.borrow().clone()
    }

    /// The catalogue, waited for.
    ///
    /// # Errors
    /// 503 where it takes too long, 507 where the store could not be filled since the disk is full.
    pub(in crate::http) async fn catalogue(&self) -> Result<Arc<Catalogue>, Fault> {
        if self.catalogue_now().is_none()
            && let Some(fault) = self.trouble_now()
        {
            return Err(fault);
        }
        let mut receiver = self.catalogue.subscribe();
        let ready = tokio::time::timeout(
            Duration::from_millis(self.config.limits.work_timeout_ms),
            receiver.wait_for(Option::is_some),
        )
        .await;
        let found = ready.ok().and_then(|r| r.ok().and_then(|c| c.clone()));
        found.ok_or_else(|| Fault::busy("the definitions are still loading; try again"))
    }

    /// Brings the store up to date with the packages of the engine, and opens the catalogue. Slow the first time.
    ///
    /// # Errors
    /// `FillError` where the store fails or a package does not read.
    pub fn fill(&self) -> Result<(), FillError> {
        let _one = self.filling.lock().unwrap_or_else(PoisonError::into_inner);
        self.take_alone(self.parts())
    }

    /// Makes `parts` those that serve, once the store holds their definitions.
    pub(in crate::http) fn take(&self, parts: Parts) -> Result<(), FillError> {
        let _one = self.filling.lock().unwrap_or_else(PoisonError::into_inner);
        self.take_alone(parts)
    }

    /// As [`Service::take`], for one who holds the lock.
    pub(super) fn take_alone(&self, parts: Parts) -> Result<(), FillError> {
        self.name_uploads(&parts)?;
        self.fill_from(&parts)?;
        self.serve(parts);
        Ok(())
    }

    /// Gives uploads that were found without a name that of their package.
    fn name_uploads(&self, parts: &Parts) -> Result<(), FillError> {
        for upload in self.store.uploads().iter().filter(|upload| upload.name.is_empty()) {
            let packages = &parts.engine.packages().packages;
            if let Some(package) = packages.iter().find(|p| p.sha256 == upload.sha256) {
                let name = package.name();
                self.store.keep_upload(&upload.sha256, &name)?;
                tracing::warn!(package = name, sha256 = upload.sha256, "an archive without a name was taken up again");
            }
        }
        Ok(())
    }

    /// Puts the definitions of packages into the store that are not there yet.
    pub(super) fn fill_from(&self, parts: &Parts) -> Result<(), FillError> {
        for located in &parts.engine.packages().packages {
            let name = located.name();
            if located.book().is_some() || self.store.is_filled(&name, &located.sha256)? {
                continue;
            }
            let package = located.load(&Limits::default()).map_err(|e| AppError::Package(e.to_string()))?;
            let definitions = package.definitions.iter().map(|d| NewDefinition {
                resource_type: &d.resource_type,
                id: &d.id,
                url: &d.url,
                version: d.version.as_deref().unwrap_or_default(),
                file: &d.file,
                text: d.text(),
            });
            let count = self.store.fill(&name, &located.sha256, definitions)?;
            tracing::debug!(package = name, count, "definitions stored");
        }
        Ok(())
    }

    /// Makes `parts` those that serve, whose definitions the store holds, and opens the catalogue.
    pub(super) fn serve(&self, parts: Parts) {
        let catalogue = Catalogue::of(&*parts.engine, &self.store.uploads());
        if self.catalogue_now().is_some() && self.has_room() {
            // Those of other packages are not looked for any more.
            if let Err(error) = self.store.forget_snapshots() {
                tracing::warn!(%error, "snapshots that are of no use any more stay in the cache for now");
            }
        }
        *self.parts.write().unwrap_or_else(PoisonError::into_inner) = parts;
        self.catalogue.send_replace(Some(Arc::new(catalogue)));
    }
}
