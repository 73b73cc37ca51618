//! The fewest resource scopes that grant exactly the same, then the fewest characters.
//!
//! What remains after covered atoms are dropped falls into groups that no single token can span: one context, one type,
//! the same parameter names. Inside a group a token is a box (letters × values of each pair), and the problem is to
//! find a smallest cover by boxes that grant nothing new ([`super::cover`]).

use std::collections::{BTreeMap, BTreeSet};

use super::atom::{Atom, atoms};
use super::cover::{self, Axes, Effort, Rect};
use super::index::{Granted, QueryIndex};
use super::limits::alternatives_limit;
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
    minimal_within(scopes, &mut Effort::default())
}

/// The same as a part of a larger task: where its effort is spent, the list grants the same, and may be longer.
pub fn minimal_within(scopes: &[ResourceScope], effort: &mut Effort) -> Vec<ResourceScope> {
    let mut order: Vec<(Context, &str)> = Vec::new();
    let mut types: BTreeMap<(Context, &str), Vec<&ResourceScope>> = BTreeMap::new();
    for scope in scopes {
        let key = (scope.context, scope.resource_type.as_str());
        let of_type = types.entry(key).or_default();
        if of_type.is_empty() {
            order.push(key);
        }
        of_type.push(scope);
    }
    let bytes = scopes.iter().map(ResourceScope::bytes).sum();
    let limit = alternatives_limit(scopes.len(), bytes);
    let all = Granted::new(scopes.iter());
    let wildcards = Granted::new(scopes.iter().filter(|s| s.resource_type == "*"));
    let of_type = |key: (Context, &str)| {
        let own = types.get(&key).map(Vec::as_slice).unwrap_or_default();
        let above = if key.1 == "*" { None } else { Some(&wildcards).filter(|w| w.names(key.0, "*")) };
        minimal_of_type(own, above, &all, limit, effort)
    };
    order.into_iter().flat_map(of_type).collect()
}

/// `own` are the scopes of one context and one type, `wildcards` those on all types where there are any, `all` both.
fn minimal_of_type(
    own: &[&ResourceScope],
    wildcards: Option<&Granted>,
    all: &Granted,
    limit: usize,
    effort: &mut Effort,
) -> Vec<ResourceScope> {
    if let ([only], None) = (own, wildcards)
        && only.query.pairs.windows(2).all(|w| w.first().map(|p| &p.name) != w.last().map(|p| &p.name))
    {
        return vec![(*only).clone()];
    }
    let mut cells: Vec<Atom> = Vec::new();
    let mut seen = BTreeSet::new();
    for atom in own.iter().flat_map(|s| atoms(s, limit)) {
        if seen.insert(atom.clone()) {
            cells.push(atom);
        }
        if cells.len() > ATOMS_LIMIT {
            return by_query(own);
        }
    }
    let mut groups: BTreeMap<Vec<String>, Vec<Atom>> = BTreeMap::new();
    for atom in needed(cells, wildcards) {
        groups.entry(names(&atom.query)).or_default().push(atom);
    }
    let made: Vec<ResourceScope> =
        groups.into_values().flat_map(|group| minimal_of_group(&group, all, effort)).collect();
    // Pairs of one name have no order, so that no box spans `a=1,3&a=2`: then the queries stand as they were written.
    let written = by_query(own);
    if written.len() < made.len() { written } else { made }
}

/// The atoms that neither a wider one nor a wildcard of the same context covers.
fn needed(cells: Vec<Atom>, wildcards: Option<&Granted>) -> Vec<Atom> {
    let mut letters: BTreeMap<Query, Permissions> = BTreeMap::new();
    for atom in &cells {
        let all = letters.entry(atom.query.clone()).or_default();
        *all = all.with(atom.permission);
    }
    let index = QueryIndex::new(letters.keys().cloned().collect());
    let by_wider = |query: &Query| {
        let wider = |wide: &&Query| !query.admits(wide) || *wide < query;
        let found = index.admitting(query).filter_map(|at| index.query(at)).filter(wider);
        found.filter_map(|wide| letters.get(wide)).fold(Permissions::default(), |all, own| all.union(*own))
    };
    let covered: BTreeMap<&Query, Permissions> = letters.keys().map(|query| (query, by_wider(query))).collect();
    let open = |atom: &Atom| {
        let letter = Permissions::of(atom.permission);
        let wide = covered.get(&atom.query).is_some_and(|letters| letters.contains(atom.permission));
        let every =
            wildcards.is_some_and(|all| all.letters(atom.context, &atom.resource_type, &atom.query, letter) == letter);
        !wide && !every
    };
    cells.into_iter().filter(open).collect()
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

fn names(query: &Query) -> Vec<String> {
    query.pairs.iter().map(|p| p.name.clone()).collect()
}

/// `all` are the scopes of every type.
fn minimal_of_group(group: &[Atom], all: &Granted, effort: &mut Effort) -> Vec<ResourceScope> {
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
    let every = Permission::ALL.into_iter().fold(Permissions::default(), Permissions::with);
    let allowed = |query: &Query| all.letters(first.context, &first.resource_type, query, every);
    let start: Vec<Rect> = if terms.len() > TERMS_LIMIT {
        Vec::new()
    } else {
        terms
            .iter()
            .filter_map(|query| Some(Rect { letters: allowed(query), sides: axes.place(query)? }))
            .filter(|r| !r.letters.is_empty())
            .collect()
    };
    cover::smallest(&cells, start, &axes, effort)
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
