//! Which codes are below which.

use std::collections::BinaryHeap;
use std::sync::{Arc, Mutex, PoisonError};

use rustc_hash::FxHashMap;

use super::read::CodeSet;

/// How often a code is asked for before all codes below it are noted.
const ASKED: u32 = 8;
/// The most bytes of what is noted; beyond it, it is noted anew.
const NOTED: usize = 64 << 20;

/// The codes below a code, a bit each.
type Below = Arc<[u64]>;

/// What is remembered of the codes that were asked for.
#[derive(Default)]
pub struct Subsumption {
    roots: Mutex<FxHashMap<u32, Asked>>,
}

enum Asked {
    Times(u32),
    Noted(Below),
}

impl Subsumption {
    /// Whether `root` is `index` or above it.
    pub fn is_below(&self, set: &CodeSet, root: u32, index: u32) -> bool {
        // Parents are before their children.
        if index <= root {
            return index == root;
        }
        match self.noted(set, root) {
            Some(below) => bit(&below, index),
            None => climbs(set, root, index),
        }
    }

    fn noted(&self, set: &CodeSet, root: u32) -> Option<Below> {
        let mut roots = self.roots.lock().unwrap_or_else(PoisonError::into_inner);
        match roots.entry(root).or_insert(Asked::Times(0)) {
            Asked::Noted(below) => return Some(Arc::clone(below)),
            Asked::Times(n) if *n < ASKED => {
                *n += 1;
                return None;
            }
            Asked::Times(_) => {}
        }
        let below = all_below(set, root);
        let each = size_of_val(&*below).max(64);
        if roots.len() >= NOTED / each {
            roots.clear();
        }
        roots.insert(root, Asked::Noted(Arc::clone(&below)));
        Some(below)
    }
}

#[inline]
fn bit(bits: &[u64], index: u32) -> bool {
    bits.get(index as usize / 64).is_some_and(|w| w >> (index % 64) & 1 != 0)
}

/// A code and all codes below it.
fn all_below(set: &CodeSet, root: u32) -> Below {
    let mut bits = vec![0u64; (set.len() as usize).div_ceil(64)];
    for index in root..set.len() {
        let is_below = index == root || set.parents(index).any(|p| p >= root && bit(&bits, p));
        if let Some(word) = bits.get_mut(index as usize / 64).filter(|_| is_below) {
            *word |= 1 << (index % 64);
        }
    }
    bits.into()
}

/// Whether the way up from a code meets another.
fn climbs(set: &CodeSet, root: u32, index: u32) -> bool {
    // The last code first: all codes below it were seen then, and it comes out as often as it was put in.
    let mut open = BinaryHeap::from([index]);
    let mut last = None;
    while let Some(own) = open.pop() {
        if last.replace(own) == Some(own) {
            continue;
        }
        for parent in set.parents(own) {
            if parent == root {
                return true;
            }
            // What is before the root is not below it.
            if parent > root {
                open.push(parent);
            }
        }
    }
    false
}
