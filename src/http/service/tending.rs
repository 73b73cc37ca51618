//! Keeps the store filled: at the start, and again whenever its cache failed, by a full disk for example.

use std::sync::{PoisonError, Weak};
use std::thread::sleep;
use std::time::{Duration, Instant};

use super::{FillError, Service};
use crate::http::Fault;
use crate::store::Counts;

/// How often the store is looked at.
const TICK: Duration = Duration::from_millis(250);
/// After a failure the store is not filled again before this time.
const PAUSE: Duration = Duration::from_secs(2);
/// After further failures it takes twice as long each time, up to this.
const PAUSE_LIMIT: Duration = Duration::from_secs(120);
/// After a full disk the store is not filled again before so many bytes more are free, where the system tells.
const ROOM_BYTES: u64 = 1 << 20;

/// A failure to fill the store, and when to try again.
struct Failure {
    at: Instant,
    pause: Duration,
    /// How much was free when the disk was full, what was filled in having been given back.
    free_bytes: Option<u64>,
}

/// Fills the store, and fills it again when its cache failed, as long as there is a service.
pub(in crate::http) fn tend(service: &Weak<Service>) {
    let mut failure: Option<Failure> = None;
    loop {
        let Some(service) = service.upgrade() else { return };
        if !service.is_filled() && failure.as_ref().is_none_or(|f| f.is_over(&service)) {
            let started = Instant::now();
            failure = match service.fill_anew() {
                Ok(()) => {
                    tracing::info!(ms = started.elapsed().as_millis() as u64, "ready");
                    None
                }
                Err(error) => Some(Failure::of(&service, error, failure)),
            };
        }
        service.count();
        drop(service);
        sleep(TICK);
    }
}

impl Failure {
    /// Notes a failure for requests, and gives the room of what was filled in back to the disk.
    fn of(service: &Service, error: FillError, last: Option<Failure>) -> Failure {
        tracing::error!(%error, "the store cannot be filled; definitions are not served until it is");
        let (is_full, is_disk_full) = match &error {
            FillError::Store(error) => (error.is_full(), error.is_disk_full()),
            FillError::App(_) => (false, false),
        };
        let fault = match error {
            FillError::Store(error) => Fault::from(error),
            FillError::App(_) => Fault::internal("a package cannot be read; see the log of the service"),
        };
        *service.trouble.lock().unwrap_or_else(PoisonError::into_inner) = Some(fault);
        if is_full {
            service.give_back();
        }
        Failure {
            at: Instant::now(),
            pause: last.map_or(PAUSE, |last| (last.pause * 2).min(PAUSE_LIMIT)),
            free_bytes: if is_disk_full { service.store.free_bytes() } else { None },
        }
    }

    fn is_over(&self, service: &Service) -> bool {
        let has_room = match (self.free_bytes, service.store.free_bytes()) {
            (Some(then), Some(now)) => now >= then.saturating_add(ROOM_BYTES),
            _ => self.at.elapsed() >= self.pause,
        };
        // The room that lacked may not be that of bytes.
        (has_room && self.at.elapsed() >= PAUSE) || self.at.elapsed() >= PAUSE_LIMIT
    }
}

impl Service {
    /// Why the catalogue cannot be had; `None` where it can, or nothing is known yet.
    pub(in crate::http) fn trouble_now(&self) -> Option<Fault> {
        self.trouble.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Gives the room that the cache takes back to the disk, unless it was filled in the meantime.
    fn give_back(&self) {
        let _one = self.filling.lock().unwrap_or_else(PoisonError::into_inner);
        if !self.is_filled()
            && let Err(error) = self.store.renew_cache()
        {
            tracing::warn!(%error, "the cache cannot be begun anew yet");
        }
    }

    /// What the store held when it was last looked at; never waits for the disk.
    pub(in crate::http) fn counts_now(&self) -> Counts {
        *self.counts.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn count(&self) {
        let counts = self.store.counts();
        *self.counts.lock().unwrap_or_else(PoisonError::into_inner) = counts;
    }

    fn is_filled(&self) -> bool {
        self.catalogue_now().is_some() && !self.store.is_cache_failed()
    }

    /// Fills the store, whose cache is begun anew where it failed.
    fn fill_anew(&self) -> Result<(), FillError> {
        let _one = self.filling.lock().unwrap_or_else(PoisonError::into_inner);
        if self.store.is_cache_failed() {
            self.catalogue.send_replace(None);
            self.store.renew_cache()?;
        }
        self.take_alone(self.parts())?;
        *self.trouble.lock().unwrap_or_else(PoisonError::into_inner) = None;
        Ok(())
    }
}
