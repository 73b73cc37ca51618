//! Interactions, the flags that modify them, and the grant that each needs.

use super::offer::{Offered, Server, ServerType, better};
use crate::agreement::{Actions, Finding, InteractionAgreement, Usable};
use crate::expectation::{Expectation, Weight};
use crate::grant::GrantRequest;
use crate::scope::Permission;
use crate::statement::Stated;

/// One interaction of the client on `resource_type` (`*` for the system level).
pub fn interaction(
    code: &str,
    own: Option<Expectation>,
    weighs: Option<Weight>,
    offered: Offered,
    grant: &GrantRequest,
    resource_type: &str,
) -> InteractionAgreement {
    let (server, mut why) = offered;
    let standing = Permission::of_interaction(code).and_then(|p| grant.standing(resource_type, p));
    if grant.asked && matches!(code, "batch" | "transaction") {
        why.push("entry-by-entry");
    }
    let scope = standing.map(|(answer, reasons)| {
        why.extend(reasons);
        answer
    });
    InteractionAgreement {
        code: code.to_owned(),
        client: own,
        weighs,
        server,
        scope,
        usable: Usable::of(server, scope),
        why,
    }
}

/// What a type's entry says about an interaction.
pub fn offered_on_type(server: &ServerType<'_>, code: &str) -> Offered {
    best(server.resource.into_iter().flat_map(|r| &r.interactions).filter(|i| i.value == code).map(|i| server.item(i)))
        .unwrap_or_else(|| server.unlisted())
}

/// What the system level says about an interaction.
pub fn offered_on_system(server: Server<'_>, code: &str) -> Offered {
    best(server.statement.rest.interactions.iter().filter(|i| i.value == code).map(|i| server.item(i)))
        .unwrap_or_else(|| server.unlisted())
}

pub(super) fn best(offers: impl Iterator<Item = Offered>) -> Option<Offered> {
    offers.reduce(better)
}

/// Whether the server meets a flag of the client, such as `conditionalDelete: single`.
pub fn flag(server: &ServerType<'_>, flag: &Stated<(String, String)>, grant: &GrantRequest) -> Finding {
    let (name, wanted) = (&flag.value.0, &flag.value.1);
    let meets = |offered: &str| {
        offered == wanted
            || matches!(
                (wanted.as_str(), offered),
                ("single", "multiple") | ("modified-since" | "not-match", "full-support")
            )
    };
    let listed = server.resource.into_iter().flat_map(|r| &r.flags).filter(|f| &f.value.0 == name && meets(&f.value.1));
    let (answer, _) = best(listed.map(|f| server.item(f))).unwrap_or_else(|| server.unlisted());
    // An update that creates needs the right to create as well.
    let scope = if name == "updateCreate" {
        grant.standing(&resource_type(server), Permission::Create).map(|s| s.0)
    } else {
        None
    };
    answer.finding_with_scope(scope)
}

fn resource_type(server: &ServerType<'_>) -> String {
    server.resource.map(|r| r.resource_type.clone()).unwrap_or_default()
}

/// What the app can expect to be allowed on a type, whether its statement lists the interaction or not.
pub fn actions(server: &ServerType<'_>, resource_type: &str, grant: &GrantRequest) -> Actions {
    let usable = |code: &str| interaction(code, None, None, offered_on_type(server, code), grant, resource_type).usable;
    Actions {
        read: usable("read"),
        search: usable("search-type"),
        create: usable("create"),
        update: usable("update").max(usable("patch")),
        delete: usable("delete"),
    }
}
