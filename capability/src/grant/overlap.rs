//! What requested scopes have in common with granted ones, in bounds.

use crate::scope::{Effort, OVERLAPS_BYTES, OVERLAPS_LIMIT, ResourceScope};

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
