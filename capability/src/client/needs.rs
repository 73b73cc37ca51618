//! What was seen, each thing once, in the order in which it was first seen.

use rustc_hash::FxHashMap;

use super::item::Item;
use super::limits::ITEMS_LIMIT;
use super::place::Place;

/// An item with where it was first seen and how often in all.
#[derive(Clone, Debug)]
pub(super) struct Record {
    /// `None` for the system.
    pub resource_type: Option<&'static str>,
    pub item: Item,
    pub first: Place,
    pub count: u64,
}

/// The items of a client.
#[derive(Debug, Default)]
pub(super) struct Needs {
    records: Vec<Record>,
    index: FxHashMap<(Option<&'static str>, Item), usize>,
}

impl Needs {
    /// Counts an item; false where it is a new one beyond the limit.
    pub fn add(&mut self, resource_type: Option<&'static str>, item: Item, place: Place) -> bool {
        let key = (resource_type, item);
        if let Some(record) = self.index.get(&key).and_then(|at| self.records.get_mut(*at)) {
            record.count += 1;
            return true;
        }
        if self.records.len() >= ITEMS_LIMIT {
            return false;
        }
        self.records.push(Record { resource_type, item: key.1.clone(), first: place, count: 1 });
        self.index.insert(key, self.records.len() - 1);
        true
    }

    /// The items in the order in which they were first seen.
    pub fn records(&self) -> &[Record] {
        &self.records
    }

    /// The types with their items, and the items of the system; each in the order in which it was first seen.
    pub fn by_type(&self) -> (Vec<(&'static str, Vec<&Record>)>, Vec<&Record>) {
        let mut types: Vec<(&'static str, Vec<&Record>)> = Vec::new();
        let mut places: FxHashMap<&'static str, usize> = FxHashMap::default();
        let mut system = Vec::new();
        for record in &self.records {
            let Some(name) = record.resource_type else {
                system.push(record);
                continue;
            };
            let at = *places.entry(name).or_insert(types.len());
            match types.get_mut(at) {
                Some((_, records)) => records.push(record),
                None => types.push((name, vec![record])),
            }
        }
        (types, system)
    }
}
