//! What all requests share: the engine, the catalogue of its packages, the store, the bounds.

use std::path::PathBuf;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use fhir_accord_profiles::registry::PackageGraph;
use rustc_hash::FxHashMap;
use tokio::sync::watch;

use super::Fault;
use super::body::Budget;
use super::ports::{Engine, Loader, Negotiator};
use super::work::Pool;
use crate::app::AppError;
use crate::config::Config;
use crate::store::{NewDefinition, Store, StoreError};

/// One loaded package, as `GET /packages` tells it.
#[derive(Clone, Debug)]
pub struct Loaded {
    pub id: String,
    pub version: String,
    pub fhir_version: Option<&'static str>,
    pub sha256: String,
    pub definitions: usize,
    pub dependencies: Vec<String>,
    /// Dependencies (`id#range`) that are not here.
    pub absent: Vec<String>,
    pub uploaded: bool,
}

/// The loaded packages, complete in the store.
#[derive(Debug, Default)]
pub struct Catalogue {
    /// In the order of the graph; a package's place here is its index there.
    pub packages: Vec<Loaded>,
    /// `id#version` to the place in the order in which definitions are looked for.
    rank: FxHashMap<String, usize>,
}

impl Catalogue {
    fn of(graph: &PackageGraph, uploads: &[String]) -> Catalogue {
        let packages = graph.packages().iter().enumerate().map(|(i, p)| Loaded {
            id: p.id.clone(),
            version: p.version.clone(),
            fhir_version: p.fhir_version.map(|v| v.number()),
            sha256: p.sha256.clone(),
            definitions: p.definitions.len(),
            dependencies: p.dependencies.iter().map(|(id, range)| format!("{id}#{range}")).collect(),
            absent: graph.absent(i).to_vec(),
            uploaded: uploads.contains(&p.sha256),
        });
        let rank = graph.links().order(None).into_iter().enumerate().filter_map(|(rank, i)| Some((graph.packages().get(i)?.name(), rank))).collect();
        Catalogue { packages: packages.collect(), rank }
    }

    /// The place of a package (`id#version`) in the order of search; `None` where it is not loaded.
    pub fn rank(&self, package: &str) -> Option<usize> {
        self.rank.get(package).copied()
    }

    /// The index of a package (`id#version`) in the graph.
    pub fn index(&self, package: &str) -> Option<usize> {
        let (id, version) = package.split_once('#')?;
        self.packages.iter().position(|p| p.id == id && p.version == version)
    }
}

/// The state of the service, shared by its workers.
pub struct Service {
    engine: RwLock<Arc<dyn Engine>>,
    catalogue: watch::Sender<Option<Arc<Catalogue>>>,
    pub(super) store: Store,
    pub(super) loader: Box<dyn Loader>,
    pub(super) negotiator: Box<dyn Negotiator>,
    pub(super) config: Config,
    pub(super) pool: Pool,
    pub(super) budget: Arc<Budget>,
    /// Held by the upload that is being taken.
    pub(super) uploading: tokio::sync::Mutex<()>,
}

impl Service {
    /// Loads the engine with the uploads that the store remembers. The catalogue comes later, by [`Service::fill`].
    ///
    /// # Errors
    /// [`AppError`] where the packages that were asked for cannot be loaded. Uploads that cannot be loaded are left
    /// out with a warning in the log.
    pub fn open(config: Config, store: Store, loader: Box<dyn Loader>, negotiator: Box<dyn Negotiator>) -> Result<Arc<Service>, AppError> {
        let uploads = store.uploads().map_err(|e| AppError::File(e.to_string()))?;
        let paths: Vec<PathBuf> = uploads.iter().map(|u| u.path.clone()).collect();
        let engine = match loader.load(&paths) {
            Err(error) if !paths.is_empty() => {
                let names: Vec<&str> = uploads.iter().map(|u| if u.name.is_empty() { u.sha256.as_str() } else { u.name.as_str() }).collect();
                tracing::error!(%error, uploads = names.join(", "), "the uploaded packages cannot be loaded and are left out; they are kept");
                loader.load(&[])?
            }
            other => other?,
        };
        let threads = std::thread::available_parallelism().map_or(1, |n| n.get());
        let limits = &config.limits;
        Ok(Arc::new(Service {
            engine: RwLock::new(engine),
            catalogue: watch::Sender::new(None),
            store,
            loader,
            negotiator,
            pool: Pool::new(threads, limits.queue, Duration::from_millis(limits.work_timeout_ms)),
            budget: Budget::new(limits.all_bodies_bytes),
            uploading: tokio::sync::Mutex::new(()),
            config,
        }))
    }

    /// The engine as it is now.
    pub fn engine(&self) -> Arc<dyn Engine> {
        Arc::clone(&self.engine.read().unwrap_or_else(PoisonError::into_inner))
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
        let ready = tokio::time::timeout(Duration::from_millis(self.config.limits.work_timeout_ms), receiver.wait_for(Option::is_some)).await;
        let found = ready.ok().and_then(|r| r.ok().and_then(|c| c.clone()));
        found.ok_or_else(|| Fault::busy("the definitions are still being loaded; try again"))
    }

    /// Brings the store up to date with the packages of the engine, and opens the catalogue. Slow the first time.
    ///
    /// # Errors
    /// [`StoreError`] where the store fails.
    pub fn fill(&self) -> Result<(), StoreError> {
        self.take(self.engine())
    }

    /// Makes `engine` the one that serves, once the store holds its definitions.
    pub(super) fn take(&self, engine: Arc<dyn Engine>) -> Result<(), StoreError> {
        let graph = engine.graph();
        let mut uploads = Vec::new();
        for upload in self.store.uploads()? {
            if upload.name.is_empty()
                && let Some(package) = graph.packages().iter().find(|p| p.sha256 == upload.sha256)
            {
                self.store.keep_upload(&upload.sha256, &package.name())?;
            }
            uploads.push(upload.sha256);
        }
        for package in graph.packages() {
            let name = package.name();
            if self.store.is_filled(&name, &package.sha256)? {
                continue;
            }
            let definitions = package.definitions.iter().map(|d| NewDefinition {
                resource_type: &d.resource_type,
                id: &d.id,
                url: &d.url,
                version: d.version.as_deref().unwrap_or_default(),
                file: &d.file,
                text: d.text(),
            });
            let count = self.store.fill(&name, &package.sha256, definitions)?;
            tracing::debug!(package = name, count, "definitions stored");
        }
        let catalogue = Catalogue::of(graph, &uploads);
        *self.engine.write().unwrap_or_else(PoisonError::into_inner) = engine;
        self.catalogue.send_replace(Some(Arc::new(catalogue)));
        Ok(())
    }
}
