//! Search parameters: they match by name, and the definitions in the packages tell whether they mean the same.

use std::cell::Cell;

use rustc_hash::FxHashSet;

use super::ground::{Sides, TypeGround};
use super::offer::{Offered, Server, ServerType, best, worse};
use super::parameter::{Parameters, is_result_parameter};
use crate::agreement::{Answer, Item, Row};
use crate::expectation::{Expectation, weigh};
use crate::reason::Reason;
use crate::statement::{Named, Stated};

/// Bound on the parameters of types that are looked at for those that the client lists for all types; what lies beyond
/// it is unknown.
const ON_TYPES: usize = 200_000;

/// The search parameters that the client lists for a type.
pub fn rows(ground: &TypeGround<'_>) -> Vec<Row> {
    let parameters = Parameters::of(&ground.sides);
    let restricted = restricted(ground);
    let one = |p: &Stated<Named>| {
        let mut offered = offered_on_type(&ground.server, &p.value, parameters);
        if offered.answer == Answer::Yes && restricted.contains(p.value.name.as_str()) {
            offered = Offered { answer: Answer::No, why: vec![Reason::CombinationUnmet], ..offered };
        }
        ground.searched(item(p), p, ground.weigh(p.expectation), offered)
    };
    ground.client.search_params.iter().map(one).collect()
}

/// The search parameters that the client lists for all types.
pub fn system_rows(sides: &Sides<'_>) -> Vec<Row> {
    let (parameters, left) = (Parameters::of(sides), &Cell::new(ON_TYPES));
    let one = |p: &Stated<Named>| {
        let offered = offered_on_system(sides.server, &p.value, parameters, left);
        sides.row(item(p), p, weigh(sides.root(), p.expectation), offered)
    };
    sides.client.rest.search_params.iter().map(one).collect()
}

fn item(stated: &Stated<Named>) -> Item {
    let Named { name, definition, .. } = stated.value.clone();
    Item::SearchParam { name, definition }
}

/// What the server offers of a parameter on a type: from the type's entry, or from the system level.
pub fn offered_on_type<'s>(server: &ServerType<'s>, wanted: &Named, parameters: Parameters<'_>) -> Offered<'s> {
    if server.is_absent() {
        return server.unlisted();
    }
    let resource_type = server.resource.map_or("", |r| r.resource_type.as_str());
    let judged = |offered, found: &Named| parameters.judged(offered, resource_type, wanted, found);
    let own = server.listed().search_params(wanted).map(|p| judged(server.item(p), &p.value));
    let all = server.server.listed.search_params(wanted);
    let general = all.map(|p| judged(server.server.item(p), &p.value));
    let is_short = server.listed().is_short_of(&wanted.name) || server.server.listed.is_short_of(&wanted.name);
    settled(best(own.chain(general)), is_short).unwrap_or_else(|| unlisted(server.unlisted(), &wanted.name))
}

/// Where more parameters of a name are listed than are told apart, one of them may be the one that is wanted.
fn settled<'s>(found: Option<Offered<'s>>, is_short: bool) -> Option<Offered<'s>> {
    match found {
        Some(offered) if is_short && offered.answer != Answer::Yes => {
            Some(Offered { answer: Answer::Unknown, why: vec![Reason::PairsLimit], ..offered })
        }
        other => other,
    }
}

/// A parameter for all types: listed as such, or on every type that the server lists.
fn offered_on_system<'s>(
    server: Server<'s>,
    wanted: &Named,
    parameters: Parameters<'_>,
    left: &Cell<usize>,
) -> Offered<'s> {
    let listed = server.listed.search_params(wanted);
    let listed = listed.map(|p| parameters.judged(server.item(p), "Resource", wanted, &p.value));
    if let Some(offered) = settled(best(listed), server.listed.is_short_of(&wanted.name)) {
        return offered;
    }
    let everywhere = server.listed.everywhere(&wanted.name);
    if everywhere.is_empty() {
        return unlisted(server.unlisted(), &wanted.name);
    }
    if left.get() < everywhere.len() {
        return Offered::nowhere(Answer::Unknown, vec![Reason::PairsLimit]);
    }
    left.set(left.get() - everywhere.len());
    let each = everywhere.iter().map(|(r, own)| {
        let server = server.of_type(&r.resource_type);
        let offered = if server.is_absent() { server.unlisted() } else { server.item(own) };
        parameters.judged(offered, &r.resource_type, wanted, &own.value)
    });
    let worst = each.reduce(worse).map(|mut offered| {
        if offered.answer == Answer::Yes && !offered.why.contains(&Reason::Assumed) {
            offered.why.push(Reason::Assumed);
        }
        offered
    });
    worst.unwrap_or_else(|| server.unlisted())
}

/// Servers list what selects instances; what shapes an answer is often supported without a word.
fn unlisted<'s>(offered: Offered<'s>, name: &str) -> Offered<'s> {
    if offered.why == [Reason::Unlisted] && is_result_parameter(name) {
        return Offered::nowhere(Answer::Unknown, vec![Reason::ResultParameter]);
    }
    offered
}

/// The parameters that a server takes only together with others, and the client searches by alone: neither a
/// combination of the client nor the server's own SHALL says otherwise.
fn restricted<'a>(ground: &TypeGround<'a>) -> FxHashSet<&'a str> {
    let Some(server) = ground.server.resource else { return FxHashSet::default() };
    let declared = || server.combinations.iter().filter(|c| c.expectation != Some(Expectation::ShallNot));
    let mut together: FxHashSet<&str> = declared().flat_map(|c| &c.value.required).map(String::as_str).collect();
    for combination in declared() {
        if let [first, rest @ ..] = combination.value.required.as_slice()
            && rest.iter().all(|p| p == first)
        {
            together.remove(first.as_str());
        }
    }
    for name in ground.client.combinations.iter().flat_map(|c| &c.value.required) {
        together.remove(name.as_str());
    }
    for own in server.search_params.iter().filter(|p| p.expectation == Some(Expectation::Shall)) {
        together.remove(own.value.name.as_str());
    }
    together
}
