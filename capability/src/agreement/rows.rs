//! One row for each item of the client's statement: what the client requires, what the server offers, what is granted,
//! and what follows. All lists of a result are made of these rows.

use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};

use super::answer::{Answer, ScopeAnswer, Usable};
use super::profile::ProfileDetails;
use super::verdict::{Finding, RowVerdict};
use crate::expectation::{Expectation, Weight};
use crate::reason::Reason;

/// What a row is about.
#[derive(Clone, Debug)]
pub enum Item {
    /// The entry of a resource type itself.
    Type(String),
    /// A required profile in one direction.
    Profile(Box<ProfileDetails>),
    /// An interaction by its code, as `search-type`.
    Interaction(String),
    /// A search parameter.
    SearchParam {
        /// Its name.
        name: String,
        /// The canonical of its SearchParameter, where the client gives one.
        definition: Option<String>,
    },
    /// A combination of search parameters.
    Combination {
        /// Names of parameters that are always in the query.
        required: Vec<String>,
        /// Names of parameters that may be in the query.
        optional: Vec<String>,
    },
    /// An `_include` or `_revinclude`.
    Include {
        /// As it is written, such as `Provenance:target`.
        code: String,
        /// True for `_revinclude`.
        reverse: bool,
    },
    /// An operation.
    Operation {
        /// The name without `$`.
        name: String,
        /// The canonical of its OperationDefinition, where the client gives one.
        definition: Option<String>,
    },
    /// A flag of a resource entry, such as `conditionalDelete`.
    Flag {
        /// Its name.
        name: String,
        /// The value that the client states, as `single`.
        value: String,
    },
}

/// The kinds of rows, in the order of the lists in the published JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// The entry of a type.
    Type,
    /// Profiles.
    Profile,
    /// Interactions.
    Interaction,
    /// Search parameters.
    SearchParam,
    /// Combinations of search parameters.
    Combination,
    /// Includes.
    Include,
    /// Operations.
    Operation,
    /// Flags.
    Flag,
}

impl Kind {
    /// The kinds that a type has a list of.
    pub const OF_TYPE: [Kind; 7] = [
        Kind::Profile,
        Kind::Interaction,
        Kind::SearchParam,
        Kind::Combination,
        Kind::Include,
        Kind::Operation,
        Kind::Flag,
    ];

    /// The kinds that the system level has a list of.
    pub const OF_SYSTEM: [Kind; 3] = [Kind::Interaction, Kind::SearchParam, Kind::Operation];

    /// The name of the list in the published JSON.
    pub fn list(self) -> &'static str {
        match self {
            Kind::Type => "resources",
            Kind::Profile => "profiles",
            Kind::Interaction => "interactions",
            Kind::SearchParam => "searchParams",
            Kind::Combination => "combinations",
            Kind::Include => "includes",
            Kind::Operation => "operations",
            Kind::Flag => "flags",
        }
    }

    /// The name of one, which policy scripts are asked by.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Type => "type",
            Kind::Profile => "profile",
            Kind::Interaction => "interaction",
            Kind::SearchParam => "search",
            Kind::Combination => "combination",
            Kind::Include => "include",
            Kind::Operation => "operation",
            Kind::Flag => "flag",
        }
    }
}

impl Item {
    /// What kind of row it makes.
    pub fn kind(&self) -> Kind {
        match self {
            Item::Type(_) => Kind::Type,
            Item::Profile(_) => Kind::Profile,
            Item::Interaction(_) => Kind::Interaction,
            Item::SearchParam { .. } => Kind::SearchParam,
            Item::Combination { .. } => Kind::Combination,
            Item::Include { .. } => Kind::Include,
            Item::Operation { .. } => Kind::Operation,
            Item::Flag { .. } => Kind::Flag,
        }
    }

