//! Maps of what can be made again: they forget all of it where they reach a bound on entries or on bytes.

use std::borrow::Borrow;
use std::hash::Hash;

use rustc_hash::FxHashMap;

/// What an entry weighs beside its key and value, in bytes.
const ENTRY_BYTES: usize = 128;

/// How much a map holds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Most {
    /// So many entries.
    pub entries: usize,
    /// So many bytes, as whoever puts them in says.
    pub bytes: usize,
}

/// A map with bounds.
#[derive(Debug)]
pub struct Bounded<K, V> {
    /// Values with what they weigh.
    kept: FxHashMap<K, (V, usize)>,
    bytes: usize,
    most: Most,
}

impl<K: Hash + Eq, V> Bounded<K, V> {
    /// An empty one with these bounds.
    pub fn new(most: Most) -> Bounded<K, V> {
        Bounded { kept: FxHashMap::default(), bytes: 0, most }
    }

    /// The value of a key.
    pub fn get<Q: Hash + Eq + ?Sized>(&self, key: &Q) -> Option<&V>
    where
        K: Borrow<Q>,
    {
        self.kept.get(key).map(|(value, _)| value)
    }

    /// Keeps a value that weighs so many bytes with its key; one that is beyond the bound by itself is not kept.
    pub fn insert(&mut self, key: K, value: V, bytes: usize) {
        let bytes = bytes.saturating_add(ENTRY_BYTES);
        if let Some((_, before)) = self.kept.remove(&key) {
            self.bytes -= before;
        }
        if bytes > self.most.bytes {
            return;
        }
        if !self.has_room(bytes - ENTRY_BYTES) {
            self.kept = FxHashMap::default();
            self.bytes = 0;
        }
        self.bytes += bytes;
        self.kept.insert(key, (value, bytes));
    }

    /// Whether there is room for one more that weighs so many bytes with its key.
    pub fn has_room(&self, bytes: usize) -> bool {
        self.kept.len() < self.most.entries
            && self.bytes.saturating_add(bytes).saturating_add(ENTRY_BYTES) <= self.most.bytes
    }

    /// The entries, in no order.
    pub fn iter(&self) -> impl Iterator<Item = (&K, &V)> {
        self.kept.iter().map(|(key, (value, _))| (key, value))
    }

    /// How many entries there are.
    pub fn len(&self) -> usize {
        self.kept.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.kept.is_empty()
    }

    /// What all entries weigh, in bytes.
    pub fn bytes(&self) -> usize {
        self.bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_bounds_hold() {
        let most = Most { entries: 100, bytes: 50_000 };
        let mut map = Bounded::new(most);
        for i in 0..10_000usize {
            map.insert(i % 300, i, i % 1_000);
            assert!(map.len() <= most.entries && map.bytes() <= most.bytes);
            assert_eq!(map.get(&(i % 300)), Some(&i));
            assert_eq!(map.bytes(), map.iter().map(|(_, v)| v % 1_000 + ENTRY_BYTES).sum::<usize>());
        }
        let before = map.len();
        map.insert(1_000, 1, most.bytes);
        assert!(map.get(&1_000).is_none(), "what is beyond the bound by itself is not kept");
        assert_eq!(map.len(), before, "and the others are");
    }
}
