//! Where the types of a statement are: found without looking at all of them.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

/// The places of types in a list of entries that is only ever added to; entries that were added are taken up when the
/// next type is looked for.
#[derive(Debug, Default)]
pub struct Types(Mutex<Places>);

#[derive(Clone, Debug, Default)]
struct Places {
    first: BTreeMap<String, usize>,
    known: usize,
}

impl Types {
    /// The place of the first entry of this type; `name` tells the type of an entry.
    pub fn find<T>(&self, entries: &[T], name: impl Fn(&T) -> &str, resource_type: &str) -> Option<usize> {
        let mut places = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for (i, entry) in entries.iter().enumerate().skip(places.known) {
            places.first.entry(name(entry).to_owned()).or_insert(i);
        }
        places.known = entries.len();
        places.first.get(resource_type).copied()
    }
}

impl Clone for Types {
    fn clone(&self) -> Types {
        Types(Mutex::new(self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()))
    }
}
