//! Whether the service is being stopped.

use std::sync::{Condvar, Mutex, PoisonError};

/// Whether the service is being stopped; once it is, it stays so.
#[derive(Debug, Default)]
pub struct Stopping {
    begun: Mutex<bool>,
    told: Condvar,
}

impl Stopping {
    /// Begins to stop it.
    pub fn begin(&self) {
        *self.begun.lock().unwrap_or_else(PoisonError::into_inner) = true;
        self.told.notify_all();
    }

    /// Whether it has begun.
    pub fn has_begun(&self) -> bool {
        *self.begun.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until it begins.
    pub fn wait(&self) {
        let begun = self.begun.lock().unwrap_or_else(PoisonError::into_inner);
        let _begun = self.told.wait_while(begun, |begun| !*begun).unwrap_or_else(PoisonError::into_inner);
    }
}
