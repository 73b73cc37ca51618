//! Negotiated sets that nobody keeps: held in memory until they expire, within bounds.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use actix_web::web::Bytes;

use super::aged::Aged;
use super::clock::{Clock, Moment};
use crate::config::Limits;

/// What a set takes beside its text, in bytes: its id in two places.
const AROUND_BYTES: usize = 512;
/// How many ids are remembered whose sets have expired.
const EXPIRED: usize = 10_000;

/// The negotiated sets that are held in memory.
pub struct HeldNegotiations {
    clock: Arc<dyn Clock>,
    limit: usize,
    limit_bytes: usize,
    life: Duration,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    bytes: usize,
    sets: Aged<Set>,
    expired: Aged<()>,
}

struct Set {
    until: Moment,
    text: Bytes,
}

/// What is held under an id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Held {
    /// This set, until this moment.
    Here(Bytes, Moment),
    /// Nothing any more.
    Expired,
    /// Nothing that is remembered.
    Unknown,
}

impl HeldNegotiations {
    /// None yet, within the bounds of the settings.
    pub fn new(limits: &Limits, clock: Arc<dyn Clock>) -> HeldNegotiations {
        HeldNegotiations {
            clock,
            limit: limits.cached_negotiations,
            limit_bytes: limits.cached_negotiation_bytes,
            life: Duration::from_secs(limits.cached_negotiation_seconds),
            state: Mutex::default(),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Until when a set that is put now is held at the longest.
    pub fn until(&self) -> Moment {
        Moment::after(self.clock.now(), self.life)
    }

    /// Holds a set until a moment. Where there is too much the oldest expire, at last this one.
    pub fn put(&self, id: &str, text: Bytes, until: Moment) {
        let now = self.clock.now();
        let mut state = self.state();
        state.remove(id);
        state.expired.remove(id);
        state.bytes += text.len() + AROUND_BYTES;
        state.sets.put(id, Set { until, text });
        state.expire_oldest(now, self.limit, self.limit_bytes);
    }

    /// What is held under an id.
    pub fn find(&self, id: &str) -> Held {
        let now = self.clock.now();
        let mut state = self.state();
        match state.sets.get(id) {
            Some(set) if set.until.has_come(now) => {
                state.expire(id);
                Held::Expired
            }
            Some(set) => Held::Here(set.text.clone(), set.until),
            None if state.expired.get(id).is_some() => Held::Expired,
            None => Held::Unknown,
        }
    }

    /// Forgets an id. Whether there was a set that had not expired.
    pub fn forget(&self, id: &str) -> bool {
        let was_here = matches!(self.find(id), Held::Here(..));
        let mut state = self.state();
        state.remove(id);
        state.expired.remove(id);
        was_here
    }

    /// How many sets are held, and how many bytes they take, once those have gone whose time has come.
    pub fn load(&self) -> (usize, usize) {
        let mut state = self.state();
        state.expire_oldest(self.clock.now(), self.limit, self.limit_bytes);
        (state.sets.count(), state.bytes)
    }
}

impl State {
    fn remove(&mut self, id: &str) {
        if let Some(set) = self.sets.remove(id) {
            self.bytes -= set.text.len() + AROUND_BYTES;
        }
    }

    /// Those that have to go expire, the oldest first: their time has come, or there are too many.
    fn expire_oldest(&mut self, now: Duration, limit: usize, limit_bytes: usize) {
        while let Some((oldest, set)) = self.sets.oldest()
            && (set.until.has_come(now) || self.sets.count() > limit || self.bytes > limit_bytes)
        {
            let oldest = oldest.to_owned();
            self.expire(&oldest);
        }
    }

    fn expire(&mut self, id: &str) {
        self.remove(id);
        self.expired.put(id, ());
        while self.expired.count() > EXPIRED
            && let Some((oldest, ())) = self.expired.oldest()
        {
            let oldest = oldest.to_owned();
            self.expired.remove(&oldest);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU64, Ordering};

    use super::*;

    #[derive(Default)]
    struct Hand(AtomicU64);

    impl Clock for Hand {
        fn now(&self) -> Duration {
            Duration::from_secs(self.0.load(Ordering::Relaxed))
        }
    }

    fn held(count: usize, bytes: usize) -> (HeldNegotiations, Arc<Hand>) {
        let hand = Arc::new(Hand::default());
        let limits = Limits {
            cached_negotiations: count,
            cached_negotiation_bytes: bytes,
            cached_negotiation_seconds: 60,
            ..Limits::default()
        };
        (HeldNegotiations::new(&limits, Arc::clone(&hand) as Arc<dyn Clock>), hand)
    }

    fn put(held: &HeldNegotiations, id: &str, bytes: usize) {
        held.put(id, Bytes::from(vec![b'x'; bytes]), held.until());
    }

    fn is_here(held: &HeldNegotiations, id: &str) -> bool {
        matches!(held.find(id), Held::Here(..))
    }

    #[test]
    fn sets_expire_by_the_clock() {
        let (held, hand) = held(9, 1 << 20);
        put(&held, "a", 1);
        assert_eq!(held.until().to_string(), "1970-01-01T00:01:00Z");
        hand.0.store(59, Ordering::Relaxed);
        assert!(is_here(&held, "a"));
        put(&held, "b", 1);
        hand.0.store(60, Ordering::Relaxed);
        assert_eq!((held.find("a"), held.find("c")), (Held::Expired, Held::Unknown));
        assert!(is_here(&held, "b") && held.load() == (1, 1 + AROUND_BYTES));
        put(&held, "a", 1);
        assert!(is_here(&held, "a") && held.forget("a") && !held.forget("a"));
        assert_eq!(held.find("a"), Held::Unknown);
    }

    #[test]
    fn the_oldest_expire_where_there_is_too_much() {
        let (held, _) = held(3, 10 * AROUND_BYTES);
        for id in ["a", "b", "c", "d"] {
            put(&held, id, 0);
        }
        assert_eq!(held.find("a"), Held::Expired);
        put(&held, "e", 9 * AROUND_BYTES);
        assert!(is_here(&held, "e") && held.load() == (1, 10 * AROUND_BYTES));
        put(&held, "f", 9 * AROUND_BYTES + 1);
        assert_eq!((held.find("e"), held.find("f"), held.load()), (Held::Expired, Held::Expired, (0, 0)));
    }

    #[test]
    fn what_is_remembered_of_expired_sets_is_bounded() {
        let (held, _) = held(0, 1 << 20);
        for i in 0..EXPIRED + 5 {
            put(&held, &i.to_string(), 1);
        }
        assert_eq!((held.find("4"), held.find("5"), held.load()), (Held::Unknown, Held::Expired, (0, 0)));
        assert_eq!(held.state().expired.count(), EXPIRED);
    }
}
