//! What an agreement comes to on the types that the server has: it separates servers where the weights of the
//! statement's paths say the same of all. It speaks of what the server's statement offers for reading: interactions,
//! searches, includes, operations. Profiles, writes and grants are for the rows to tell.

use serde::Serialize;

use super::answer::Answer;
use super::level::{ResourceAgreement, SystemAgreement};
use super::rows::{Item, Row};
use crate::expectation::Expectation;
use crate::reason::Reason;

/// How many of the client's types the server has, and what fails on them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// Of the client's types.
    pub types: TypeCounts,
    /// Of what the client itself marks SHALL, on the types that the server has.
    pub shall: ShallCounts,
    /// Those of them that fail.
    pub failing: Vec<FailingItem>,
}

/// Numbers of types.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct TypeCounts {
    /// That the client lists.
    pub client: usize,
    /// That the server has, too.
    pub server: usize,
    /// On which no item that the client itself marks SHALL fails.
    pub whole: usize,
}

/// Numbers of items that the client itself marks SHALL.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ShallCounts {
    /// Met.
    pub ok: usize,
    /// Failed.
    pub failed: usize,
    /// Of which this cannot be determined.
    pub unknown: usize,
}

/// An item that the client itself marks SHALL, and that fails on a type that the server has.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FailingItem {
    /// The type; null at the system level.
    #[serde(rename = "type")]
    pub resource_type: Option<String>,
    /// The kind of the item, as `interaction`.
    pub kind: &'static str,
    /// Its code, name or canonical.
    pub item: String,
    /// Why it fails.
    pub why: Vec<Reason>,
}

impl Summary {
    /// What these rows come to.
    pub fn of(system: &SystemAgreement, resources: &[ResourceAgreement]) -> Summary {
        let mut made = Summary::default();
        made.types.client = resources.iter().filter(|r| r.entry.weighs.is_some()).count();
        for row in &system.rows {
            made.count(None, row);
        }
        for resource in resources.iter().filter(|r| r.entry.server == Answer::Yes && r.entry.weighs.is_some()) {
            made.types.server += 1;
            let mut whole = true;
            for row in &resource.rows {
                whole &= made.count(Some(&resource.resource_type), row);
            }
            made.types.whole += usize::from(whole);
        }
        made
    }

    /// Counts an item that is marked SHALL; false where one fails.
    fn count(&mut self, resource_type: Option<&str>, row: &Row) -> bool {
        if row.client != Some(Expectation::Shall) || !is_about_reading(&row.item) {
            return true;
        }
        match row.server {
            Answer::Yes => self.shall.ok += 1,
            Answer::Unknown => self.shall.unknown += 1,
            Answer::No => {
                self.shall.failed += 1;
                self.failing.push(FailingItem {
                    resource_type: resource_type.map(str::to_owned),
                    kind: row.kind().name(),
                    item: row.item.name(),
                    why: row.why.clone(),
                });
            }
        }
        row.server != Answer::No
    }
}

fn is_about_reading(item: &Item) -> bool {
    match item {
        Item::Interaction(code) => !matches!(code.as_str(), "create" | "update" | "patch" | "delete"),
        Item::Profile(_) | Item::Flag { .. } => false,
        _ => true,
    }
}
