//! The negotiated profile set, as a program uses it.

use serde::Serialize;

use super::profile::{Direction, ProfileStatus};

/// A profile that both sides can use.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SharedProfile {
    /// The resource type.
    #[serde(rename = "type")]
    pub resource_type: String,
    /// Which way the resources flow.
    pub direction: Direction,
    /// The client's profile, as `url|version`.
    pub profile: String,
    /// The server's profile that stands for it; null where it is not known by name.
    #[serde(rename = "as")]
    pub served_as: Option<String>,
    /// `proven`, `claimed` or `partial`.
    pub status: ProfileStatus,
    /// What selects the part of a partial status; null where all is served.
    pub condition: Option<String>,
    /// The query that fetches only instances of the profile.
    pub selector: Option<String>,
    /// The scopes, in normal form, under which it can be used; empty where scopes were not considered.
    pub scopes: Vec<String>,
    /// The codes of the client's interactions that can be used with it.
    pub interactions: Vec<String>,
}
