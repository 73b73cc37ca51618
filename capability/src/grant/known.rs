//! What a request and its grant cover, ready to be asked, and the answers that were given.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use super::prospect::{Prospect, Standing};
use crate::scope::{Granted, Permission, Permissions, ResourceScope, Token};

/// A token by its place, and letters of it.
type Asked = (usize, Permissions);

/// The scopes of one negotiation, and what was found out about them: an answer depends on the type only where a scope
/// names it.
#[derive(Clone, Debug, Default)]
pub struct Known {
    asked: Granted,
    granted: Granted,
    registered: Granted,
    /// Whether each granted resource scope, in their order, goes beyond the request.
    beyond: Vec<bool>,
    types: BTreeSet<String>,
    standings: RefCell<BTreeMap<(String, Permission), Option<Standing>>>,
    prospects: RefCell<BTreeMap<Asked, Prospect>>,
}

impl Known {
    /// The scopes that are asked for, granted, registered, and those that the user's own right covers.
    pub(super) fn new(
        asked: &[Token],
        granted: Option<&[Token]>,
        registered: Option<&[Token]>,
        authority: Option<&[ResourceScope]>,
        limit: usize,
    ) -> Known {
        let of = |tokens: Option<&[Token]>| Granted::new(scopes(tokens.unwrap_or_default()));
        let requested = of(Some(asked));
        let all = [Some(asked), granted, registered];
        let named = all.into_iter().flatten().flat_map(scopes).chain(authority.into_iter().flatten());
        Known {
            granted: of(granted),
            registered: of(registered),
            beyond: scopes(granted.unwrap_or_default()).map(|scope| !requested.covers(scope, limit)).collect(),
            types: named.map(|scope| scope.resource_type.clone()).collect(),
            asked: requested,
            ..Known::default()
        }
    }

    /// True where the request covers all of this scope.
    pub(super) fn asks(&self, scope: &ResourceScope, limit: usize) -> bool {
        self.asked.covers(scope, limit)
    }

    /// True where the known grant covers all of this scope.
    pub(super) fn grants(&self, scope: &ResourceScope, limit: usize) -> bool {
        self.granted.covers(scope, limit)
    }

    /// True where the registration covers all of this scope.
    pub(super) fn registers(&self, scope: &ResourceScope, limit: usize) -> bool {
        self.registered.covers(scope, limit)
    }

    /// For each granted resource scope, whether it goes beyond the request.
    pub(super) fn beyond(&self) -> &[bool] {
        &self.beyond
    }

    /// The standing of a letter on a type; types that no scope names share theirs.
    pub(super) fn standing(
        &self,
        resource_type: &str,
        letter: Permission,
        find: impl FnOnce() -> Option<Standing>,
    ) -> Option<Standing> {
        let named = resource_type == "*" || self.types.contains(resource_type);
        let key = (if named { resource_type.to_owned() } else { String::new() }, letter);
        if let Some(known) = self.standings.borrow().get(&key) {
            return known.clone();
        }
        let found = find();
        self.standings.borrow_mut().insert(key, found.clone());
        found
    }

    /// The prospect of some letters of a requested token.
    pub(super) fn prospect(&self, token: &Token, letters: Permissions, find: impl FnOnce() -> Prospect) -> Prospect {
        let key = (token.at, letters);
        if let Some(known) = self.prospects.borrow().get(&key) {
            return *known;
        }
        let found = find();
        self.prospects.borrow_mut().insert(key, found);
        found
    }
}

fn scopes(tokens: &[Token]) -> impl Iterator<Item = &ResourceScope> {
    tokens.iter().filter_map(Token::resource)
}
