//! Operations: the same definition is the same operation; a name by itself decides nothing.

use super::ground::{Sides, TypeGround};
use super::offer::{Offered, Server, ServerType, best};
use crate::agreement::{Answer, Item, Row, ScopeAnswer};
use crate::expectation::weigh;
use crate::grant::GrantRequest;
use crate::policy::Policy;
use crate::reason::Reason;
use crate::scope::Permissions;
use crate::statement::{Named, Stated, parse_canonical};

/// The operations that the client lists for a type.
pub fn rows(ground: &TypeGround<'_>) -> Vec<Row> {
    let sides = &ground.sides;
    let one = |o: &Stated<Named>| {
        let weighs = sides.needs.of_item(ground.name(), &o.value.name, ground.weigh(o.expectation));
        let scope = scope(&o.value, ground.name(), sides.grant, sides.policy);
        sides.scoped(item(o), o, weighs, offered_on_type(&ground.server, &o.value), scope)
    };
    ground.client.operations.iter().map(one).collect()
}

/// The operations that the client lists for the system level.
pub fn system_rows(sides: &Sides<'_>) -> Vec<Row> {
    let one = |o: &Stated<Named>| {
        let scope = scope(&o.value, "*", sides.grant, sides.policy);
        let offered = offered_on_system(sides.server, &o.value);
        sides.scoped(item(o), o, weigh(sides.root(), o.expectation), offered, scope)
    };
    sides.client.rest.operations.iter().map(one).collect()
}

fn item(stated: &Stated<Named>) -> Item {
    let Named { name, definition, .. } = stated.value.clone();
    Item::Operation { name, definition }
}

/// An operation of a type: the type's own, or one at the system level.
fn offered_on_type<'s>(server: &ServerType<'s>, wanted: &Named) -> Offered<'s> {
    if server.is_absent() {
        return server.unlisted();
    }
    let own = server.listed().operations(wanted).filter_map(|o| compare(wanted, &o.value, server.item(o)));
    let all = server.server.listed.operations(wanted);
    let general = all.filter_map(|o| compare(wanted, &o.value, server.server.item(o)));
    best(own.chain(general)).map(|o| settle(o, server.server)).unwrap_or_else(|| server.unlisted())
}

/// An operation at the system level.
fn offered_on_system<'s>(server: Server<'s>, wanted: &Named) -> Offered<'s> {
    let listed = server.listed.operations(wanted).filter_map(|o| compare(wanted, &o.value, server.item(o)));
    best(listed).map(|o| settle(o, server)).unwrap_or_else(|| server.unlisted())
}

/// Another definition under the same name says nothing about the required one where what is not listed is unknown.
fn settle<'s>(offered: Offered<'s>, server: Server<'s>) -> Offered<'s> {
    if offered.answer == Answer::No && server.statement.open && offered.why.contains(&Reason::OtherDefinition) {
        return Offered { answer: Answer::Unknown, ..offered };
    }
    offered
}

/// `None` where the listed operation is another one.
fn compare<'s>(wanted: &Named, listed: &Named, offered: Offered<'s>) -> Option<Offered<'s>> {
    let told = |answer, reason| Some(Offered { answer, why: vec![reason], path: offered.path });
    match (&wanted.definition, &listed.definition) {
        (Some(w), Some(l)) if parse_canonical(w).url == parse_canonical(l).url => Some(offered),
        (Some(_), Some(_)) if wanted.name == listed.name => match offered.answer {
            Answer::Yes => told(Answer::No, Reason::OtherDefinition),
            _ => None,
        },
        (Some(_), Some(_)) => None,
        _ if wanted.name == listed.name && offered.answer != Answer::No => {
            told(Answer::Unknown, Reason::DefinitionMissing)
        }
        _ => None,
    }
}

/// SMART defines no scope for operations: the policy says what they need.
fn scope(
    wanted: &Named,
    resource_type: &str,
    grant: &GrantRequest,
    policy: &Policy,
) -> Option<(ScopeAnswer, Vec<Reason>)> {
    if !grant.asked {
        return None;
    }
    let Some(letters) = permissions(wanted, policy) else {
        return Some((ScopeAnswer::Unknown, vec![Reason::OperationScope]));
    };
    let worst = letters.iter().filter_map(|p| grant.standing(resource_type, p)).min_by_key(|(answer, _)| *answer);
    Some(worst.unwrap_or((ScopeAnswer::Granted, vec![Reason::Policy])))
}

/// The letters that the policy says the operation needs.
pub fn permissions(wanted: &Named, policy: &Policy) -> Option<Permissions> {
    let known = &policy.operation_permissions;
    let by_name = known.get(&wanted.name).or_else(|| known.get(&format!("${}", wanted.name)));
    let by_definition =
        wanted.definition.as_deref().and_then(|d| policy.operation_permissions.get(&parse_canonical(d).url));
    let letters = by_definition.or(by_name)?;
    Some(Permissions::of_v1(letters).or_else(|| Permissions::of_letters(letters)).unwrap_or_default())
}
