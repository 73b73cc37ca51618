//! The end of a piece of work: its time is up, or nobody waits for it any longer.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use fhir_accord_profiles::interrupt::{Interrupt, Signal};

/// Tells a piece of work when to break off.
#[derive(Debug)]
pub struct Clock {
    end: Option<Instant>,
    given_up: AtomicBool,
    told: AtomicBool,
}

impl Clock {
    /// A clock that tells so from `end` on; `None`: only when it is given up.
    pub fn until(end: Option<Instant>) -> Arc<Clock> {
        Arc::new(Clock { end, given_up: AtomicBool::new(false), told: AtomicBool::new(false) })
    }

    /// The interrupt of work by this clock.
    pub fn interrupt(self: &Arc<Clock>) -> Interrupt {
        Interrupt::by(Arc::clone(self) as Arc<dyn Signal>)
    }

    /// Whether work asked and was told to break off.
    pub fn has_told(&self) -> bool {
        self.told.load(Ordering::Relaxed)
    }
}

impl Signal for Clock {
    fn is_raised(&self) -> bool {
        let over = self.given_up.load(Ordering::Relaxed) || self.end.is_some_and(|end| Instant::now() >= end);
        if over {
            self.told.store(true, Ordering::Relaxed);
        }
        over
    }
}

/// Gives the work of a clock up when it is dropped: so does a request whose client has left.
pub struct Waiting(pub Arc<Clock>);

impl Drop for Waiting {
    fn drop(&mut self) {
        self.0.given_up.store(true, Ordering::Relaxed);
    }
}
