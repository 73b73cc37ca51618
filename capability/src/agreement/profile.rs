//! Whether what the server declares satisfies a required profile.

use serde::Serialize;
use serde::ser::SerializeMap;

use super::answer::Answer;
use super::verdict::Finding;
use crate::observed::ObservedProfile;
use crate::reason::Reason;
use crate::relation::{Coverage, Validity};

/// Which way resources flow: a read takes what the server makes, a write what the client makes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Direction {
    /// From the server to the client.
    Read,
    /// From the client to the server.
    Write,
}

/// Whether instances of one profile satisfy another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum ProfileStatus {
    /// The definitions show it.
    Proven,
    /// The server says so, and nothing contradicts it.
    Claimed,
    /// For some instances only.
    Partial,
    /// The definitions show that it is not so.
    Refuted,
    /// It cannot be determined.
    Unknown,
}

impl ProfileStatus {
    /// Whether it counts as met.
    pub fn passes(self) -> bool {
        matches!(self, ProfileStatus::Proven | ProfileStatus::Claimed)
    }

    /// Whether the requirement is met.
    pub fn finding(self) -> Finding {
        match self {
            ProfileStatus::Proven | ProfileStatus::Claimed => Finding::Satisfied,
            ProfileStatus::Partial | ProfileStatus::Unknown => Finding::Unknown,
            ProfileStatus::Refuted => Finding::Unmet,
        }
    }

    /// What the server offers, as other rows say it.
    pub fn answer(self) -> Answer {
        match self.finding() {
            Finding::Satisfied => Answer::Yes,
            Finding::Unknown => Answer::Unknown,
            Finding::Unmet => Answer::No,
        }
    }
}

/// What a status is based on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Evidence {
    /// A rule id.
    pub rule: Reason,
    /// The element of the server's statement.
    pub path: String,
    /// Whether the instances of the one profile are valid for the other; null where they were not compared.
    pub validity: Option<Validity>,
    /// How much of the required profile's use is served; null where that was not asked.
    pub coverage: Option<Coverage>,
    /// The first demands that are not proven, as `min of Patient.identifier`.
    pub open: Vec<String>,
    /// How many are not proven.
    pub open_count: usize,
    /// What real answers of the server tell; absent where they tell nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub observed: Option<ObservedProfile>,
}

/// What a row about a required profile tells beyond what every row does.
#[derive(Clone, Debug)]
pub struct ProfileDetails {
    /// `url|version`, or the url without a version.
    pub required: String,
    /// The declared profile that the status is about.
    pub satisfied_by: Option<String>,
    /// Package families of the required profile, as `US`.
    pub realm: Vec<String>,
    /// Which way the resources flow.
    pub direction: Direction,
    /// Whether the requirement is met.
    pub status: ProfileStatus,
    /// The query that fetches only instances of the profile.
    pub selector: Option<String>,
    /// The conditions that together select what a partial status speaks of.
    pub conditions: Vec<String>,
    /// What the status is based on.
    pub evidence: Vec<Evidence>,
    /// An instance of one profile that does not conform to the other.
    pub witness: Option<serde_json::Value>,
    /// What the data would also have to meet, as `Patient.identifier: at least 1`: the server's on a read, the client's
    /// on a write. The first demands.
    pub bridge: Vec<String>,
    /// How many demands the whole bridge has.
    pub bridge_count: usize,
}

impl ProfileDetails {
    pub(super) fn members<M: SerializeMap>(&self, map: &mut M) -> Result<(), M::Error> {
        map.serialize_entry("required", &self.required)?;
        map.serialize_entry("satisfiedBy", &self.satisfied_by)?;
        map.serialize_entry("realm", &self.realm)?;
        map.serialize_entry("direction", &self.direction)?;
        map.serialize_entry("status", &self.status)?;
        map.serialize_entry("selector", &self.selector)?;
        map.serialize_entry("conditions", &self.conditions)?;
        map.serialize_entry("evidence", &self.evidence)?;
        map.serialize_entry("witness", &self.witness)?;
        map.serialize_entry("bridge", &self.bridge)?;
        map.serialize_entry("bridgeCount", &self.bridge_count)
    }
}
