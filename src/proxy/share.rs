//! The bytes that all requests together may hold.

use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::refused::Refused;

/// What they are counted in, in bytes.
const UNIT: usize = 1 << 10;

/// A share of the bytes that may be held at once; given back when it is dropped.
#[derive(Debug)]
pub(super) struct Share {
    all: Arc<Semaphore>,
    held: Option<OwnedSemaphorePermit>,
    bytes: usize,
}

impl Share {
    /// All that may be held.
    pub fn all(bytes: usize) -> Arc<Semaphore> {
        Arc::new(Semaphore::new((bytes / UNIT).min(Semaphore::MAX_PERMITS)))
    }

    /// Nothing of it yet.
    pub fn of(all: &Arc<Semaphore>) -> Share {
        Share { all: Arc::clone(all), held: None, bytes: 0 }
    }

    /// So many bytes more.
    ///
    /// # Errors
    /// 503 where they are used up.
    pub fn grow(&mut self, bytes: usize) -> Result<(), Refused> {
        self.bytes = self.bytes.saturating_add(bytes);
        let units = self.bytes.div_ceil(UNIT).saturating_sub(self.held.as_ref().map_or(0, |p| p.num_permits()));
        let units = u32::try_from(units).map_err(|_| Refused::busy())?;
        let more = Arc::clone(&self.all).try_acquire_many_owned(units).map_err(|_| Refused::busy())?;
        match &mut self.held {
            Some(held) => held.merge(more),
            None => self.held = Some(more),
        }
        Ok(())
    }
}
