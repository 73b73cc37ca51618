//! The resource scopes that a request comes to: what is granted, else what is requested, within the registration and
//! the user's own right.

use super::overlap::{Overlaps, intersect};
use crate::scope::{Permission, ResourceScope, Token};

/// What bounds a grant.
pub struct Bounds<'a> {
    granted: Option<&'a [Token]>,
    registration: Option<&'a [Token]>,
    authority: Option<&'a [ResourceScope]>,
}

impl<'a> Bounds<'a> {
    /// What is granted, registered, and the user's own right, each where it is known.
    pub fn new(
        granted: Option<&'a [Token]>,
        registration: Option<&'a [Token]>,
        authority: Option<&'a [ResourceScope]>,
    ) -> Bounds<'a> {
        Bounds { granted, registration, authority }
    }
}

/// The scopes that are expected of those that are requested; `None` where there are too many to tell. Whether the
/// server gives them is another question. A scope that `is_registered` as a whole stays as it is.
pub fn expected(
    asked: &[Token],
    bounds: &Bounds<'_>,
    is_registered: impl Fn(&ResourceScope) -> bool,
) -> Option<Vec<ResourceScope>> {
    let mut overlaps = Overlaps::default();
    let scopes = |tokens: &[Token]| tokens.iter().filter_map(Token::resource).cloned().collect::<Vec<_>>();
    let mut all = scopes(bounds.granted.unwrap_or(asked));
    if let Some(registered) = bounds.registration.filter(|_| bounds.granted.is_none()) {
        let registered = scopes(registered);
        all = within(all, &registered, is_registered, &mut overlaps)?;
    }
    let Some(own) = bounds.authority else { return Some(all) };
    // Whose right it is does not depend on the context in which it is used.
    let mut found = Vec::new();
    for scope in all {
        let own: Vec<ResourceScope> =
            own.iter().map(|o| ResourceScope { context: scope.context, ..o.clone() }).collect();
        found.extend(within(vec![scope], &own, |_| false, &mut overlaps)?);
    }
    Some(found)
}

/// What scopes have in common with others; one that `is_whole` stays as it is.
fn within(
    scopes: Vec<ResourceScope>,
    others: &[ResourceScope],
    is_whole: impl Fn(&ResourceScope) -> bool,
    overlaps: &mut Overlaps,
) -> Option<Vec<ResourceScope>> {
    let mut found = Vec::new();
    for scope in scopes {
        if is_whole(&scope) {
            found.push(scope);
        } else {
            found.extend(overlaps.take(others.iter().filter_map(|o| intersect(&scope, o)))?);
        }
    }
    Some(found)
}

/// Those of the scopes that reach a type by one of these letters.
pub fn reaching<'s>(
    scopes: &'s [ResourceScope],
    resource_type: &'s str,
    letters: &'s [Permission],
) -> impl Iterator<Item = &'s ResourceScope> {
    scopes.iter().filter(move |s| s.covers_type(resource_type) && letters.iter().any(|p| s.permissions.contains(*p)))
}
