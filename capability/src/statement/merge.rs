//! Merges what several entries or statements say about the same things, each item in logarithmic time.

use std::collections::BTreeMap;

use fhir_accord_profiles::definition::Canonical;

use super::{Combination, Named, Resource, Rest, Stated};
use crate::expectation::Expectation;

/// Which items of a list there are, by what makes two of them the same. Items are only ever added to the list; those
/// that were added elsewhere are taken up when the next one is merged.
pub(super) struct Keys<K> {
    first: BTreeMap<K, usize>,
    known: usize,
}

impl<K> Default for Keys<K> {
    fn default() -> Self {
        Keys { first: BTreeMap::new(), known: 0 }
    }
}

impl<K: Ord> Keys<K> {
    /// Adds an item, or lets the stronger expectation win where it is listed already.
    pub(super) fn merge<T>(&mut self, items: &mut Vec<Stated<T>>, item: Stated<T>, key: impl Fn(&T) -> K) {
        match self.find(items, |known| key(&known.value), &key(&item.value)) {
            Some(known) => known.expectation = strongest(known.expectation, item.expectation),
            None => items.push(item),
        }
    }

    /// The first item of this key.
    fn find<'i, I>(&mut self, items: &'i mut [I], key: impl Fn(&I) -> K, wanted: &K) -> Option<&'i mut I> {
        for (i, item) in items.iter().enumerate().skip(self.known) {
            self.first.entry(key(item)).or_insert(i);
        }
        self.known = items.len();
        self.first.get(wanted).and_then(|i| items.get_mut(*i))
    }
}

/// What a `rest` entry lists, ready for more of it to be merged in.
#[derive(Default)]
pub(super) struct Merger {
    interactions: Keys<String>,
    search_params: Keys<Named>,
    operations: Keys<Named>,
    security: Keys<String>,
    types: Keys<String>,
    /// Of each type, by its place.
    of_type: BTreeMap<usize, OfType>,
}

/// What a resource entry lists.
#[derive(Default)]
struct OfType {
    profiles: Keys<(Canonical, bool)>,
    interactions: Keys<String>,
    search_params: Keys<Named>,
    combinations: Keys<Combination>,
    includes: Keys<String>,
    rev_includes: Keys<String>,
    operations: Keys<Named>,
    flags: Keys<(String, String)>,
}

impl Merger {
    /// Adds the items of another `rest` entry.
    pub(super) fn rest(&mut self, into: &mut Rest, from: Rest) {
        for item in from.interactions {
            self.interactions.merge(&mut into.interactions, item, Clone::clone);
        }
        for item in from.search_params {
            self.search_params.merge(&mut into.search_params, item, Clone::clone);
        }
        for item in from.operations {
            self.operations.merge(&mut into.operations, item, Clone::clone);
        }
        for item in from.security {
            self.security.merge(&mut into.security, item, Clone::clone);
        }
        for resource in from.resources {
            self.resource(&mut into.resources, resource);
        }
    }

    /// Adds an entry, or its items to those of the entry of the same type.
    pub(super) fn resource(&mut self, resources: &mut Vec<Resource>, resource: Resource) {
        let wanted = &resource.resource_type;
        if self.types.find(resources, |r: &Resource| r.resource_type.clone(), wanted).is_none() {
            resources.push(resource);
            return;
        }
        let Some(at) = self.types.first.get(wanted).copied() else { return };
        if let Some(own) = resources.get_mut(at) {
            self.of_type.entry(at).or_default().merge(own, resource);
        }
    }
}

impl OfType {
    /// Adds the items of a second entry of the same type.
    fn merge(&mut self, into: &mut Resource, from: Resource) {
        into.expectation = strongest(into.expectation, from.expectation);
        for item in from.profiles {
            self.profiles.merge(&mut into.profiles, item, |claim| (claim.canonical.clone(), claim.for_all));
        }
        for item in from.interactions {
            self.interactions.merge(&mut into.interactions, item, Clone::clone);
        }
        for item in from.search_params {
            self.search_params.merge(&mut into.search_params, item, Clone::clone);
        }
        for item in from.combinations {
            self.combinations.merge(&mut into.combinations, item, Clone::clone);
        }
        for item in from.includes {
            self.includes.merge(&mut into.includes, item, Clone::clone);
        }
        for item in from.rev_includes {
            self.rev_includes.merge(&mut into.rev_includes, item, Clone::clone);
        }
        for item in from.operations {
            self.operations.merge(&mut into.operations, item, Clone::clone);
        }
        for item in from.flags {
            self.flags.merge(&mut into.flags, item, Clone::clone);
        }
        into.selectors.extend(from.selectors);
    }
}

/// The stronger of two; an item without an expectation has the weight of its parent, which is the most it can have.
fn strongest(a: Option<Expectation>, b: Option<Expectation>) -> Option<Expectation> {
    match (a, b) {
        (Some(a), Some(b)) => Some(a.stronger(b)),
        (Some(Expectation::ShallNot), None) | (None, Some(Expectation::ShallNot)) => Some(Expectation::ShallNot),
        _ => None,
    }
}
