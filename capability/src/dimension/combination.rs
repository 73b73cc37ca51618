//! Combinations of search parameters
//! (<https://hl7.org/fhir/R4/extension-capabilitystatement-search-parameter-combination.html>).

use rustc_hash::FxHashSet;

use super::ground::TypeGround;
use super::offer::{Offered, best, worse};
use super::parameter::Parameters;
use super::search;
use crate::agreement::{Answer, Item, Row};
use crate::expectation::Expectation;
use crate::reason::Reason;
use crate::statement::{Combination, Named, Stated};

/// The combinations that the client lists.
pub fn rows(ground: &TypeGround<'_>) -> Vec<Row> {
    let own = ground.server.resource.into_iter().flat_map(|r| &r.combinations);
    let size = own.map(|c| 1 + c.value.required.len() + c.value.optional.len()).sum::<usize>();
    let is_beyond = !ground.sides.effort.combined(size.saturating_mul(ground.client.combinations.len()));
    let one = |c: &Stated<Combination>| {
        let Combination { required, optional } = c.value.clone();
        let item = Item::Combination { required, optional };
        let offered = if is_beyond {
            Offered::nowhere(Answer::Unknown, vec![Reason::PairsLimit])
        } else {
            offered(ground, &c.value)
        };
        ground.searched(item, c, ground.weigh(c.expectation), offered)
    };
    ground.client.combinations.iter().map(one).collect()
}

/// One that the server declares is met by that, whatever its parameters are by themselves; another needs all its
/// parameters, and must meet one of those that the server declares, where there are any.
fn offered<'s>(ground: &TypeGround<'s>, wanted: &Combination) -> Offered<'s> {
    let server = &ground.server;
    let all = server.resource.into_iter().flat_map(|r| &r.combinations);
    let declared: Vec<&Stated<Combination>> = all.filter(|c| c.expectation != Some(Expectation::ShallNot)).collect();
    let sets = &Wanted::of(wanted);
    let same = declared.iter().filter(|d| meets(&d.value, sets) && holds(&d.value, sets));
    if let Some(offered) = best(same.map(|d| server.item(d))).filter(|o| o.answer == Answer::Yes) {
        return offered;
    }
    let parameters = parameters(ground, wanted);
    if declared.is_empty() {
        return parameters;
    }
    let met = best(declared.iter().filter(|d| meets(&d.value, sets)).map(|d| server.item(d)));
    let unmet = || Offered::nowhere(server.unlisted().answer, vec![Reason::CombinationUnmet]);
    worse(parameters, met.unwrap_or_else(unmet))
}

/// The worst of the required parameters; with none required, the best of the optional ones.
fn parameters<'s>(ground: &TypeGround<'s>, wanted: &Combination) -> Offered<'s> {
    let all = Parameters::of(&ground.sides);
    let of = |name: &String| search::offered_on_type(&ground.server, &Named::by_name(name), all);
    let offered = if wanted.required.is_empty() {
        best(wanted.optional.iter().map(of))
    } else {
        wanted.required.iter().map(of).reduce(worse)
    };
    let Offered { answer, why, path } =
        offered.unwrap_or_else(|| Offered::nowhere(ground.server.offered.answer, Vec::new()));
    let why = match answer {
        Answer::Yes => Vec::new(),
        _ if why.contains(&Reason::TypeAbsent) => why,
        _ => vec![Reason::ParameterMissing],
    };
    Offered { answer, why, path: path.filter(|_| answer == Answer::Yes) }
}

/// True where a query of the wanted parameters meets the declared combination.
fn meets(declared: &Combination, wanted: &Wanted<'_>) -> bool {
    let has = |p: &String| wanted.at_hand.contains(p.as_str());
    declared.required.iter().all(has) && (!declared.required.is_empty() || declared.optional.iter().any(has))
}

/// True where the declared combination has every parameter that the client requires together.
fn holds(declared: &Combination, wanted: &Wanted<'_>) -> bool {
    let names = declared.required.iter().chain(&declared.optional).map(String::as_str);
    let found: FxHashSet<&str> = names.filter(|p| wanted.required.contains(p)).collect();
    !wanted.required.is_empty() && found.len() == wanted.required.len()
}

/// The parameters of a combination that the client lists, as sets.
struct Wanted<'a> {
    required: FxHashSet<&'a str>,
    /// The required ones; with none the optional ones.
    at_hand: FxHashSet<&'a str>,
}

impl<'a> Wanted<'a> {
    fn of(combination: &'a Combination) -> Wanted<'a> {
        let set = |names: &'a [String]| names.iter().map(String::as_str).collect::<FxHashSet<&str>>();
        let required = set(&combination.required);
        let at_hand = if required.is_empty() { set(&combination.optional) } else { required.clone() };
        Wanted { required, at_hand }
    }
}