    /// Its name among those of its kind: a code, a name, a canonical; the names of a combination joined by `+`.
    pub fn name(&self) -> String {
        match self {
            Item::Type(name)
            | Item::Interaction(name)
            | Item::SearchParam { name, .. }
            | Item::Include { code: name, .. }
            | Item::Operation { name, .. }
            | Item::Flag { name, .. } => name.clone(),
            Item::Profile(profile) => profile.required.clone(),
            Item::Combination { required, optional } => {
                required.iter().chain(optional).map(String::as_str).collect::<Vec<_>>().join("+")
            }
        }
    }

    fn members<M: SerializeMap>(&self, map: &mut M) -> Result<(), M::Error> {
        match self {
            Item::Type(name) => map.serialize_entry("type", name),
            Item::Profile(profile) => profile.members(map),
            Item::Interaction(code) => map.serialize_entry("code", code),
            Item::SearchParam { name, definition } | Item::Operation { name, definition } => {
                map.serialize_entry("name", name)?;
                map.serialize_entry("definition", definition)
            }
            Item::Combination { required, optional } => {
                map.serialize_entry("required", required)?;
                map.serialize_entry("optional", optional)
            }
            Item::Include { code, reverse } => {
                map.serialize_entry("code", code)?;
                map.serialize_entry("reverse", reverse)
            }
            Item::Flag { name, value } => {
                map.serialize_entry("name", name)?;
                map.serialize_entry("value", value)
            }
        }
    }
}

/// Where an item stands, as JSON pointers (RFC 6901).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Paths {
    /// In the client's statement; null where it is in none.
    pub client: Option<String>,
    /// In the server's statement; null where the server does not list it.
    pub server: Option<String>,
    /// In the statement that the client's guide, or an import of the client, has it from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_guide: Option<String>,
    /// The same of the server.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub server_guide: Option<String>,
}

/// One item of the client's statement.
#[derive(Clone, Debug)]
pub struct Row {
    /// What it is about.
    pub item: Item,
    /// The item's own expectation.
    pub client: Option<Expectation>,
    /// What it weighs in the verdict; null: it requires nothing.
    pub weighs: Option<Weight>,
    /// What the server offers.
    pub server: Answer,
    /// What is granted; null without a scope string, and where it needs no scope.
    pub scope: Option<ScopeAnswer>,
    /// What follows from `server` and `scope`.
    pub usable: Usable,
    /// Whether the requirement is met.
    pub finding: Finding,
    /// Why it is so.
    pub why: Vec<Reason>,
    /// Where it stands on both sides.
    pub paths: Paths,
}

impl Row {
    /// `told` where it requires nothing, else what was found.
    pub fn verdict(&self) -> RowVerdict {
        match (self.weighs, self.finding) {
            (None, _) => RowVerdict::Told,
            (_, Finding::Satisfied) => RowVerdict::Ok,
            (_, Finding::Unmet) => RowVerdict::Failed,
            (_, Finding::Unknown) => RowVerdict::Unknown,
        }
    }

    /// What kind of row it is.
    pub fn kind(&self) -> Kind {
        self.item.kind()
    }

    /// The profile that it is about, where it is about one.
    pub fn profile(&self) -> Option<&ProfileDetails> {
        match &self.item {
            Item::Profile(profile) => Some(profile),
            _ => None,
        }
    }

    /// The members that every row has, but `verdict` where it stands for more than the row.
    pub(super) fn common<M: SerializeMap>(&self, map: &mut M) -> Result<(), M::Error> {
        self.item.members(map)?;
        map.serialize_entry("client", &self.client)?;
        map.serialize_entry("weighs", &self.weighs)?;
        map.serialize_entry("server", &self.server)?;
        map.serialize_entry("scope", &self.scope)?;
        map.serialize_entry("usable", &self.usable)?;
        map.serialize_entry("why", &self.why)?;
        map.serialize_entry("paths", &self.paths)
    }
}

impl Serialize for Row {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        self.common(&mut map)?;
        map.serialize_entry("verdict", &self.verdict())?;
        map.end()
    }
}

/// The rows of one kind as a list.
pub(super) struct List<'r>(pub &'r [Row], pub Kind);

impl Serialize for List<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.iter().filter(|r| r.kind() == self.1))
    }
}
