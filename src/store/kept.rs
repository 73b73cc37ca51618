//! Which negotiated sets are kept, and within which bounds new ones are taken. None goes to make room for another.

use std::collections::BTreeMap;
use std::ops::Bound;

use super::StoreError;
use super::bounds::Bounds;
use super::contents::Contents;

/// Where a set is stored.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Place {
    /// The first byte in a file, or a number.
    pub at: u64,
    /// How many bytes it takes.
    pub bytes: u64,
}

/// The sets that are kept, by age.
#[derive(Clone, Debug, Default)]
pub(super) struct Kept {
    /// What they are.
    pub contents: Contents,
    bounds: Bounds,
    next: u64,
    bytes: u64,
    /// Age and place of each.
    sets: BTreeMap<String, (u64, Place)>,
    by_age: BTreeMap<u64, String>,
}

impl Kept {
    /// Nothing yet, within the bounds where nothing is said.
    pub(super) fn of(contents: Contents) -> Kept {
        Kept { contents, ..Kept::default() }
    }

    /// Nothing yet, within these bounds.
    #[cfg(test)]
    pub(super) fn within(sets: usize, bytes: u64) -> Kept {
        Kept { bounds: Bounds { sets, bytes }, ..Kept::default() }
    }

    /// Nothing yet, within the same bounds.
    pub(super) fn emptied(&self) -> Kept {
        Kept { contents: self.contents, bounds: self.bounds, ..Kept::default() }
    }

    /// Sets the bounds; what is kept stays, even beyond them.
    pub(super) fn bound(&mut self, bounds: Bounds) {
        self.bounds = bounds;
    }

    /// Whether a set of so many bytes may be added, or take the place of an older one: what is kept may always change
    /// without growing.
    ///
    /// # Errors
    /// [`StoreError::Bound`] where a bound is reached.
    pub(super) fn admit(&self, id: &str, bytes: u64) -> Result<(), StoreError> {
        let old = self.place(id);
        let had = old.map_or(0, |place| place.bytes);
        let all = (self.bytes - had).saturating_add(bytes);
        let is_one_too_many = old.is_none() && self.sets.len() >= self.bounds.sets;
        if is_one_too_many || (bytes > had && all > self.bounds.bytes) {
            return Err(StoreError::Bound(self.bounds));
        }
        Ok(())
    }

    /// Adds a set as the newest one, whatever the bounds; returns the place of an older one of the same id.
    pub(super) fn add(&mut self, id: &str, place: Place) -> Option<Place> {
        let gone = self.remove(id);
        self.sets.insert(id.to_owned(), (self.next, place));
        self.by_age.insert(self.next, id.to_owned());
        self.next += 1;
        self.bytes += place.bytes;
        gone
    }

    /// Forgets a set; returns where it was, `None` where it is not kept.
    pub(super) fn remove(&mut self, id: &str) -> Option<Place> {
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

    /// Up to `count` ids behind `after` with the bytes that each takes, in the order of the ids.
    pub(super) fn page(&self, after: Option<&str>, count: usize) -> Vec<(String, u64)> {
        let from = after.map_or(Bound::Unbounded, Bound::Excluded);
        let page = self.sets.range::<str, _>((from, Bound::Unbounded)).take(count);
        page.map(|(id, (_, place))| (id.clone(), place.bytes)).collect()
    }
}

#[cfg(test)]
#[path = "kept_tests.rs"]
mod tests;
