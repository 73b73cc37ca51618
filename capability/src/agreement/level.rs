//! The rows of the system level and of one type, with what they add up to.

use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};

use super::profile::ProfileDetails;
use super::rows::{Kind, List, Row};
use super::verdict::{Counts, Verdict};

/// The system level of the client's statement.
#[derive(Clone, Debug, Default)]
pub struct SystemAgreement {
    /// Interactions, search parameters and operations, in the client's order within each kind.
    pub rows: Vec<Row>,
}

/// One of the client's types.
#[derive(Clone, Debug)]
pub struct ResourceAgreement {
    /// The type.
    pub resource_type: String,
    /// Its entry, which is a requirement itself.
    pub entry: Row,
    /// The verdict over this type only.
    pub verdict: Verdict,
    /// The counts of this type only.
    pub counts: Counts,
    /// Everything of the entry, in the client's order within each kind.
    pub rows: Vec<Row>,
}

impl SystemAgreement {
    /// The rows of a kind.
    pub fn of(&self, kind: Kind) -> impl Iterator<Item = &Row> {
        self.rows.iter().filter(move |r| r.kind() == kind)
    }
}

impl ResourceAgreement {
    /// The rows of a kind.
    pub fn of(&self, kind: Kind) -> impl Iterator<Item = &Row> {
        self.rows.iter().filter(move |r| r.kind() == kind)
    }

    /// The row of a kind at this position, from 0.
    pub fn row(&self, kind: Kind, at: usize) -> Option<&Row> {
        self.of(kind).nth(at)
    }

    /// The rows about profiles, with what they tell beyond other rows.
    pub fn profiles(&self) -> impl Iterator<Item = (&Row, &ProfileDetails)> {
        self.rows.iter().filter_map(|r| Some((r, r.profile()?)))
    }

    /// The entry, then its rows.
    pub fn all(&self) -> impl Iterator<Item = &Row> {
        std::iter::once(&self.entry).chain(&self.rows)
    }
}

impl Serialize for SystemAgreement {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for kind in Kind::OF_SYSTEM {
            map.serialize_entry(kind.list(), &List(&self.rows, kind))?;
        }
        map.end()
    }
}

impl Serialize for ResourceAgreement {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        self.entry.common(&mut map)?;
        map.serialize_entry("verdict", &self.verdict)?;
        map.serialize_entry("counts", &self.counts)?;
        for kind in Kind::OF_TYPE {
            map.serialize_entry(kind.list(), &List(&self.rows, kind))?;
        }
        map.end()
    }
}
