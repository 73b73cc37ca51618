//! Things by name and by age.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

/// Things by their names, which also knows which of them was put first.
#[derive(Debug)]
pub(super) struct Aged<T> {
    next: u64,
    things: FxHashMap<String, (u64, T)>,
    by_age: BTreeMap<u64, String>,
}

impl<T> Default for Aged<T> {
    fn default() -> Aged<T> {
        Aged { next: 0, things: FxHashMap::default(), by_age: BTreeMap::new() }
    }
}

impl<T> Aged<T> {
    /// Puts a thing as the newest one; returns what had the name.
    pub fn put(&mut self, name: &str, thing: T) -> Option<T> {
        let old = self.remove(name);
        self.things.insert(name.to_owned(), (self.next, thing));
        self.by_age.insert(self.next, name.to_owned());
        self.next += 1;
        old
    }

    pub fn remove(&mut self, name: &str) -> Option<T> {
        let (age, thing) = self.things.remove(name)?;
        self.by_age.remove(&age);
        Some(thing)
    }

    pub fn get(&self, name: &str) -> Option<&T> {
        self.things.get(name).map(|(_, thing)| thing)
    }

    /// The name of the oldest.
    pub fn oldest(&self) -> Option<(&str, &T)> {
        let (_, name) = self.by_age.first_key_value()?;
        Some((name, self.get(name)?))
    }

    pub fn count(&self) -> usize {
        self.things.len()
    }
}
