//! Which requirements a grant breaks: by what it drops or narrows.

use crate::agreement::{Finding, Item, Outcome, ResourceAgreement, Row, ScopeAnswer, ScopeOutcome};
use crate::reason::Reason;
use crate::scope::{Permission, parse};

/// Bound on the broken requirements that are looked at.
const LOOKED_AT: usize = 1_000;
/// Bound on those that are told of one scope.
const TOLD: usize = 20;

/// A requirement that fails, or is in doubt, for its grant.
struct Broken<'a> {
    resource_type: &'a str,
    permission: Permission,
    item: String,
}

/// Adds to each scope that is not granted as requested the requirements that this breaks.
pub fn tell(scopes: &mut [ScopeOutcome], resources: &[ResourceAgreement]) {
    if scopes.iter().all(|s| !is_less(s.outcome)) {
        return;
    }
    let all: Vec<Broken<'_>> = resources.iter().flat_map(broken).take(LOOKED_AT).collect();
    for scope in scopes.iter_mut().filter(|s| is_less(s.outcome)) {
        let tokens = parse(&scope.requested);
        let Some(asked) = tokens.first().and_then(|t| t.resource()) else { continue };
        let covers = |b: &&Broken<'_>| asked.covers_type(b.resource_type) && asked.permissions.contains(b.permission);
        scope.breaks = all.iter().filter(covers).take(TOLD).map(|b| b.item.clone()).collect();
    }
}

fn is_less(outcome: Outcome) -> bool {
    matches!(outcome, Outcome::Downscoped | Outcome::Dropped | Outcome::Rejected)
}

fn broken(resource: &ResourceAgreement) -> impl Iterator<Item = Broken<'_>> {
    let lost = |r: &&Row| {
        let dropped = r.scope == Some(ScopeAnswer::Missing);
        let narrowed = [Reason::NarrowedOutside, Reason::NarrowedPart, Reason::NarrowedUnknown];
        r.weighs.is_some() && r.finding != Finding::Satisfied && (dropped || r.why.iter().any(|w| narrowed.contains(w)))
    };
    resource.rows.iter().filter(lost).filter_map(|r| {
        let permission = permission(r)?;
        let item = format!("{} {} {}", resource.resource_type, r.kind().name(), r.item.name());
        Some(Broken { resource_type: &resource.resource_type, permission, item })
    })
}

/// What a row needs first of all.
fn permission(row: &Row) -> Option<Permission> {
    match &row.item {
        Item::Interaction(code) => Permission::of_interaction(code),
        Item::Profile(_) => Some(Permission::Read),
        Item::SearchParam { .. } | Item::Combination { .. } | Item::Include { .. } => Some(Permission::Search),
        _ => None,
    }
}
