//! `_include` and `_revinclude`.

use super::ground::TypeGround;
use super::offer::best;
use super::parameter::Parameters;
use crate::agreement::{Item, Row, ScopeAnswer};
use crate::expectation::Expectation;
use crate::reason::Reason;
use crate::scope::Permission;
use crate::statement::{Named, Stated};

/// The includes of the client, then its reverse includes.
pub fn rows(ground: &TypeGround<'_>) -> Vec<Row> {
    let includes = ground.client.includes.iter().map(|i| row(ground, i, false));
    includes.chain(ground.client.rev_includes.iter().map(|i| row(ground, i, true))).collect()
}

/// One include. Without its own expectation it weighs SHOULD at most, as a second query can replace it.
fn row(ground: &TypeGround<'_>, wanted: &Stated<String>, reverse: bool) -> Row {
    let server = &ground.server;
    let ways = covering(&wanted.value);
    let listed = ways.iter().flat_map(|text| server.listed().includes(text, reverse));
    let offered = best(listed.map(|i| server.item(i))).unwrap_or_else(|| server.unlisted());
    let item = Item::Include { code: wanted.value.clone(), reverse };
    let weighs = ground.weigh(wanted.expectation.or(Some(Expectation::Should)));
    let mut row = ground.searched(item, wanted, weighs, offered);
    let lost = |other: &String| {
        let read = ground.sides.grant.standing(other, Permission::Read).map(|s| s.0);
        matches!(read, Some(ScopeAnswer::NotAsked | ScopeAnswer::Missing))
    };
    let targets = included(ground, &wanted.value, reverse);
    if !targets.is_empty() && targets.iter().all(lost) {
        row.why.push(Reason::TargetNotAsked);
    }
    row
}

/// What a server may list that covers an include: `*` covers every include, `X:*` each of type X, `X:p` all of its
/// targets.
fn covering(wanted: &str) -> Vec<String> {
    let mut all = vec!["*".to_owned(), wanted.to_owned()];
    for (at, _) in wanted.match_indices(':') {
        let lead = wanted.get(..at).unwrap_or_default();
        all.push(format!("{lead}:*"));
        if lead.split(':').count() == 2 {
            all.push(lead.to_owned());
        }
    }
    all.sort();
    all.dedup();
    all
}

/// The types of the included resources: as the include names them, else the targets of its parameter. Empty where
/// they are not known.
fn included(ground: &TypeGround<'_>, include: &str, reverse: bool) -> Vec<String> {
    let mut parts = include.split(':');
    let source = parts.next().filter(|s| *s != "*");
    let (parameter, target) = (parts.next(), parts.next());
    match (source, target, parameter) {
        (Some(source), _, _) if reverse => vec![source.to_owned()],
        (_, Some(target), _) => vec![target.to_owned()],
        (Some(source), None, Some(name)) => {
            let found = Parameters::of(&ground.sides).of_named(source, &Named::by_name(name));
            found.map(|p| p.targets.clone()).unwrap_or_default()
        }
        _ => Vec::new(),
    }
}
