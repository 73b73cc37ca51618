//! The rows of an agreement with the types that they belong to, and how people call them.

use super::outcome::quoted;
use crate::agreement::{Agreement, Answer, Item, Kind, Row};
use crate::reason::Reason;

/// A row and the type that it belongs to; `None` at the system level.
#[derive(Clone, Copy)]
pub(super) struct Line<'a> {
    pub resource_type: Option<&'a str>,
    pub row: &'a Row,
}

/// What makes two lines be about the same item.
pub(super) type Key<'a> = (Option<&'a str>, Kind, bool, String);

/// All rows: the system level, then each type with its entry first.
pub(super) fn lines(agreement: &Agreement) -> impl Iterator<Item = Line<'_>> {
    let system = agreement.system.rows.iter().map(|row| Line { resource_type: None, row });
    let types = agreement.resources.iter().flat_map(|r| {
        let resource_type = Some(r.resource_type.as_str());
        r.all().map(move |row| Line { resource_type, row })
    });
    system.chain(types)
}

impl<'a> Line<'a> {
    pub(super) fn key(&self) -> Key<'a> {
        let reverse = matches!(self.row.item, Item::Include { reverse: true, .. });
        (self.resource_type, self.row.kind(), reverse, self.row.item.name())
    }

    /// True for an item of a type that the server does not have: the type's entry says so for all of them.
    pub(super) fn is_of_absent_type(&self) -> bool {
        self.row.kind() != Kind::Type && self.row.why.contains(&Reason::TypeAbsent)
    }

    /// True where the server's statement lists it, with whatever expectation.
    pub(super) fn is_shared(&self) -> bool {
        let row = self.row;
        match row.profile() {
            Some(profile) => profile.status.passes(),
            None if row.server == Answer::Unknown => row.why.contains(&Reason::ServerExpectation) && is_placed(row),
            None => row.server == Answer::Yes,
        }
    }

    /// The reason to name: the first that says more than that a search is missing.
    pub(super) fn reason(&self) -> Reason {
        self.row.why.first().copied().unwrap_or(Reason::Unlisted)
    }

    /// What it is about, for people.
    pub(super) fn subject(&self) -> String {
        let what = match &self.row.item {
            Item::Type(name) => return format!("resource type {}", quoted(name)),
            Item::Profile(profile) => format!("profile {}", quoted(&profile.required)),
            Item::Interaction(code) => format!("interaction {}", quoted(code)),
            Item::SearchParam { name, .. } => format!("search parameter {}", quoted(name)),
            Item::Combination { .. } => format!("search parameter combination {}", quoted(&self.row.item.name())),
            Item::Include { code, reverse: false } => format!("`_include` {}", quoted(code)),
            Item::Include { code, reverse: true } => format!("`_revinclude` {}", quoted(code)),
            Item::Operation { name, definition } => {
                format!(
                    "operation {}",
                    quoted(if name.is_empty() { definition.as_deref().unwrap_or("") } else { name })
                )
            }
            Item::Flag { name, value } => format!("{} {}", quoted(name), quoted(value)),
        };
        match self.resource_type {
            Some(resource_type) => format!("{what} of {}", quoted(resource_type)),
            None => format!("{what} of the system"),
        }
    }
}

/// True where the server's statement has the item somewhere.
pub(super) fn is_placed(row: &Row) -> bool {
    row.paths.server.is_some() || row.paths.server_guide.is_some()
}
