//! Which negotiated sets are kept: the newest, up to a number of them and of bytes.

use std::collections::BTreeMap;

/// How many negotiated sets are kept; the oldest goes first.
pub const KEPT_LIMIT: usize = 10_000;
/// How many bytes they may have together, as they are stored; the oldest goes first.
pub const KEPT_BYTES: usize = 128 << 20;

/// The sets that are kept, by age.
#[derive(Debug)]
pub(super) struct Kept {
    limit: usize,
    limit_bytes: usize,
    next: u64,
    bytes: usize,
    /// Age and size of each.
    sets: BTreeMap<String, (u64, usize)>,
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
        Kept { limit, limit_bytes, next: 0, bytes: 0, sets: BTreeMap::new(), by_age: BTreeMap::new() }
    }

    /// Adds a set as the newest one; returns those that have to go. A set alone is kept, whatever its size.
    pub(super) fn add(&mut self, id: &str, bytes: usize) -> Vec<String> {
        self.remove(id);
        self.sets.insert(id.to_owned(), (self.next, bytes));
        self.by_age.insert(self.next, id.to_owned());
        self.next += 1;
        self.bytes += bytes;
        let mut gone = Vec::new();
        while self.sets.len() > 1 && (self.sets.len() > self.limit || self.bytes > self.limit_bytes) {
            let Some((_, oldest)) = self.by_age.first_key_value() else { break };
            let oldest = oldest.clone();
            self.remove(&oldest);
            gone.push(oldest);
        }
        gone
    }

    fn remove(&mut self, id: &str) {
        if let Some((age, bytes)) = self.sets.remove(id) {
            self.by_age.remove(&age);
            self.bytes -= bytes;
        }
    }

    /// The bytes of all sets.
    pub(super) fn bytes(&self) -> u64 {
        self.bytes as u64
    }

    /// The ids, the oldest first.
    pub(super) fn ids(&self) -> impl Iterator<Item = &str> {
        self.by_age.values().map(String::as_str)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_goes_first() {
        let mut kept = Kept::within(3, 100);
        for id in ["a", "b", "c"] {
            assert!(kept.add(id, 10).is_empty());
        }
        assert_eq!(kept.add("d", 10), ["a"]);
        // What is kept anew is the newest.
        assert!(kept.add("b", 20).is_empty());
        assert_eq!(kept.add("e", 60), ["c"]);
        assert_eq!((kept.bytes(), kept.ids().collect::<Vec<_>>()), (90, vec!["d", "b", "e"]));
        assert_eq!(kept.add("f", 30), ["d", "b"]);
        assert_eq!(kept.add("g", 1000), ["e", "f"]);
        assert_eq!((kept.bytes(), kept.ids().collect::<Vec<_>>()), (1000, vec!["g"]));
    }
}
