//! Whether what the server declares satisfies a required profile.

use serde::Serialize;

use super::verdict::Finding;
use crate::expectation::{Expectation, Weight};
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
}

/// What a status is based on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Evidence {
    /// A rule id.
    pub rule: &'static str,
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
}

/// One required profile in one direction.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ProfileAgreement {
    /// `url|version`, or the url without a version.
    pub required: String,
    /// The item's own expectation.
    pub client: Option<Expectation>,
    /// What it weighs in the verdict; null: nothing.
    pub weighs: Option<Weight>,
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
    /// Rule ids.
    pub why: Vec<&'static str>,
    /// An instance of one profile that does not conform to the other.
    pub witness: Option<serde_json::Value>,
    /// What the data would also have to meet, as `Patient.identifier: at least 1`: the server's on a read, the client's
    /// on a write. The first demands.
    pub bridge: Vec<String>,
    /// How many demands the whole bridge has.
    pub bridge_count: usize,
}
