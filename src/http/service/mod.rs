//! What all requests share: the engine, the catalogue of its packages, the store, the bounds.

mod aged;
mod catalogue;
mod clock;
mod definitions;
mod desk;
mod filling;
mod held;
mod removing;
mod stopping;
mod tending;

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::Duration;

use tokio::sync::watch;

use super::Fault;
use super::body::Budget;
use super::metrics::Metrics;
use super::work::Pool;
use crate::app::{AppError, Engine, Loader, Parts};
use crate::config::{Config, Telemetry};
use crate::remote::otlp::Collector;
use crate::store::{Bounds, Counts, Store, Upload};
use crate::telemetry::Tracer;
pub use catalogue::{Catalogue, FAULTS, Loaded};
pub use clock::{Clock, Moment, SystemClock};
pub(in crate::http) use desk::{Desk, parsed, unless_damaged};
pub use filling::FillError;
pub use held::{Held, HeldNegotiations};
pub use stopping::Stopping;
pub(super) use tending::tend;

/// How many comparisons of profiles run at once.
const COMPARING: usize = 1;
/// How many negotiations and scope requests with large bodies run at once.
const LARGE: usize = 1;

/// The state of the service, shared by its workers.
pub struct Service {
    parts: RwLock<Parts>,
    catalogue: watch::Sender<Option<Arc<Catalogue>>>,
    /// Held while the store is filled.
    filling: Mutex<()>,
    /// Why the catalogue cannot be had, where the store could not be filled.
    trouble: Mutex<Option<Fault>>,
    /// What the store held when it was last looked at.
    counts: Mutex<Counts>,
    pub(super) store: Store,
    pub(super) loader: Box<dyn Loader>,
    pub(super) config: Config,
    pub(super) pool: Pool,
    /// For large instances: they never keep small ones waiting.
    pub(super) bulk: Pool,
    /// For comparisons of profiles, which can take long: they never keep validations from running.
    pub(super) comparing: Pool,
    /// For negotiations, which may have to open packages first: they never keep validations and scopes waiting.
    pub(super) negotiating: Pool,
    /// For bodies that are not FHIR and large, and what is asked with them: they never keep small ones waiting.
    pub(super) large: Pool,
    pub(super) budget: Arc<Budget>,
    pub(super) metrics: Metrics,
    /// Who takes spans, where the settings say where they go.
    pub(super) tracer: Option<Arc<Tracer>>,
    /// Negotiated sets that are held until they expire.
    pub(super) held: HeldNegotiations,
    /// Parties, and the negotiations between them.
    pub(super) parties: Desk,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) stopping: Arc<Stopping>,
    /// Held by the upload that is being taken, or the deletion.
    pub(super) uploading: Arc<tokio::sync::Mutex<()>>,
}

impl Service {
    /// Loads the engine with the uploads that the store remembers. The catalogue comes later, by [`Service::fill`].
    ///
    /// # Errors
    /// [`AppError`] where the packages that were asked for cannot be loaded. Uploads that cannot be loaded are left
    /// out with an error in the log.
    pub fn open(config: Config, store: Store, loader: Box<dyn Loader>) -> Result<Arc<Service>, AppError> {
        Service::open_at(config, store, loader, Arc::new(SystemClock))
    }

    /// The same by another clock.
    ///
    /// # Errors
    /// As [`Service::open`].
    pub fn open_at(
        config: Config,
        store: Store,
        loader: Box<dyn Loader>,
        clock: Arc<dyn Clock>,
    ) -> Result<Arc<Service>, AppError> {
        bound(&store, &config);
        let uploads = store.uploads();
        let paths: Vec<PathBuf> = uploads.iter().map(|u| u.path.clone()).collect();
        let parts = match loader.load(&paths) {
            Err(_) if !paths.is_empty() => load_fit(&*loader, &uploads)?,
            other => other?,
        };
        let parties = Desk::open(&store, &config, clock.now().as_secs()).map_err(AppError::Server)?;
        let threads = std::thread::available_parallelism().map_or(1, |n| n.get());
        let limits = &config.limits;
        let pool = |threads| Pool::new(threads, limits.queue, Duration::from_millis(limits.work_timeout_ms));
        Ok(Arc::new(Service {
            parts: RwLock::new(parts),
            catalogue: watch::Sender::new(None),
            filling: Mutex::default(),
            trouble: Mutex::default(),
            counts: Mutex::new(store.counts()),
            store,
            loader,
            pool: pool(threads),
            bulk: pool(threads),
            comparing: pool(COMPARING),
            negotiating: pool(threads),
            large: pool(LARGE),
            budget: Budget::new(limits.all_bodies_bytes),
            metrics: Metrics::new(),
            tracer: config.telemetry.as_ref().map(tracer).transpose().map_err(AppError::Server)?,
            held: HeldNegotiations::new(&config.limits, Arc::clone(&clock)),
            parties,
            clock,
            stopping: Arc::default(),
            uploading: Arc::default(),
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

    /// The pools, by name.
    pub(super) fn lanes(&self) -> [(&'static str, &Pool); 5] {
        [
            ("small", &self.pool),
            ("bulk", &self.bulk),
            ("negotiating", &self.negotiating),
            ("comparing", &self.comparing),
            ("large", &self.large),
        ]
    }

    /// Whether it takes requests: the store holds the definitions, and it is not being stopped.
    pub fn is_ready(&self) -> bool {
        self.catalogue_now().is_some() && !self.stopping.has_begun()
    }

    /// The settings in force.
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// Whether it is being stopped.
    pub fn stopping(&self) -> &Arc<Stopping> {
        &self.stopping
    }

    /// The store.
    pub fn store(&self) -> &Store {
        &self.store
    }
}

/// Who hands spans to the collector of the settings.
fn tracer(settings: &Telemetry) -> Result<Arc<Tracer>, String> {
    let Telemetry { endpoint, headers, timeout, delay, resource, sampler } = settings;
    let collector = Collector::new(endpoint, headers, *timeout)?;
    let started = Tracer::start(Box::new(collector), resource.clone(), *sampler, *delay);
    started.map_err(|e| format!("spans cannot be exported: {e}"))
}

/// Sets the bounds of the store, and tells where it is beyond them already.
fn bound(store: &Store, config: &Config) {
    let limits = &config.limits;
    store.bound_negotiations(Bounds { sets: limits.kept_negotiations, bytes: limits.kept_negotiation_bytes });
    let kept = store.counts().negotiations;
    if kept >= limits.kept_negotiations.max(1) {
        let limit = limits.kept_negotiations;
        tracing::warn!(kept, limit, "no more negotiations are kept until some are deleted (limits.keptNegotiations)");
    }
}

/// Loads the uploads without those that cannot be loaded along with the others: they are kept, but not used.
fn load_fit(loader: &dyn Loader, uploads: &[Upload]) -> Result<Parts, AppError> {
    let mut fit: Vec<PathBuf> = Vec::new();
    for upload in uploads {
        fit.push(upload.path.clone());
        if let Err(error) = loader.load(&fit) {
            let name = if upload.name.is_empty() { &upload.sha256 } else { &upload.name };
            tracing::error!(%error, name, "an uploaded package could not be loaded; it is kept, but not used");
            fit.pop();
        }
    }
    loader.load(&fit)
}
