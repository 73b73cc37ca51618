//! The fewest resource scopes that grant exactly the same, then the fewest characters.
//!
//! What remains after covered atoms are dropped falls into groups that no single token can span: one context, one type,
//! the same parameter names. Inside a group a token is a box (letters × values of each pair), and the problem is to
//! find a smallest cover by boxes that grant nothing new ([`super::cover`]).

use std::collections::BTreeMap;

use rustc_hash::FxHashSet;

use super::atom::{Atom, alternatives_limit, atoms, covered};
use super::cover::{self, Axes, Rect};
use super::permission::{Permission, Permissions};
use super::query::{Pair, Query};
use super::token::{Context, ResourceScope};

/// With more atoms than this of one type, only scopes with equal queries are merged.
const ATOMS_LIMIT: usize = 1024;
/// With more combinations of values than this in a group, no smallest cover is searched for.
const TERMS_LIMIT: usize = 48;

/// A smallest list of scopes that grant the same as `scopes`, groups in the order of their first appearance.
///
/// ```
/// use fhir_accord_capability::scope::{ResourceScope, Token, minimal, parse};
///
/// let tokens = parse("patient/Observation.r?category=a patient/Observation.r?category=b patient/Observation.r");
/// let scopes: Vec<ResourceScope> = tokens.iter().filter_map(Token::resource).cloned().collect();
/// let shortest: Vec<String> = minimal(&scopes).iter().map(ToString::to_string).collect();
/// assert_eq!(shortest, ["patient/Observation.r"]);
/// ```
pub fn minimal(scopes: &[ResourceScope]) -> Vec<ResourceScope> {
    let mut order: Vec<(Context, &str)> = Vec::new();
    let mut seen = FxHashSet::default();
    for scope in scopes {
        if seen.insert((scope.context, scope.resource_type.as_str())) {
            order.push((scope.context, &scope.resource_type));
        }
    }
    order.into_iter().flat_map(|(context, resource_type)| minimal_of_type(scopes, context, resource_type)).collect()
}

fn minimal_of_type(scopes: &[ResourceScope], context: Context, resource_type: &str) -> Vec<ResourceScope> {
    let own: Vec<&ResourceScope> =
        scopes.iter().filter(|s| s.context == context && s.resource_type == resource_type).collect();
    let reach: Vec<&ResourceScope> =
        scopes.iter().filter(|s| s.context == context && s.covers_type(resource_type)).collect();
    if let ([only], 1) = (own.as_slice(), reach.len())
        && only.query.pairs.windows(2).all(|w| w.first().map(|p| &p.name) != w.last().map(|p| &p.name))
    {
        return vec![(*only).clone()];
    }
    let mut cells: Vec<Atom> = Vec::new();
    let mut seen = FxHashSet::default();
    for atom in own.iter().flat_map(|s| atoms(s, alternatives_limit(scopes.len()))) {
        if seen.insert(atom.clone()) {
            cells.push(atom);
        }
        if cells.len() > ATOMS_LIMIT {
            return by_query(&own);
        }
    }
    let wildcards: Vec<&ResourceScope> =
        reach.iter().filter(|s| s.resource_type == "*" && resource_type != "*").copied().collect();
    let needed: Vec<Atom> =
        cells.iter().filter(|atom| !covered_by_another(atom, &wildcards, &cells)).cloned().collect();
    let mut groups: BTreeMap<Vec<String>, Vec<Atom>> = BTreeMap::new();
    for atom in needed {
        groups.entry(names(&atom.query)).or_default().push(atom);
    }
    groups.into_values().flat_map(|group| minimal_of_group(&group, &reach)).collect()
}

/// Scopes of one type with the letters of equal queries merged.
fn by_query(own: &[&ResourceScope]) -> Vec<ResourceScope> {
    let mut letters: BTreeMap<&Query, Permissions> = BTreeMap::new();
    for scope in own {
        let all = letters.entry(&scope.query).or_default();
        *all = all.union(scope.permissions);
    }
    let of = |first: &ResourceScope| {
        letters
            .iter()
            .map(|(query, permissions)| ResourceScope {
                permissions: *permissions,
                query: (*query).clone(),
                ..first.clone()
            })
            .collect()
    };
    own.first().map(|first| of(first)).unwrap_or_default()
}

/// True where a wider atom, or a wildcard of the same context, covers it.
fn covered_by_another(atom: &Atom, wildcards: &[&ResourceScope], cells: &[Atom]) -> bool {
    let wider = |wide: &Atom| wide.query.admits(&atom.query) && (!atom.query.admits(&wide.query) || wide < atom);
    covered(atom, wildcards.iter().copied())
        || cells.iter().any(|wide| wide.permission == atom.permission && wider(wide))
}

fn names(query: &Query) -> Vec<String> {
    query.pairs.iter().map(|p| p.name.clone()).collect()
}

/// `reach` are all scopes that include the group's type.
fn minimal_of_group(group: &[Atom], reach: &[&ResourceScope]) -> Vec<ResourceScope> {
    let Some(first) = group.first() else { return Vec::new() };
    let scope = |(letters, query): (Permissions, Query)| ResourceScope {
        context: first.context,
        resource_type: first.resource_type.clone(),
        permissions: letters,
        query,
    };
    let terms = terms_around(group);
    let Some(axes) = Axes::new(&terms) else {
        return by_query(&group.iter().map(Atom::scope).collect::<Vec<_>>().iter().collect::<Vec<_>>());
    };
    let cells: Vec<(Permission, Vec<u64>)> =
        group.iter().filter_map(|atom| Some((atom.permission, axes.place(&atom.query)?))).collect();
    let allowed = |query: &Query| {
        let atom = |permission| Atom { permission, query: query.clone(), ..first.clone() };
        Permission::ALL
            .into_iter()
            .filter(|p| covered(&atom(*p), reach.iter().copied()))
            .fold(Permissions::default(), Permissions::with)
    };
    let start: Vec<Rect> = if terms.len() > TERMS_LIMIT {
        Vec::new()
    } else {
        terms
            .iter()
            .filter_map(|query| Some(Rect { letters: allowed(query), sides: axes.place(query)? }))
            .filter(|r| !r.letters.is_empty())
            .collect()
    };
    cover::smallest(&cells, start, &axes)
        .into_iter()
        .map(|rect| scope((rect.letters, axes.query(&rect.sides))))
        .collect()
}

/// The group's queries and every combination of their values, because a token may extend over what other scopes grant
/// anyway; only the queries where there are too many.
fn terms_around(group: &[Atom]) -> Vec<Query> {
    let Some(first) = group.first() else { return Vec::new() };
    let values = |i: usize| {
        group.iter().filter_map(|a| a.query.pairs.get(i)).flat_map(|p| p.values.clone()).collect::<Vec<String>>()
    };
    let widest = Query::of(
        first.query.pairs.iter().enumerate().map(|(i, p)| Pair { name: p.name.clone(), values: values(i) }).collect(),
    );
    let mut terms: Vec<Query> = widest.alternatives(TERMS_LIMIT);
    terms.retain(|t| names(t) == names(&first.query) && t.pairs.iter().all(|p| p.values.len() == 1));
    terms.extend(group.iter().map(|a| a.query.clone()));
    terms.sort();
    terms.dedup();
    terms
}
