//! Which negotiated sets are kept: the newest, up to a number of them and of bytes.

use std::collections::BTreeMap;

/// How many negotiated sets are kept; the oldest goes first.
pub const KEPT_LIMIT: usize = 10_000;
/// How many bytes they may have together, as they are stored; the oldest goes first.
pub const KEPT_BYTES: usize = 128 << 20;

/// Where a set is stored.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Place {
    /// The first byte in a file, or a number.
    pub at: u64,
    /// How many bytes it takes.
    pub bytes: u64,
}

/// The sets that are kept, by age.
#[derive(Clone, Debug)]
pub(super) struct Kept {
    limit: usize,
    limit_bytes: u64,
    next: u64,
    bytes: u64,
    /// Age and place of each.
    sets: BTreeMap<String, (u64, Place)>,
    by_age: BTreeMap<u64, String>,
}

impl Default for Kept {
    fn default() -> Kept {
        Kept::within(KEPT_LIMIT, KEPT_BYTES)
    }
}

impl Kept {
    /// Nothing yet, within these bounds.
    pub(super) fn within(limit: usize, limit_bytes: usize) -> Kept {
        let limit_bytes = limit_bytes as u64;
        Kept { limit, limit_bytes, next: 0, bytes: 0, sets: BTreeMap::new(), by_age: BTreeMap::new() }
    }

    /// Nothing yet, within the same bounds.
    pub(super) fn emptied(&self) -> Kept {
        Kept { next: 0, bytes: 0, sets: BTreeMap::new(), by_age: BTreeMap::new(), ..*self }
    }

    /// Adds a set as the newest one; returns the places of those that have to go: an older one of the same id, and the
    /// oldest. A set alone is kept, whatever its size.
    pub(super) fn add(&mut self, id: &str, place: Place) -> Vec<Place> {
        let mut gone: Vec<Place> = self.remove(id).into_iter().collect();
        self.sets.insert(id.to_owned(), (self.next, place));
        self.by_age.insert(self.next, id.to_owned());
        self.next += 1;
        self.bytes += place.bytes;
        while self.sets.len() > 1 && (self.sets.len() > self.limit || self.bytes > self.limit_bytes) {
            let Some((_, oldest)) = self.by_age.first_key_value() else { break };
            let oldest = oldest.clone();
            gone.extend(self.remove(&oldest));
        }
        gone
    }

    fn remove(&mut self, id: &str) -> Option<Place> {
        let (age, place) = self.sets.remove(id)?;
        self.by_age.remove(&age);
        self.bytes -= place.bytes;
        Some(place)
    }

    /// Where a set is; `None` where it is not kept.
    pub(super) fn place(&self, id: &str) -> Option<Place> {
        self.sets.get(id).map(|(_, place)| *place)
    }

    /// How many sets there are.
    pub(super) fn count(&self) -> usize {
        self.sets.len()
    }

    /// The bytes of all sets.
    pub(super) fn bytes(&self) -> u64 {
        self.bytes
    }

    /// The ids with their places, the oldest first.
    pub(super) fn sets(&self) -> impl Iterator<Item = (&str, Place)> {
        self.by_age.values().filter_map(|id| Some((id.as_str(), self.place(id)?)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_goes_first() {
        let mut kept = Kept::within(3, 100);
        let mut at = 0;
        let mut add = |kept: &mut Kept, id: &str, bytes: u64| {
            at += 1;
            kept.add(id, Place { at, bytes }).into_iter().map(|p| p.at).collect::<Vec<_>>()
        };
        let ids = |kept: &Kept| kept.sets().map(|(id, _)| id.to_owned()).collect::<Vec<_>>();
        for id in ["a", "b", "c"] {
            assert!(add(&mut kept, id, 10).is_empty());
        }
        assert_eq!(add(&mut kept, "d", 10), [1]);
        // What is kept anew is the newest.
        assert_eq!(add(&mut kept, "b", 20), [2]);
        assert_eq!(add(&mut kept, "e", 60), [3]);
        assert_eq!((kept.bytes(), ids(&kept)), (90, vec!["d".into(), "b".into(), "e".into()]));
        assert_eq!(add(&mut kept, "f", 30), [4, 5]);
        assert_eq!(add(&mut kept, "g", 1000), [6, 7]);
        assert_eq!((kept.bytes(), ids(&kept)), (1000, vec!["g".into()]));
    }
}
