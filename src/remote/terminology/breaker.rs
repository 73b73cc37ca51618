//! A circuit breaker: a server that fails again and again is left alone for a while.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// When a server is left alone, and for how long.
#[derive(Clone, Copy, Debug)]
pub struct Fuse {
    /// So many failures in a row open the breaker.
    pub failures: u32,
    /// So long no request is made then.
    pub rest: Duration,
}

impl Default for Fuse {
    fn default() -> Fuse {
        Fuse { failures: 3, rest: Duration::from_secs(30) }
    }
}

#[derive(Debug, Default)]
struct State {
    failures: u32,
    open_until: Option<Instant>,
    why: String,
}

/// The breaker of one server; shared by threads.
#[derive(Debug)]
pub(super) struct Breaker {
    fuse: Fuse,
    state: Mutex<State>,
}

impl Breaker {
    pub fn new(fuse: Fuse) -> Breaker {
        Breaker { fuse, state: Mutex::default() }
    }

    /// Whether a request may be made.
    ///
    /// # Errors
    /// Why it may not: the last failure.
    pub fn check(&self) -> Result<(), String> {
        let state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        match state.open_until {
            Some(until) if Instant::now() < until => Err(state.why.clone()),
            _ => Ok(()),
        }
    }

    pub fn succeeded(&self) {
        *self.state.lock().unwrap_or_else(PoisonError::into_inner) = State::default();
    }

    /// Counts a failure; one that was slow opens the breaker by itself.
    pub fn failed(&self, why: &str, slow: bool) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.failures = state.failures.saturating_add(1);
        if slow || state.failures >= self.fuse.failures {
            state.open_until = Some(Instant::now() + self.fuse.rest);
            why.clone_into(&mut state.why);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn opens_after_failures_in_a_row_and_closes_with_a_success() {
        let breaker = Breaker::new(Fuse { failures: 2, rest: Duration::from_millis(30) });
        breaker.failed("a", false);
        breaker.succeeded();
        breaker.failed("b", false);
        assert!(breaker.check().is_ok(), "one failure after a success");
        breaker.failed("c", false);
        assert_eq!(breaker.check().unwrap_err(), "c");
        std::thread::sleep(Duration::from_millis(40));
        assert!(breaker.check().is_ok(), "it may be tried again");
        breaker.failed("d", false);
        assert_eq!(breaker.check().unwrap_err(), "d", "one more failure opens it again");
        let breaker = Breaker::new(Fuse::default());
        breaker.failed("slow", true);
        assert!(breaker.check().is_err());
    }
}
