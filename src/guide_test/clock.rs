//! The time that is left for mutants.

use std::time::{Duration, Instant};

/// A moment at which work ends.
#[derive(Clone, Copy, Debug)]
pub(super) struct Clock(Option<Instant>);

impl Clock {
    /// One that ends so long from now.
    pub fn of(time: Duration) -> Clock {
        Clock(Instant::now().checked_add(time))
    }

    /// Whether the time is up.
    pub fn is_up(self) -> bool {
        self.0.is_some_and(|end| Instant::now() >= end)
    }
}
