//! Atoms: the smallest things that a resource scope grants, and when grants cover one.

use std::fmt;

use super::permission::{Permission, Permissions};
use super::query::Query;
use super::token::{Context, ResourceScope};

/// How many alternatives of one query are distinguished where `count` scopes are compared with each other; a query with
/// more counts as a whole.
pub fn alternatives_limit(count: usize) -> usize {
    (8192 / count.max(1)).clamp(1, 64)
}

/// One context, one type (or `*`), one letter, one alternative of the query.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Atom {
    /// Whose data.
    pub context: Context,
    /// The type's name, or `*`.
    pub resource_type: String,
    /// The letter.
    pub permission: Permission,
    /// Pairs with one value each; empty: no filter.
    pub query: Query,
}

impl Atom {
    /// The atom as a scope of its own.
    pub fn scope(&self) -> ResourceScope {
        ResourceScope {
            context: self.context,
            resource_type: self.resource_type.clone(),
            permissions: Permissions::of(self.permission),
            query: self.query.clone(),
        }
    }
}

impl fmt::Display for Atom {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.scope().fmt(f)
    }
}

/// The atoms of a scope: letter by letter, then alternative by alternative (up to `limit` of them, see
/// [`alternatives_limit`]).
pub fn atoms(scope: &ResourceScope, limit: usize) -> Vec<Atom> {
    let alternatives = scope.query.alternatives(limit);
    let of = |permission: Permission, query: &Query| Atom {
        context: scope.context,
        resource_type: scope.resource_type.clone(),
        permission,
        query: query.clone(),
    };
    scope
        .permissions
        .iter()
        .flat_map(|permission| alternatives.iter().map(move |query| of(permission, query)))
        .collect()
}

/// True where one of the grants covers the atom: same context, the type or `*`, the letter, and every pair of the
/// grant's filter implied by the atom's. A union of grants covers no alternative that none of them covers by itself.
pub fn covered<'a>(atom: &Atom, mut granted: impl Iterator<Item = &'a ResourceScope>) -> bool {
    granted.any(|g| {
        g.context == atom.context
            && g.covers_type(&atom.resource_type)
            && g.permissions.contains(atom.permission)
            && g.query.admits(&atom.query)
    })
}
