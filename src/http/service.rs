//! What all requests share: the engine, the catalogue of its packages, the store, the bounds.

use std::path::PathBuf;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use rustc_hash::FxHashMap;
use tokio::sync::watch;

use super::Fault;
use super::body::Budget;
use super::work::Pool;
use crate::app::{AppError, Engine, Loader, Parts};
use crate::config::Config;
use crate::packages::Resolution;
use crate::packages::reading::Limits;
use crate::store::{NewDefinition, Store};

/// How many comparisons of profiles run at once.
const COMPARING: usize = 1;

/// One loaded package, as `GET /packages` shows it.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// The package id.
    pub id: String,
    /// Its version.
    pub version: String,
    /// The FHIR version number, for example `4.0.1`; `None` where the package does not say it.
    pub fhir_version: Option<&'static str>,
    /// Of the archive, or of the files of a folder.
    pub sha256: String,
    /// Its dependencies as declared, `id#range`.
    pub dependencies: Vec<String>,
    /// Dependencies (`id#range`) that are not here.
    pub absent: Vec<String>,
    /// Whether it was uploaded to this service.
    pub uploaded: bool,
}

/// The loaded packages, complete in the store.
#[derive(Debug, Default)]
pub struct Catalogue {
    /// First those asked for, then those they depend on.
    pub packages: Vec<Loaded>,
    /// `id#version` to the place in the order in which definitions are looked for.
    rank: FxHashMap<String, usize>,
}

impl Catalogue {
    fn of(set: &Resolution, uploads: &[String]) -> Catalogue {
        let packages = set.packages.iter().zip(&set.absent).map(|(p, absent)| Loaded {
            id: p.manifest.id.clone(),
            version: p.manifest.version.clone(),
            fhir_version: p.manifest.fhir_version.map(|v| v.number()),
            sha256: p.sha256.clone(),
            dependencies: p.manifest.dependencies.iter().map(|(id, range)| format!("{id}#{range}")).collect(),
            absent: absent.clone(),
            uploaded: uploads.contains(&p.sha256),
        });
        let order = set.links().order(None);
        let rank =
            order.into_iter().enumerate().filter_map(|(rank, i)| Some((set.packages.get(i)?.name(), rank))).collect();
        Catalogue { packages: packages.collect(), rank }
    }

    /// The place of a package (`id#version`) in the order of search; `None` where it is not loaded.
    pub fn rank(&self, package: &str) -> Option<usize> {
        self.rank.get(package).copied()
    }
}

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
        Ok(Arc::new(Service {
            parts: RwLock::new(parts),
            catalogue: watch::Sender::new(None),
            store,
            loader,
            pool: Pool::new(threads, limits.queue, Duration::from_millis(limits.work_timeout_ms)),
            comparing: Pool::new(COMPARING, limits.queue, Duration::from_millis(limits.work_timeout_ms)),
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

    /// The catalogue; `None` as long as the store is being filled.
    pub fn catalogue_now(&self) -> Option<Arc<Catalogue>> {
        self.catalogue.borrow().clone()
    }

    /// The catalogue, waited for.
    ///
    /// # Errors
    /// 503 where it takes too long.
    pub(super) async fn catalogue(&self) -> Result<Arc<Catalogue>, Fault> {
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
    /// [`AppError`] where the store fails or a package does not read.
    pub fn fill(&self) -> Result<(), AppError> {
        self.take(self.parts())
    }

    /// Makes `parts` those that serve, once the store holds their definitions.
    pub(super) fn take(&self, parts: Parts) -> Result<(), AppError> {
        let set = parts.engine.packages();
        let store = |e: crate::store::StoreError| AppError::File(e.to_string());
        let mut uploads = Vec::new();
        for upload in self.store.uploads().map_err(store)? {
            if upload.name.is_empty()
                && let Some(package) = set.packages.iter().find(|p| p.sha256 == upload.sha256)
            {
                self.store.keep_upload(&upload.sha256, &package.name()).map_err(store)?;
            }
            uploads.push(upload.sha256);
        }
        for located in &set.packages {
            let name = located.name();
            if self.store.is_filled(&name, &located.sha256).map_err(store)? {
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
            let count = self.store.fill(&name, &located.sha256, definitions).map_err(store)?;
            tracing::debug!(package = name, count, "definitions stored");
        }
        let catalogue = Catalogue::of(set, &uploads);
        *self.parts.write().unwrap_or_else(PoisonError::into_inner) = parts;
        self.catalogue.send_replace(Some(Arc::new(catalogue)));
        Ok(())
    }
}
