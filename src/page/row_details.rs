//! The details of a row: where it is in both statements, and of a profile what its status is based on.

use super::bounds::RULES;
use super::details::{Details, Ground, List, Witness};
use super::profiles::direction_words;
use super::reasons::Named;
use super::text::Shown;
use crate::capability::agreement::{Direction, Evidence, Item, ProfileDetails, Row};
use crate::capability::observed::ObservedProfile;
use crate::capability::relation::{Coverage, Validity};
use crate::wording::words::short;
use crate::wording::{observed_line, place_words, rule_words};

/// The details of a row of this name.
pub fn details<'a>(row: &'a Row, name: &'a str, named: &mut Named) -> Details<'a> {
    let mut made =
        Details { of: Shown::name(name), facts: Vec::new(), lists: Vec::new(), evidence: Vec::new(), witness: None };
    match &row.item {
        Item::Profile(profile) => add_profile(&mut made, profile, named),
        Item::SearchParam { definition, .. } | Item::Operation { definition, .. } => {
            made.facts.extend(definition.as_deref().map(|d| ("Definition", Shown::text(d))));
        }
        _ => {}
    }
    let paths = &row.paths;
    let places = [
        ("In the client's statement", &paths.client),
        ("In the client's guide", &paths.client_guide),
        ("In the server's statement", &paths.server),
        ("In the server's guide", &paths.server_guide),
    ];
    made.facts.extend(places.into_iter().filter_map(|(label, path)| Some((label, Shown::text(path.as_deref()?)))));
    made
}

fn add_profile<'a>(made: &mut Details<'a>, profile: &'a ProfileDetails, named: &mut Named) {
    made.facts.push(("Required", Shown::text(&profile.required)));
    made.facts.extend(profile.satisfied_by.as_deref().map(|by| ("Compared with", Shown::text(by))));
    made.facts.push(("Direction", Shown::text(direction_words(profile.direction))));
    made.facts.extend(profile.selector.as_deref().map(|s| ("Fetched by", Shown::text(s))));
    made.facts.extend(profile.realm.iter().map(|realm| ("Realm", Shown::name(realm))));
    made.lists.push(List::of("Only where", &profile.conditions, profile.conditions.len()));
    let whose = match profile.direction {
        Direction::Read => "What the server's data would also have to meet",
        Direction::Write => "What the client's data would also have to meet",
    };
    made.lists.push(List::of(whose, &profile.bridge, profile.bridge_count));
    made.evidence = profile.evidence.iter().map(|e| ground(e, named)).collect();
    made.witness = profile.witness.as_ref().map(|instance| {
        Witness::new(instance, about(profile.direction, &profile.required, profile.satisfied_by.as_deref()))
    });
}

/// What a witness shows.
pub fn about(direction: Direction, required: &str, by: Option<&str>) -> String {
    let by = by.unwrap_or("a profile of the other side");
    let (valid, invalid) = match direction {
        Direction::Read => (by, required),
        Direction::Write => (required, by),
    };
    format!("valid for {}, and not for {}", Shown::name(short(valid)), Shown::name(short(invalid)))
}

fn ground<'a>(evidence: &'a Evidence, named: &mut Named) -> Ground<'a> {
    let validity = evidence.validity.map(|v| match v {
        Validity::Proven => "every instance of the one is valid for the other",
        Validity::Partial => "some instances of the one are valid for the other",
        Validity::Refuted => "an instance of the one is invalid for the other",
        Validity::Unknown => "whether instances of the one are valid for the other is unknown",
    });
    let coverage = evidence.coverage.map(|c| match c {
        Coverage::All => "all of its use is served",
        Coverage::Part => "a part of its use is served",
        Coverage::None => "none of its use is served",
        Coverage::Unknown => "how much of its use is served is unknown",
    });
    Ground {
        rule: named.reasons(&[evidence.rule]),
        path: Shown::text(&evidence.path),
        found: validity.into_iter().chain(coverage).collect(),
        open: List::of("Not proven", &evidence.open, evidence.open_count),
        observed: evidence.observed.as_ref().map(|o| (observed_line(o), failures(o))),
    }
}

/// The rules that real answers fail, and where the first is that does.
fn failures(observed: &ObservedProfile) -> Vec<String> {
    let rules = observed.rules.iter().take(RULES).map(rule_words);
    let more = observed.rules.len().saturating_sub(RULES);
    let more = (more > 0).then(|| format!("and {more} more rules"));
    rules.chain(more).chain(observed.witness.as_ref().map(place_words)).collect()
}
