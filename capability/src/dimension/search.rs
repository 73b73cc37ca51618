//! Search parameters and their combinations.

use super::interaction::best;
use super::offer::{Offered, Server, ServerType, worse};
use crate::agreement::{Answer, CombinationAgreement, SearchParamAgreement};
use crate::expectation::{Expectation, Weight};
use crate::statement::{Combination, Named, Stated, parse_canonical};

/// What the server offers of a parameter on a type: from the type's entry, or from the system level.
pub fn offered_on_type(server: &ServerType<'_>, wanted: &Named) -> Offered {
    if server.is_absent() {
        return server.unlisted();
    }
    let own = server
        .resource
        .into_iter()
        .flat_map(|r| &r.search_params)
        .filter(|p| p.value.name == wanted.name)
        .map(|p| assumed(server.item(p), wanted, &p.value));
    let general = server
        .server
        .statement
        .rest
        .search_params
        .iter()
        .filter(|p| p.value.name == wanted.name)
        .map(|p| assumed(server.server.item(p), wanted, &p.value));
    best(own.chain(general)).unwrap_or_else(|| server.unlisted())
}

/// A parameter for all types: listed as such, or on every type that the server lists.
pub fn offered_on_system(server: Server<'_>, wanted: &Named) -> Offered {
    let rest = &server.statement.rest;
    let listed = rest
        .search_params
        .iter()
        .filter(|p| p.value.name == wanted.name)
        .map(|p| assumed(server.item(p), wanted, &p.value));
    if let Some(offered) = best(listed) {
        return offered;
    }
    let everywhere = !rest.resources.is_empty()
        && rest.resources.iter().all(|r| r.search_params.iter().any(|p| p.value.name == wanted.name));
    if !everywhere {
        return server.unlisted();
    }
    let each = rest.resources.iter().map(|r| offered_on_type(&server.of_type(&r.resource_type), wanted));
    each.reduce(worse)
        .map(|(answer, mut why)| {
            if answer == Answer::Yes && !why.contains(&"assumed") {
                why.push("assumed");
            }
            (answer, why)
        })
        .unwrap_or_else(|| server.unlisted())
}

/// A match by name only is assumed to be the same parameter.
fn assumed(offered: Offered, wanted: &Named, found: &Named) -> Offered {
    let (answer, mut why) = offered;
    if answer == Answer::Yes && !same_definition(wanted, found) {
        why.push("assumed");
    }
    (answer, why)
}

fn same_definition(a: &Named, b: &Named) -> bool {
    let (Some(a), Some(b)) = (&a.definition, &b.definition) else { return false };
    let (a, b) = (parse_canonical(a), parse_canonical(b));
    a.url == b.url && (a.version == b.version || a.version.is_none() || b.version.is_none())
}

/// One search parameter of the client.
pub fn search_param(wanted: &Stated<Named>, weighs: Option<Weight>, offered: Offered) -> SearchParamAgreement {
    let Named { name, definition } = wanted.value.clone();
    SearchParamAgreement { name, definition, client: wanted.expectation, weighs, server: offered.0, why: offered.1 }
}

/// A combination: the server must have its parameters, and one of its own combinations, where it declares any, must be
/// met.
pub fn combination(
    server: &ServerType<'_>,
    wanted: &Combination,
    own: Option<Expectation>,
    weighs: Option<Weight>,
) -> CombinationAgreement {
    let parameters = parameters(server, wanted);
    let declared: Vec<&Stated<Combination>> = server
        .resource
        .into_iter()
        .flat_map(|r| &r.combinations)
        .filter(|c| c.expectation != Some(Expectation::ShallNot))
        .collect();
    let (answer, why) = if declared.is_empty() {
        parameters
    } else {
        let met = best(declared.iter().filter(|d| meets(&d.value, wanted)).map(|d| server.item(d)));
        worse(parameters, met.unwrap_or_else(|| (server.unlisted().0, vec!["combination-unmet"])))
    };
    CombinationAgreement {
        required: wanted.required.clone(),
        optional: wanted.optional.clone(),
        client: own,
        weighs,
        server: answer,
        why,
    }
}

/// The worst of the required parameters; with none required, the best of the optional ones.
fn parameters(server: &ServerType<'_>, wanted: &Combination) -> Offered {
    let of = |name: &String| offered_on_type(server, &Named { name: name.clone(), definition: None });
    let offered = if wanted.required.is_empty() {
        best(wanted.optional.iter().map(of))
    } else {
        wanted.required.iter().map(of).reduce(worse)
    };
    match offered.unwrap_or_else(|| (server.offered.0, Vec::new())) {
        (Answer::Yes, _) => (Answer::Yes, Vec::new()),
        (answer, why) if why.contains(&"type-absent") => (answer, why),
        (answer, _) => (answer, vec!["parameter-missing"]),
    }
}

/// True where a query of the wanted parameters meets the declared combination.
fn meets(declared: &Combination, wanted: &Combination) -> bool {
    let at_hand: &[String] = if wanted.required.is_empty() { &wanted.optional } else { &wanted.required };
    let all = declared.required.iter().all(|p| at_hand.contains(p));
    all && (!declared.required.is_empty() || declared.optional.iter().any(|p| at_hand.contains(p)))
}
