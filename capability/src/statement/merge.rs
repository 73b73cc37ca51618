//! Merges what several entries or statements say about the same things.

use super::{ProfileClaim, Resource, Rest, Stated};
use crate::expectation::Expectation;

/// Adds the items of another `rest` entry.
pub(super) fn merge_rest(into: &mut Rest, from: Rest) {
    for item in from.interactions {
        merge(&mut into.interactions, item, |a, b| a == b);
    }
    for item in from.search_params {
        merge(&mut into.search_params, item, |a, b| a == b);
    }
    for item in from.operations {
        merge(&mut into.operations, item, |a, b| a == b);
    }
    for item in from.security {
        merge(&mut into.security, item, |a, b| a == b);
    }
    for resource in from.resources {
        match into.resources.iter_mut().find(|r| r.resource_type == resource.resource_type) {
            Some(own) => merge_resource(own, resource),
            None => into.resources.push(resource),
        }
    }
}

/// Adds the items of a second entry of the same type.
pub(super) fn merge_resource(into: &mut Resource, from: Resource) {
    into.expectation = strongest(into.expectation, from.expectation);
    for item in from.profiles {
        merge(&mut into.profiles, item, |a: &ProfileClaim, b| a.canonical == b.canonical && a.for_all == b.for_all);
    }
    for item in from.interactions {
        merge(&mut into.interactions, item, |a, b| a == b);
    }
    for item in from.search_params {
        merge(&mut into.search_params, item, |a, b| a == b);
    }
    for item in from.combinations {
        merge(&mut into.combinations, item, |a, b| a == b);
    }
    for item in from.includes {
        merge(&mut into.includes, item, |a, b| a == b);
    }
    for item in from.rev_includes {
        merge(&mut into.rev_includes, item, |a, b| a == b);
    }
    for item in from.operations {
        merge(&mut into.operations, item, |a, b| a == b);
    }
    for item in from.flags {
        merge(&mut into.flags, item, |a, b| a == b);
    }
    into.selectors.extend(from.selectors);
}

/// Adds an item, or lets the stronger expectation win where it is listed already.
pub(super) fn merge<T>(items: &mut Vec<Stated<T>>, item: Stated<T>, same: impl Fn(&T, &T) -> bool) {
    match items.iter_mut().find(|known| same(&known.value, &item.value)) {
        Some(known) => known.expectation = strongest(known.expectation, item.expectation),
        None => items.push(item),
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
