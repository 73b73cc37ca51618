//! The places that are looked for, and what was found at each.

use std::sync::Arc;

use super::level::{Cursor, Level, Spot};

/// The number under which a level is kept once it is closed.
pub(super) type Slot = usize;

/// Places in the order of the text.
pub(super) struct Places {
    /// Each with its place in the order in which they were asked for.
    sorted: Vec<(usize, usize)>,
    next: usize,
    levels: Vec<Option<Arc<Level>>>,
    found: Vec<(Vec<Slot>, Spot)>,
}

impl Places {
    pub fn new(places: &[usize]) -> Places {
        let mut sorted: Vec<(usize, usize)> = places.iter().enumerate().map(|(i, at)| (*at, i)).collect();
        sorted.sort_unstable();
        Places { sorted, next: 0, levels: Vec::new(), found: vec![Default::default(); places.len()] }
    }

    /// The next place, where this holds of it: its byte, and its number.
    pub fn due(&mut self, holds: impl Fn(usize) -> bool) -> Option<(usize, usize)> {
        let next = *self.sorted.get(self.next)?;
        if !holds(next.0) {
            return None;
        }
        self.next += 1;
        Some(next)
    }

    /// A number for a level that holds a place.
    pub fn slot(&mut self) -> Slot {
        self.levels.push(None);
        self.levels.len() - 1
    }

    /// Notes what is at a place, and the levels around it.
    pub fn note(&mut self, number: usize, levels: Vec<Slot>, spot: Spot) {
        if let Some(found) = self.found.get_mut(number) {
            *found = (levels, spot);
        }
    }

    /// Keeps a level that was closed.
    pub fn keep(&mut self, slot: Slot, level: Level) {
        if let Some(kept) = self.levels.get_mut(slot) {
            *kept = Some(Arc::new(level));
        }
    }

    /// What was found, in the order in which it was asked for.
    pub fn finish(self, is_xml: bool) -> Vec<Cursor> {
        let Places { levels, found, .. } = self;
        let cursor = |(slots, spot): (Vec<Slot>, Spot)| {
            let own = slots.iter().filter_map(|s| levels.get(*s)?.clone());
            Cursor { levels: own.collect(), spot, is_xml }
        };
        found.into_iter().map(cursor).collect()
    }
}
