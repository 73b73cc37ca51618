//! The result of a negotiation: its shape, and how findings become verdicts. Serialised, it is the published JSON.

mod answer;
mod ask;
mod effect;
mod hook;
mod level;
mod profile;
mod profile_set;
mod rows;
mod summary;
mod verdict;

pub use crate::parties::{Parties, PartyInfo};
pub use crate::scope_outcome::{
    ClientType, Flow, Launch, LaunchContext, Outcome, PatientSelection, RefreshToken, ScopeOutcome,
};
pub use answer::{Answer, ScopeAnswer, Usable};
pub use ask::{Ask, AskedToken};
pub use effect::{Change, PolicyEffect};
pub use hook::HookAnswer;
pub use level::{ResourceAgreement, SystemAgreement};
pub use profile::{Direction, Evidence, ProfileDetails, ProfileStatus};
pub use profile_set::SharedProfile;
pub use rows::{Item, Kind, Paths, Row};
pub use summary::{FailingItem, ShallCounts, Summary, TypeCounts};
pub use verdict::{Counts, Finding, RowVerdict, Tally, Verdict};

use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};

use crate::issue::Issue;
use crate::observed::ObservedTotals;
use crate::reason::Reason;

/// What a client and a server can do together.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Agreement {
    /// SHA-256 of the canonical inputs and the program's version, in hexadecimal digits.
    pub id: String,
    /// The version of the program that made it.
    pub accord: &'static str,
    /// Who negotiates.
    pub parties: Parties,
    /// The verdict over everything that the client requires.
    pub verdict: Verdict,
    /// Why the counts alone do not decide the verdict.
    pub why: Vec<Reason>,
    /// What the server has of the client's types, and which items that the client itself marks SHALL fail on them.
    pub summary: Summary,
    /// Over all types and the system level.
    pub counts: Counts,
    /// The FHIR version that both sides speak.
    pub fhir_version: VersionChoice,
    /// The system level of the client's statement.
    pub system: SystemAgreement,
    /// The client's types, in its order.
    pub resources: Vec<ResourceAgreement>,
    /// The profiles that both sides can use.
    pub profile_set: Vec<SharedProfile>,
    /// One for each requested token, in the request's order.
    pub scopes: Vec<ScopeOutcome>,
    /// What the launch gives in addition to access.
    pub launch: Launch,
    /// What the app can expect to be allowed, by type.
    pub can_do: CanDo,
    /// The scope string to send.
    pub ask: Ask,
    /// Granted scopes that nothing in the client's statement uses, in their shortest form.
    pub unused_grants: Vec<String>,
    /// Where the policy's script changed a weight; absent without such a script.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub policy: Option<PolicyEffect>,
    /// What was read of the server's answers; absent where none were given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub observed: Option<ObservedTotals>,
    /// Of the prefetch templates of CDS Hooks services that are the client, in their order; absent for other clients.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub hooks: Vec<HookAnswer>,
    /// Remarks on the inputs, in the order in which they were made.
    pub issues: Vec<Issue>,
}

/// The FHIR version that both sides speak.
#[derive(Clone, Debug, Serialize)]
pub struct VersionChoice {
    /// As `4.0`; null where the sides do not agree or one of them names no known version.
    pub chosen: Option<String>,
    /// Rule ids.
    pub why: Vec<Reason>,
}

/// What the app can expect to be allowed on one type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Actions {
    /// Reading by id.
    pub read: Usable,
    /// Searching the type.
    pub search: Usable,
    /// Creating.
    pub create: Usable,
    /// The better of update and patch.
    pub update: Usable,
    /// Deleting.
    pub delete: Usable,
}

/// Actions by type, in the client's order; in JSON an object.
#[derive(Clone, Debug, Default)]
pub struct CanDo(pub Vec<(String, Actions)>);

impl Serialize for CanDo {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (resource_type, actions) in &self.0 {
            map.serialize_entry(resource_type, actions)?;
        }
        map.end()
    }
}
