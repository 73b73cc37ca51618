//! Granted scopes that nothing in the client's statement uses.

use rustc_hash::FxHashMap;

use crate::agreement::{Outcome, ScopeOutcome};
use crate::dimension::operation;
use crate::grant::GrantRequest;
use crate::policy::Policy;
use crate::scope::{Permission, Permissions, ResourceScope, atoms, minimal, parse};
use crate::statement::{Resource, Stated, Statement};

/// The granted scopes that nothing in the client's statement uses, in their shortest form.
pub fn unused_grants(
    grant: &GrantRequest,
    scopes: &[ScopeOutcome],
    client: &Statement,
    policy: &Policy,
) -> Vec<String> {
    let predicted = || {
        scopes
            .iter()
            .filter(|s| matches!(s.outcome, Outcome::Granted | Outcome::Downscoped | Outcome::Upgraded))
            .flat_map(|s| &s.predicted)
            .flat_map(|p| parse(p))
    };
    let granted: Vec<ResourceScope> = match grant.granted_scopes() {
        Some(scopes) => scopes.cloned().collect(),
        None => predicted().filter_map(|t| t.resource().cloned()).collect(),
    };
    let used = used(client, policy);
    let unused: Vec<ResourceScope> = granted
        .iter()
        .flat_map(|g| atoms(g, grant.limit))
        .filter(|atom| !used.get(atom.resource_type.as_str()).is_some_and(|own| own.contains(atom.permission)))
        .map(|a| a.scope())
        .collect();
    minimal(&unused).iter().map(ResourceScope::to_string).collect()
}

/// The letters that the client's statement uses, by type; `*` for all types and the system level.
fn used<'s>(client: &'s Statement, policy: &Policy) -> FxHashMap<&'s str, Permissions> {
    let mut all: FxHashMap<&str, Permissions> = FxHashMap::default();
    let system = client.rest.interactions.iter().filter_map(|i| Permission::of_interaction(&i.value));
    let mut any = system.fold(Permissions::default(), Permissions::with);
    for resource in &client.rest.resources {
        let own = uses(resource, policy);
        any = any.union(own);
        all.insert(&resource.resource_type, own);
    }
    all.insert("*", any);
    all
}

/// The letters that a type's entry uses. One without interactions uses read and search.
fn uses(resource: &Resource, policy: &Policy) -> Permissions {
    let counts = |i: &&Stated<String>| i.expectation.is_none_or(|e| e.weight().is_some());
    let interactions = resource.interactions.iter().filter(counts);
    let mut letters = interactions
        .filter_map(|i| Permission::of_interaction(&i.value))
        .fold(Permissions::default(), Permissions::with);
    for own in resource.operations.iter().filter_map(|o| operation::permissions(&o.value, policy)) {
        letters = letters.union(own);
    }
    let searches = !resource.search_params.is_empty()
        || !resource.combinations.is_empty()
        || !resource.includes.is_empty()
        || !resource.rev_includes.is_empty();
    let lists_none = resource.interactions.is_empty();
    if lists_none {
        letters = letters.with(Permission::Read);
    }
    if lists_none || searches {
        letters = letters.with(Permission::Search);
    }
    let creates = |f: &Stated<(String, String)>| matches!(f.value.0.as_str(), "updateCreate" | "conditionalCreate");
    if resource.flags.iter().any(creates) { letters.with(Permission::Create) } else { letters }
}
