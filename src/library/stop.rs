//! Work that a caller ends.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use fhir_accord_profiles::interrupt::{Interrupt, Signal};

/// Ends work once it is told to; what was not examined by then is open.
#[derive(Clone, Debug, Default)]
pub struct Stop(Arc<AtomicBool>);

impl Stop {
    /// Ends the work.
    pub fn now(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// Whether it was told to.
    pub fn is_told(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }

    /// What breaks off the engine's work.
    pub fn interrupt(&self) -> Interrupt {
        Interrupt::by(Arc::new(self.clone()))
    }
}

impl Signal for Stop {
    fn is_raised(&self) -> bool {
        self.is_told()
    }
}
