//! Operations: the same definition is the same operation; a name by itself decides nothing.

use super::interaction::best;
use super::offer::{Offered, Server, ServerType};
use crate::agreement::{Answer, OperationAgreement, ScopeAnswer, Usable};
use crate::expectation::Weight;
use crate::grant::GrantRequest;
use crate::policy::Policy;
use crate::scope::Permissions;
use crate::statement::{Named, Stated, parse_canonical};

/// An operation of a type: the type's own, or one at the system level.
pub fn offered_on_type(server: &ServerType<'_>, wanted: &Named) -> Offered {
    if server.is_absent() {
        return server.unlisted();
    }
    let own = server
        .resource
        .into_iter()
        .flat_map(|r| &r.operations)
        .filter_map(|o| compare(wanted, &o.value, server.item(o)));
    let general =
        server.server.statement.rest.operations.iter().filter_map(|o| compare(wanted, &o.value, server.server.item(o)));
    best(own.chain(general)).map(|o| settle(o, server.server)).unwrap_or_else(|| server.unlisted())
}

/// An operation at the system level.
pub fn offered_on_system(server: Server<'_>, wanted: &Named) -> Offered {
    let listed = server.statement.rest.operations.iter().filter_map(|o| compare(wanted, &o.value, server.item(o)));
    best(listed).map(|o| settle(o, server)).unwrap_or_else(|| server.unlisted())
}

/// Another definition under the same name says nothing about the required one where what is not listed is unknown.
fn settle(offered: Offered, server: Server<'_>) -> Offered {
    match offered {
        (Answer::No, why) if server.statement.open && why.contains(&"other-definition") => (Answer::Unknown, why),
        other => other,
    }
}

/// `None` where the listed operation is another one.
fn compare(wanted: &Named, listed: &Named, offered: Offered) -> Option<Offered> {
    match (&wanted.definition, &listed.definition) {
        (Some(w), Some(l)) if parse_canonical(w).url == parse_canonical(l).url => Some(offered),
        (Some(_), Some(_)) if wanted.name == listed.name => match offered.0 {
            Answer::Yes => Some((Answer::No, vec!["other-definition"])),
            _ => None,
        },
        (Some(_), Some(_)) => None,
        _ if wanted.name == listed.name && offered.0 != Answer::No => {
            Some((Answer::Unknown, vec!["definition-missing"]))
        }
        _ => None,
    }
}

/// One operation of the client on `resource_type` (`*` for the system level).
pub fn operation(
    wanted: &Stated<Named>,
    weighs: Option<Weight>,
    offered: Offered,
    resource_type: &str,
    grant: &GrantRequest,
    policy: &Policy,
) -> OperationAgreement {
    let Named { name, definition } = wanted.value.clone();
    let (server, mut why) = offered;
    let scope = scope(&wanted.value, resource_type, grant, policy).map(|(answer, reasons)| {
        why.extend(reasons);
        answer
    });
    OperationAgreement {
        name,
        definition,
        client: wanted.expectation,
        weighs,
        server,
        scope,
        usable: Usable::of(server, scope),
        why,
    }
}

/// SMART defines no scope for operations: the policy says what they need.
fn scope(
    wanted: &Named,
    resource_type: &str,
    grant: &GrantRequest,
    policy: &Policy,
) -> Option<(ScopeAnswer, Vec<&'static str>)> {
    if !grant.asked {
        return None;
    }
    let Some(letters) = permissions(wanted, policy) else {
        return Some((ScopeAnswer::Unknown, vec!["operation-scope"]));
    };
    let worst = letters.iter().filter_map(|p| grant.standing(resource_type, p)).min_by_key(|(answer, _)| *answer);
    Some(worst.unwrap_or((ScopeAnswer::Granted, vec!["policy"])))
}

/// The letters that the policy says the operation needs.
pub fn permissions(wanted: &Named, policy: &Policy) -> Option<Permissions> {
    let by_name = policy.operation_permissions.iter().find(|(key, _)| key.trim_start_matches('$') == wanted.name);
    let by_definition =
        wanted.definition.as_deref().and_then(|d| policy.operation_permissions.get(&parse_canonical(d).url));
    let letters = by_definition.or(by_name.map(|(_, letters)| letters))?;
    Some(Permissions::of_v1(letters).or_else(|| Permissions::of_letters(letters)).unwrap_or_default())
}
