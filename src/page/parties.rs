//! Who negotiates: what the statements say of themselves.

use askama::Template;

use super::text::Shown;
use crate::capability::agreement::{Parties, PartyInfo};

/// Both sides.
#[derive(Template)]
#[template(path = "page/parties.html")]
pub struct PartiesPart<'a> {
    sides: [Side<'a>; 2],
}

struct Side<'a> {
    role: &'static str,
    name: Shown<'a>,
    facts: Vec<(&'static str, Shown<'a>)>,
}

impl<'a> PartiesPart<'a> {
    /// Of a result.
    pub fn of(parties: &'a Parties) -> PartiesPart<'a> {
        PartiesPart { sides: [side("Client", &parties.client), side("Server", &parties.server)] }
    }
}

fn side<'a>(role: &'static str, party: &'a PartyInfo) -> Side<'a> {
    let all = [
        ("Version", &party.version),
        ("Address", &party.url),
        ("Software", &party.software),
        ("Kind of statement", &party.kind),
        ("Read from", &party.from),
    ];
    let facts = all.into_iter().filter_map(|(label, text)| Some((label, Shown::text(text.as_deref()?)))).collect();
    Side { role, name: name(party, role), facts }
}

/// What a party is called: its title, else its url, else where it was read from, else its role.
pub fn name<'a>(party: &'a PartyInfo, role: &'a str) -> Shown<'a> {
    let known = [&party.title, &party.url, &party.from];
    Shown::name(known.into_iter().find_map(|text| text.as_deref()).unwrap_or(role))
}
