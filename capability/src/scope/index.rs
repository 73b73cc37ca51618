//! Many scopes, ready to be asked what they cover: without looking at all of them, whatever they are.

use std::collections::BTreeMap;
use std::hash::{Hash, Hasher};

use rustc_hash::FxHasher;

use super::atom::{Atom, atom};
use super::permission::Permissions;
use super::query::{Pair, Query};
use super::token::{Context, ResourceScope};

/// Bound on the counters by which the rarest pair of a query is told; two values that share one cost time, nothing
/// else.
const COUNTERS: usize = 1 << 16;

/// Queries, each found by one of its pairs.
#[derive(Clone, Debug, Default)]
pub struct QueryIndex {
    queries: Vec<Query>,
    /// Those without pairs, which admit everything.
    open: Vec<usize>,
    /// The others, by the name and by each value of the pair that is the rarest.
    found_by: BTreeMap<String, BTreeMap<String, Vec<usize>>>,
}

impl QueryIndex {
    /// An index over these queries; they are known by their place.
    pub fn new(queries: Vec<Query>) -> QueryIndex {
        let pairs = || queries.iter().flat_map(|q| &q.pairs);
        let count = pairs().map(|pair| pair.values.len()).sum::<usize>().next_power_of_two().min(COUNTERS);
        let mut counters = vec![0usize; count];
        for pair in pairs() {
            for value in &pair.values {
                if let Some(counter) = counters.get_mut(slot(&pair.name, value, count)) {
                    *counter += 1;
                }
            }
        }
        let frequency = |pair: &Pair| -> usize {
            pair.values.iter().filter_map(|value| counters.get(slot(&pair.name, value, count))).sum()
        };
        let mut open = Vec::new();
        let mut found_by: BTreeMap<String, BTreeMap<String, Vec<usize>>> = BTreeMap::new();
        for (i, query) in queries.iter().enumerate() {
            let Some(rarest) = query.pairs.iter().min_by_key(|pair| frequency(pair)) else {
                open.push(i);
                continue;
            };
            let values = found_by.entry(rarest.name.clone()).or_default();
            for value in &rarest.values {
                values.entry(value.clone()).or_default().push(i);
            }
        }
        QueryIndex { queries, open, found_by }
    }

    /// The places of the queries that admit this one; a place may come twice.
    pub fn admitting<'i>(&'i self, narrower: &'i Query) -> impl Iterator<Item = usize> + 'i {
        // A pair that a query admits has all its values in the query's pair, so any of them leads there.
        let near = narrower
            .pairs
            .iter()
            .filter_map(|pair| self.found_by.get(&pair.name)?.get(pair.values.first()?))
            .flatten()
            .filter(|i| self.queries.get(**i).is_some_and(|wide| wide.admits(narrower)));
        self.open.iter().chain(near).copied()
    }

    /// The query at a place.
    pub fn query(&self, at: usize) -> Option<&Query> {
        self.queries.get(at)
    }
}

/// The counter of a value, of so many.
fn slot(name: &str, value: &str, count: usize) -> usize {
    let mut hasher = FxHasher::default();
    (name, value).hash(&mut hasher);
    hasher.finish() as usize % count
}

/// The scopes of one context and one type: each query once, with the letters that are granted by it.
#[derive(Clone, Debug, Default)]
struct OfType {
    queries: QueryIndex,
    letters: Vec<Permissions>,
}

/// What a union of scopes grants. It covers no alternative of a query that none of them covers by itself.
#[derive(Clone, Debug, Default)]
pub struct Granted {
    /// Context by context, type by type.
    types: [BTreeMap<String, OfType>; Context::ALL.len()],
}

impl Granted {
    /// The union of these scopes.
    pub fn new<'s>(scopes: impl Iterator<Item = &'s ResourceScope>) -> Granted {
        let mut all: BTreeMap<(Context, &str), BTreeMap<&Query, Permissions>> = BTreeMap::new();
        for scope in scopes {
            let of_type = all.entry((scope.context, &scope.resource_type)).or_default();
            let letters = of_type.entry(&scope.query).or_default();
            *letters = letters.union(scope.permissions);
        }
        let mut granted = Granted::default();
        for ((context, name), queries) in all {
            let letters = queries.values().copied().collect();
            let queries = QueryIndex::new(queries.into_keys().cloned().collect());
            if let Some(types) = granted.types.get_mut(context as usize) {
                types.insert(name.to_owned(), OfType { queries, letters });
            }
        }
        granted
    }

    /// True where a scope names this type in this context.
    pub fn names(&self, context: Context, resource_type: &str) -> bool {
        self.types.get(context as usize).is_some_and(|types| types.contains_key(resource_type))
    }

    /// Those of the `wanted` letters that are granted on a type (`*`: on all) for all that matches the query.
    pub fn letters(&self, context: Context, resource_type: &str, query: &Query, wanted: Permissions) -> Permissions {
        let Some(types) = self.types.get(context as usize) else { return Permissions::default() };
        let own = types.get(resource_type);
        let all = types.get("*").filter(|_| resource_type != "*");
        let mut found = Permissions::default();
        for of_type in own.into_iter().chain(all) {
            for at in of_type.queries.admitting(query) {
                found = found.union(of_type.letters.get(at).copied().unwrap_or_default().common(wanted));
                if found == wanted {
                    return found;
                }
            }
        }
        found
    }

    /// The atoms of a scope that are not covered, in their order; see [`super::atoms`].
    pub fn missing(&self, scope: &ResourceScope, limit: usize) -> Vec<Atom> {
        let lacking = |query: Query| {
            let found = self.letters(scope.context, &scope.resource_type, &query, scope.permissions);
            (scope.permissions.without(found), query)
        };
        let open: Vec<(Permissions, Query)> = scope.query.alternatives(limit).into_iter().map(lacking).collect();
        let of = |letter| {
            open.iter().filter(move |(lacks, _)| lacks.contains(letter)).map(move |(_, query)| (letter, query))
        };
        scope.permissions.iter().flat_map(of).map(|(letter, query)| atom(scope, letter, query)).collect()
    }

    /// True where all of a scope is covered.
    pub fn covers(&self, scope: &ResourceScope, limit: usize) -> bool {
        scope.query.alternatives(limit).iter().all(|query| {
            self.letters(scope.context, &scope.resource_type, query, scope.permissions) == scope.permissions
        })
    }
}
