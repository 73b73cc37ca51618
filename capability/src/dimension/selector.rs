//! The query that fetches only instances of a profile.

use fhir_accord_profiles::definition::Canonical;

use super::ground::TypeGround;
use super::narrowing::element_of;
use super::parameter::Parameters;
use super::search;
use super::versions::meant;
use crate::agreement::Answer;
use crate::definitions::CodesAt;
use crate::scope::{Pair, Query};
use crate::statement::Named;

/// The parameters by whose fixed codes a profile is selected, the most telling first.
const SELECTING: [&str; 3] = ["code", "category", "type"];

/// The server's mapping; else `_profile` where the server has it; else the codes that the required profile fixes, by a
/// parameter that the server has.
pub fn selector(ground: &TypeGround<'_>, required: &Canonical, satisfied_by: &Canonical) -> Option<String> {
    let mapped = |profile: &Canonical| ground.server.listed().selector(&profile.url);
    if let Some(search) = mapped(satisfied_by).or_else(|| mapped(required)) {
        return Some(search.to_owned());
    }
    if has(ground, "_profile") {
        return Some(format!("_profile={}", satisfied_by.url));
    }
    let profile = meant(required, ground.sides.release, ground.sides.definitions).into_iter().next()?;
    SELECTING.iter().filter(|name| has(ground, name)).find_map(|name| {
        let CodesAt::Fixed(codes) = ground.sides.definitions.codes_at(&profile, &element_of(ground, name)?) else {
            return None;
        };
        let (system, code) = codes.into_iter().next()?;
        let value = system.map_or_else(|| code.clone(), |s| format!("{s}|{code}"));
        Some(Query::of(vec![Pair { name: (*name).to_owned(), values: vec![value] }]).to_string())
    })
}

fn has(ground: &TypeGround<'_>, name: &str) -> bool {
    let offered = search::offered_on_type(&ground.server, &Named::by_name(name), Parameters::of(&ground.sides));
    offered.answer == Answer::Yes
}
