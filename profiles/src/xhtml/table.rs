//! Tables from a name to its number; a lookup reads a single slot.

#![allow(clippy::indexing_slicing, reason = "slots are the top eight bits of a product; names are counted by the loop")]

use super::bytes::{first_bytes, window};

/// The first eight bytes of a name as one number, the rest zero.
pub(super) type Key = u64;

const fn key(name: &str) -> Key {
    let bytes = name.as_bytes();
    let mut padded = [0u8; 8];
    let mut i = 0;
    while i < bytes.len() && i < 8 {
        padded[i] = bytes[i];
        i += 1;
    }
    u64::from_le_bytes(padded)
}

/// A name's key, its number (from 1; 0 where none is) and its length.
#[derive(Clone, Copy)]
struct Slot {
    key: Key,
    number: u8,
    length: u8,
}

/// A table from name to number in which each name has a slot to itself.
pub(super) struct Table {
    multiplier: u64,
    names: &'static [&'static str],
    slots: [Slot; 256],
}

impl Table {
    /// The table of these names, numbered from 1 on; the multiplier is one by which no two meet.
    pub(super) const fn of(names: &'static [&'static str], multiplier: u64) -> Table {
        let mut table = Table { multiplier, names, slots: [Slot { key: 0, number: 0, length: 0 }; 256] };
        let mut i = 0;
        while i < names.len() {
            let key = key(names[i]);
            let at = table.slot(key);
            assert!(table.slots[at].number == 0, "two names meet; another multiplier keeps them apart");
            table.slots[at] = Slot { key, number: i as u8 + 1, length: names[i].len() as u8 };
            i += 1;
        }
        table
    }

    #[inline(always)]
    const fn slot(&self, key: Key) -> usize {
        (key.wrapping_mul(self.multiplier) >> 56) as usize
    }

    /// The number of a name of at most eight bytes.
    #[inline(always)]
    pub(super) fn find(&self, key: Key, length: usize) -> u8 {
        let found = self.slots[self.slot(key)];
        if found.key == key && usize::from(found.length) == length { found.number } else { 0 }
    }

    /// The number of a name.
    pub(super) fn find_name(&self, name: &[u8]) -> u8 {
        let number = self.find(window(name, 0) & first_bytes(name.len()), name.len());
        let is_whole = name.len() <= 8
            || self.names.get(usize::from(number).wrapping_sub(1)).is_some_and(|n| n.as_bytes() == name);
        if is_whole { number } else { 0 }
    }
}
