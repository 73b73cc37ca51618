//! What a method and a path below the base address ask for (<https://hl7.org/fhir/R4/http.html>).

use super::item::{Item, Level};
use super::notice::Kind;
use super::query::is_name;
use super::request::Method;
use super::types::{is_r4, known};

/// The types that have a compartment (<https://hl7.org/fhir/R4/compartmentdefinition.html>).
const COMPARTMENTS: [&str; 5] = ["Patient", "Encounter", "RelatedPerson", "Practitioner", "Device"];

/// What is asked.
#[derive(Clone, Copy, Debug)]
pub(super) struct Asked<'a> {
    pub method: Method,
    /// The path below the base address.
    pub path: &'a [&'a str],
    /// True where the query has search parameters.
    pub has_criteria: bool,
    /// True where the query asks for a further page.
    pub is_page: bool,
    /// True with the header `If-None-Exist`.
    pub if_none_exist: bool,
}

/// What the names in the query are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Use {
    /// Nothing that a statement lists.
    Other,
    /// Those of a search.
    Search,
    /// The criteria of a conditional request.
    Criteria,
}

/// What is needed for a request.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Action {
    /// `None` for the system.
    pub resource_type: Option<&'static str>,
    pub item: Item,
    /// What is needed besides.
    pub besides: Option<Item>,
    pub query: Use,
}

impl Action {
    fn plain(code: &'static str) -> Action {
        Action { resource_type: None, item: Item::Interaction(code), besides: None, query: Use::Other }
    }

    fn search(code: &'static str) -> Action {
        Action { query: Use::Search, ..Action::plain(code) }
    }

    fn conditional(code: &'static str, besides: Item) -> Action {
        Action { besides: Some(besides), query: Use::Criteria, ..Action::plain(code) }
    }
}

/// What a request needs, or why that cannot be told.
pub(super) fn action(asked: &Asked<'_>) -> Result<Action, Kind> {
    if asked.method == Method::Options {
        return Err(Kind::Preflight);
    }
    let Some((first, rest)) = asked.path.split_first().filter(|(first, _)| !first.starts_with(['_', '$'])) else {
        return of_system(asked);
    };
    match (known(first), asked.method) {
        (Some(name), _) if !is_r4(name) => Err(Kind::OtherVersion),
        (Some(name), _) => {
            let found = of_type(asked, name, rest).or_else(|| of_instance(asked.method, name, rest));
            found.map(|a| Action { resource_type: a.resource_type.or(Some(name)), ..a }).ok_or(Kind::NoInteraction)
        }
        (None, Method::Get) if matches!(*first, "metadata" | ".well-known") => Err(Kind::SelfDescription),
        (None, _) if first.starts_with(|c: char| c.is_ascii_uppercase()) => Err(Kind::UnknownType),
        (None, _) => Err(Kind::NoType),
    }
}

fn of_system(asked: &Asked<'_>) -> Result<Action, Kind> {
    match (asked.method, asked.path) {
        (Method::Get, []) if asked.is_page => Err(Kind::NextPage),
        (Method::Get, []) if asked.has_criteria => Ok(Action::search("search-system")),
        (Method::Get, []) => Err(Kind::NoType),
        (Method::Get | Method::Post, ["_search"]) => Ok(Action::search("search-system")),
        (Method::Get, ["_history"]) => Ok(Action::plain("history-system")),
        (method, [name]) => operation(method, name, Level::System).ok_or(Kind::NoInteraction),
        _ => Err(Kind::NoInteraction),
    }
}

fn of_type(asked: &Asked<'_>, name: &str, rest: &[&str]) -> Option<Action> {
    let criteria = asked.has_criteria;
    Some(match (asked.method, rest) {
        (Method::Get, []) | (Method::Get | Method::Post, ["_search"]) => Action::search("search-type"),
        (Method::Post, []) if asked.if_none_exist => Action::conditional("create", Item::Flag("conditionalCreate")),
        (Method::Post, []) => Action::plain("create"),
        (Method::Put, []) if criteria => Action::conditional("update", Item::Flag("conditionalUpdate")),
        (Method::Patch, []) if criteria => Action::conditional("patch", Item::ConditionalPatch),
        (Method::Delete, []) if criteria => Action::conditional("delete", Item::Flag("conditionalDelete")),
        (Method::Get, ["_history"]) => Action::plain("history-type"),
        (method, [word]) => operation(method, word, Level::Type)?,
        (Method::Get, [_, other]) | (Method::Get | Method::Post, [_, other, "_search"]) => {
            let searched = known(other).filter(|o| is_r4(o))?;
            let compartment = COMPARTMENTS.into_iter().find(|c| *c == name)?;
            let besides = Some(Item::Compartment(compartment));
            Action { resource_type: Some(searched), besides, ..Action::search("search-type") }
        }
        _ => return None,
    })
}

fn of_instance(method: Method, name: &'static str, rest: &[&str]) -> Option<Action> {
    let (id, rest) = rest.split_first()?;
    if id.starts_with(['_', '$']) {
        return None;
    }
    let action = match (method, rest) {
        (Method::Get, []) => Action::plain("read"),
        (Method::Put, []) => Action::plain("update"),
        (Method::Patch, []) => Action::plain("patch"),
        (Method::Delete, []) => Action::plain("delete"),
        (Method::Get, ["_history"]) => Action::plain("history-instance"),
        (Method::Get, ["_history", _]) => Action::plain("vread"),
        (method, [word] | ["_history", _, word]) => operation(method, word, Level::Instance)?,
        _ => return None,
    };
    Some(Action { resource_type: Some(name), ..action })
}

/// The operation that a segment calls.
fn operation(method: Method, segment: &str, level: Level) -> Option<Action> {
    let name = segment.strip_prefix('$').filter(|name| is_name(name))?;
    matches!(method, Method::Get | Method::Post)
        .then(|| Action { item: Item::Operation(name.to_owned(), level), ..Action::plain("") })
}
