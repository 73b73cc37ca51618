//! What all requests share: the engine, the catalogue of its packages, the store, the bounds.

mod catalogue;
mod filling;

use std::path::PathBuf;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use tokio::sync::watch;

use super::body::Budget;
use super::work::Pool;
use crate::app::{AppError, Engine, Loader, Parts};
use crate::config::Config;
use crate::store::Store;
pub use catalogue::{Catalogue, Loaded};

/// How many comparisons of profiles run at once.
const COMPARING: usize = 1;
/// How many negotiations and scope requests with large bodies run at once.
const LARGE: usize = 1;

/// The state of the service, shared by its workers.
pub struct Service {
    parts: RwLock<Parts>,
    catalogue: watch::Sender<Option<Arc<Catalogue>>>,
    pub(super) store: Store,
    pub(super) loader: Box<dyn Loader>,
    pub(super) config: Config,
    pub(super) pool: Pool,
    /// For comparisons of profiles, which can take long: they never keep validations from running.
    pub(super) comparing: Pool,
    /// For negotiations, which may have to open packages first: they never keep validations and scopes waiting.
    pub(super) negotiating: Pool,
    /// For bodies that are not FHIR and large, and what is asked with them: they never keep small ones waiting.
    pub(super) large: Pool,
    pub(super) budget: Arc<Budget>,
    /// Held by the upload that is being taken.
    pub(super) uploading: tokio::sync::Mutex<()>,
}

impl Service {
    /// Loads the engine with the uploads that the store remembers. The catalogue comes later, by [`Service::fill`].
    ///
    /// # Errors
    /// [`AppError`] where the packages that were asked for cannot be loaded. Uploads that cannot be loaded are left
    /// out with an error in the log.
    pub fn open(config: Config, store: Store, loader: Box<dyn Loader>) -> Result<Arc<Service>, AppError> {
        let uploads = store.uploads().map_err(|e| AppError::File(e.to_string()))?;
        let paths: Vec<PathBuf> = uploads.iter().map(|u| u.path.clone()).collect();
        let parts = match loader.load(&paths) {
            Err(error) if !paths.is_empty() => {
                let names: Vec<&str> = uploads
                    .iter()
                    .map(|u| if u.name.is_empty() { u.sha256.as_str() } else { u.name.as_str() })
                    .collect();
                tracing::error!(%error, uploads = names.join(", "), "the uploaded packages could not be loaded; \
                 they are kept, but not used");
                loader.load(&[])?
            }
            other => other?,
        };
        let threads = std::thread::available_parallelism().map_or(1, |n| n.get());
        let limits = &config.limits;
        let pool = |threads| Pool::new(threads, limits.queue, Duration::from_millis(limits.work_timeout_ms));
        Ok(Arc::new(Service {
            parts: RwLock::new(parts),
            catalogue: watch::Sender::new(None),
            store,
            loader,
            pool: pool(threads),
            comparing: pool(COMPARING),
            negotiating: pool(threads),
            large: pool(LARGE),
            budget: Budget::new(limits.all_bodies_bytes),
            uploading: tokio::sync::Mutex::new(()),
            config,
        }))
    }

    /// What works with the package set as it is now.
    pub fn parts(&self) -> Parts {
        self.parts.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The engine as it is now.
    pub fn engine(&self) -> Arc<dyn Engine> {
        Arc::clone(&self.parts.read().unwrap_or_else(PoisonError::into_inner).engine)
    }

    /// The store.
    pub fn store(&self) -> &Store {
        &self.store
    }
}
