//! Which negotiated sets are kept, and within which bounds new ones are taken. None goes to make room for another.

use std::collections::BTreeMap;
use std::ops::Bound;

use super::StoreError;
use super::bounds::Bounds;

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
    bounds: Bounds,
    next: u64,
    bytes: u64,
    /// Age and place of each.
    sets: BTreeMap<String, (u64, Place)>,
    by_age: BTreeMap<u64, String>,
}

impl Kept {
    /// Nothing yet, within these bounds.
    #[cfg(test)]
    pub(super) fn within(sets: usize, bytes: u64) -> Kept {
        Kept { bounds: Bounds { sets, bytes }, ..Kept::default() }
    }

    /// Nothing yet, within the same bounds.
    pub(super) fn emptied(&self) -> Kept {
        Kept { bounds: self.bounds, ..Kept::default() }
    }

    /// Sets the bounds; what is kept stays, even beyond them.
    pub(super) fn bound(&mut self, bounds: Bounds) {
        self.bounds = bounds;
    }

    /// Whether a set of so many bytes may be added.
    ///
    /// # Errors
    /// [`StoreError::Bound`] where a bound is reached.
    pub(super) fn admit(&self, id: &str, bytes: u64) -> Result<(), StoreError> {
        let old = self.place(id);
        let sets = self.sets.len() + usize::from(old.is_none());
        let bytes = (self.bytes - old.map_or(0, |place| place.bytes)).saturating_add(bytes);
        if sets > self.bounds.sets || bytes > self.bounds.bytes {
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
mod tests {
    use super::*;

    #[test]
    fn bounds_refuse_and_nothing_goes_by_itself() {
        let mut kept = Kept::within(3, 100);
        let mut at = 0;
        let mut add = |kept: &mut Kept, id: &str, bytes: u64| {
            kept.admit(id, bytes).map_err(|e| matches!(e, StoreError::Bound(_)))?;
            at += 1;
            Ok(kept.add(id, Place { at, bytes }).map(|p| p.at))
        };
        let ids = |kept: &Kept| kept.sets().map(|(id, _)| id.to_owned()).collect::<Vec<_>>();
        for id in ["a", "b", "c"] {
            assert_eq!(add(&mut kept, id, 10), Ok(None));
        }
        assert_eq!(add(&mut kept, "d", 10), Err(true));
        // What is kept anew is the newest, and its old bytes are free.
        assert_eq!(add(&mut kept, "b", 80), Ok(Some(2)));
        assert_eq!((kept.bytes(), ids(&kept)), (100, vec!["a".into(), "c".into(), "b".into()]));
        assert_eq!(add(&mut kept, "b", 81), Err(true));
        assert!(kept.remove("a").is_some() && kept.remove("a").is_none());
        assert_eq!(add(&mut kept, "d", 11), Err(true));
        assert_eq!(add(&mut kept, "d", 10), Ok(None));
        assert_eq!(kept.page(None, 2), [("b".into(), 80), ("c".into(), 10)]);
        assert_eq!(kept.page(Some("bb"), 9), [("c".into(), 10), ("d".into(), 10)]);
        kept.bound(Bounds { sets: 1, bytes: 1 });
        assert_eq!((kept.count(), add(&mut kept, "e", 0)), (3, Err(true)));
    }
}
