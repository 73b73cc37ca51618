//! Interactions, and the grant that each needs.

use super::ground::{Sides, TypeGround};
use super::offer::{Offered, Server, best};
use crate::agreement::{Actions, Item, Row, ScopeAnswer, Usable};
use crate::expectation::weigh;
use crate::grant::GrantRequest;
use crate::reason::Reason;
use crate::scope::Permission;
use crate::statement::Stated;

/// The interactions that the client lists for a type.
pub fn rows(ground: &TypeGround<'_>) -> Vec<Row> {
    let one = |i: &Stated<String>| {
        let weighs = ground.sides.needs.of_item(ground.name(), &i.value, ground.weigh(i.expectation));
        let scope = scope(ground.sides.grant, ground.name(), &i.value);
        let offered = ground.server.interaction(&i.value);
        ground.sides.scoped(Item::Interaction(i.value.clone()), i, weighs, offered, scope)
    };
    ground.client.interactions.iter().map(one).collect()
}

/// The interactions that the client lists for the system level.
pub fn system_rows(sides: &Sides<'_>) -> Vec<Row> {
    let one = |i: &Stated<String>| {
        let scope = scope(sides.grant, "*", &i.value);
        let offered = offered_on_system(sides.server, &i.value);
        let mut row =
            sides.scoped(Item::Interaction(i.value.clone()), i, weigh(sides.root(), i.expectation), offered, scope);
        if sides.grant.asked && matches!(i.value.as_str(), "batch" | "transaction") {
            row.why.push(Reason::EntryByEntry);
        }
        row
    };
    sides.client.rest.interactions.iter().map(one).collect()
}

/// The grant for an interaction on a type (`*` for the system level).
fn scope(grant: &GrantRequest, resource_type: &str, code: &str) -> Option<(ScopeAnswer, Vec<Reason>)> {
    Permission::of_interaction(code).and_then(|p| grant.standing(resource_type, p))
}

/// What the system level says about an interaction.
fn offered_on_system<'s>(server: Server<'s>, code: &str) -> Offered<'s> {
    best(server.listed.interactions(code).map(|i| server.item(i))).unwrap_or_else(|| server.unlisted())
}

/// What the app can expect to be allowed on a type, whether its statement lists the interaction or not.
pub fn actions(ground: &TypeGround<'_>) -> Actions {
    let usable = |code: &str| {
        let scope = scope(ground.sides.grant, ground.name(), code);
        Usable::of(ground.server.interaction(code).answer, scope.map(|s| s.0))
    };
    Actions {
        read: usable("read"),
        search: usable("search-type"),
        create: usable("create"),
        update: usable("update").max(usable("patch")),
        delete: usable("delete"),
    }
}
