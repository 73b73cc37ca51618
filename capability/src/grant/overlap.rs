//! What requested scopes have in common with granted ones, in bounds.

use crate::scope::{Effort, OVERLAPS_BYTES, OVERLAPS_LIMIT, Query, ResourceScope};

/// How many pairs of a requested and a granted scope were looked at, how long they were, and what effort is left.
#[derive(Default)]
pub struct Overlaps {
    count: usize,
    bytes: usize,
    /// For the shortest forms of what they have in common.
    pub effort: Effort,
}

impl Overlaps {
    /// The scopes that a requested one has in common with the grant; `None` where they, with those of earlier requests,
    /// are more than [`OVERLAPS_LIMIT`] or longer than [`OVERLAPS_BYTES`].
    pub fn take(&mut self, common: impl Iterator<Item = ResourceScope>) -> Option<Vec<ResourceScope>> {
        let (mut found, mut bytes) = (Vec::new(), 0);
        for scope in common {
            bytes += scope.bytes();
            if self.count + found.len() == OVERLAPS_LIMIT || self.bytes + bytes > OVERLAPS_BYTES {
                return None;
            }
            found.push(scope);
        }
        self.count += found.len();
        self.bytes += bytes;
        Some(found)
    }
}

/// What both scopes grant.
pub fn intersect(a: &ResourceScope, b: &ResourceScope) -> Option<ResourceScope> {
    let resource_type = match (a.resource_type.as_str(), b.resource_type.as_str()) {
        ("*", other) | (other, "*") => other,
        (one, other) if one == other => one,
        _ => return None,
    };
    let permissions = a.permissions.common(b.permissions);
    if a.context != b.context || permissions.is_empty() {
        return None;
    }
    let query = if a.query.admits(&b.query) {
        b.query.clone()
    } else if b.query.admits(&a.query) {
        a.query.clone()
    } else {
        Query::of(a.query.pairs.iter().chain(&b.query.pairs).cloned().collect())
    };
    Some(ResourceScope { context: a.context, resource_type: resource_type.to_owned(), permissions, query })
}
