//! Places for work, shared fairly among clients: no client holds all of them, and those who wait take turns.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rustc_hash::FxHashMap;
use tokio::sync::oneshot;

use crate::http::client::Client;

/// Places for pieces of work.
#[derive(Debug)]
pub struct Places {
    /// How many one client may hold.
    each: usize,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    free: usize,
    held: FxHashMap<Client, usize>,
    waiting: FxHashMap<Client, VecDeque<oneshot::Sender<Place>>>,
    /// Clients with somebody who waits, the next one first.
    turns: VecDeque<Client>,
}

/// A place that is held, until it is dropped.
#[derive(Debug)]
pub struct Place {
    /// `None` once it was given back.
    places: Option<Arc<Places>>,
    client: Client,
}

/// A place, or what it is waited for by.
pub enum Taken {
    /// It is free.
    Now(Place),
    /// It comes when it is the client's turn.
    Later(oneshot::Receiver<Place>),
    /// Too many wait for the client already.
    Full,
}

impl Places {
    /// So many places, of which one client may hold `each`.
    pub fn new(all: usize, each: usize) -> Arc<Places> {
        let state =
            State { free: all, held: FxHashMap::default(), waiting: FxHashMap::default(), turns: VecDeque::new() };
        Arc::new(Places { each, state: Mutex::new(state) })
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A place for a client, or a turn, where no more than `queue` wait for the same client.
    pub fn take(self: &Arc<Places>, client: Client, queue: usize) -> Taken {
        let mut state = self.state();
        if state.free > 0 && state.holds(client) < self.each {
            return Taken::Now(state.give(self, client));
        }
        let (sender, receiver) = oneshot::channel();
        if queue == 0 {
            return Taken::Full;
        }
        let queued = state.waiting.entry(client).or_default();
        if queued.len() >= queue {
            queued.retain(|waiter| !waiter.is_closed());
            if queued.len() >= queue {
                return Taken::Full;
            }
        }
        queued.push_back(sender);
        if queued.len() == 1 && !state.turns.contains(&client) {
            state.turns.push_back(client);
        }
        Taken::Later(receiver)
    }

    /// How many places are held.
    pub fn held(&self) -> usize {
        self.state().held.values().sum()
    }

    /// Gives a place back, and free ones to those whose turn it is.
    fn leave(self: &Arc<Places>, client: Client) {
        let mut state = self.state();
        state.free += 1;
        state.take_back(client);
        let mut passed = 0;
        while state.free > 0 && passed < state.turns.len() {
            let Some(next) = state.turns.pop_front() else { return };
            if state.holds(next) >= self.each {
                state.turns.push_back(next);
                passed += 1;
                continue;
            }
            if state.call(self, next) {
                state.turns.push_back(next);
            }
            passed = 0;
        }
    }
}

impl State {
    fn holds(&self, client: Client) -> usize {
        self.held.get(&client).copied().unwrap_or(0)
    }

    fn give(&mut self, places: &Arc<Places>, client: Client) -> Place {
        self.free -= 1;
        *self.held.entry(client).or_default() += 1;
        Place { places: Some(Arc::clone(places)), client }
    }

    /// A client holds one place less.
    fn take_back(&mut self, client: Client) {
        match self.held.get_mut(&client) {
            Some(held) if *held > 1 => *held -= 1,
            _ => drop(self.held.remove(&client)),
        }
    }

    /// Gives a place to the first of a client's waiters who is still there; whether others of them wait.
    fn call(&mut self, places: &Arc<Places>, client: Client) -> bool {
        while let Some(waiter) = self.waiting.get_mut(&client).and_then(VecDeque::pop_front) {
            let place = self.give(places, client);
            let Err(mut refused) = waiter.send(place) else { break };
            // The lock is held: the place goes back here, not where it is dropped.
            refused.places = None;
            self.free += 1;
            self.take_back(client);
        }
        let others = self.waiting.get(&client).is_some_and(|w| !w.is_empty());
        if !others {
            self.waiting.remove(&client);
        }
        others
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        if let Some(places) = self.places.take() {
            places.leave(self.client);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::net::{IpAddr, Ipv4Addr};

    use super::*;

    fn client(n: u8) -> Client {
        Client::of(IpAddr::V4(Ipv4Addr::new(127, 0, 0, n)))
    }

    fn now(taken: Taken) -> Option<Place> {
        match taken {
            Taken::Now(place) => Some(place),
            Taken::Later(_) | Taken::Full => None,
        }
    }

    fn later(taken: Taken) -> oneshot::Receiver<Place> {
        match taken {
            Taken::Later(receiver) => receiver,
            Taken::Now(_) | Taken::Full => panic!("there was no turn"),
        }
    }

    #[test]
    fn no_client_holds_all() {
        let places = Places::new(3, 2);
        let one = now(places.take(client(1), 9)).unwrap();
        let _two = now(places.take(client(1), 9)).unwrap();
        let mut third = later(places.take(client(1), 9));
        let other = now(places.take(client(2), 9)).unwrap();
        drop(other);
        assert!(third.try_recv().is_err(), "a free place is not for who holds enough");
        drop(one);
        assert!(third.try_recv().is_ok());
    }

    #[test]
    fn those_who_wait_take_turns() {
        let places = Places::new(1, 1);
        let mut held = now(places.take(client(1), 9)).unwrap();
        let mut many: Vec<_> = (0..3).map(|_| later(places.take(client(1), 9))).collect();
        let mut other = later(places.take(client(2), 9));
        let mut order = Vec::new();
        for _ in 0..4 {
            drop(held);
            held = match other.try_recv() {
                Ok(place) => {
                    order.push(2);
                    place
                }
                Err(_) => {
                    order.push(1);
                    many.remove(0).try_recv().unwrap()
                }
            };
        }
        assert_eq!(order, [1, 2, 1, 1]);
        drop(held);
        assert!((places.held(), now(places.take(client(3), 9)).is_some()) == (0, true));
    }

    #[test]
    fn who_has_left_takes_no_place() {
        let places = Places::new(1, 1);
        let held = now(places.take(client(1), 9)).unwrap();
        for _ in 0..1000 {
            drop(later(places.take(client(2), 9)));
        }
        assert!(places.state().waiting.values().map(VecDeque::len).sum::<usize>() <= 9);
        let many: Vec<_> = (0..9).map(|_| later(places.take(client(3), 9))).collect();
        assert!(matches!(places.take(client(3), 9), Taken::Full));
        drop(many);
        let mut last = later(places.take(client(2), 9));
        drop(held);
        assert!(last.try_recv().is_ok());
    }
}
