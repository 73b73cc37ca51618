//! Atoms: the smallest things that a resource scope grants.

use std::fmt;

use super::permission::{Permission, Permissions};
use super::query::Query;
use super::token::{Context, ResourceScope};

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
/// [`super::alternatives_limit`]).
pub fn atoms(scope: &ResourceScope, limit: usize) -> Vec<Atom> {
    let alternatives = scope.query.alternatives(limit);
    scope
        .permissions
        .iter()
        .flat_map(|permission| alternatives.iter().map(move |query| atom(scope, permission, query)))
        .collect()
}

/// One letter and one alternative of a scope.
pub(super) fn atom(scope: &ResourceScope, permission: Permission, query: &Query) -> Atom {
    Atom { context: scope.context, resource_type: scope.resource_type.clone(), permission, query: query.clone() }
}
