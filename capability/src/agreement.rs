//! The result of a negotiation: its shape, and how findings become verdicts. Serialised, it is the published JSON.

pub use crate::scope_outcome::{
    ClientType, Flow, Launch, LaunchContext, Outcome, PatientSelection, RefreshToken, ScopeOutcome,
};

use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};

use crate::expectation::{Expectation, Weight};
use crate::issue::Issue;
use crate::weighing::PolicyEffect;

/// What client and server can do together.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Agreement {
    /// SHA-256 of the canonical inputs, in hexadecimal digits.
    pub id: String,
    pub verdict: Verdict,
    /// Over all types and the system level.
    pub counts: Counts,
    pub fhir_version: VersionChoice,
    pub system: SystemAgreement,
    /// The client's types, in its order.
    pub resources: Vec<ResourceAgreement>,
    /// One for each requested token, in the request's order.
    pub scopes: Vec<ScopeOutcome>,
    pub launch: Launch,
    pub can_do: CanDo,
    /// Granted scopes that nothing in the client's statement uses, in their shortest form.
    pub unused_grants: Vec<String>,
    /// What the policy's script weighs otherwise than the statements; absent without such a script.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub policy: Option<PolicyEffect>,
    pub issues: Vec<Issue>,
}

/// The first that holds: a failed SHALL, an unknown SHALL, a failed SHOULD, none of these.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    Compatible,
    Degraded,
    Indeterminate,
    Incompatible,
}

/// Whether a requirement is met.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Finding {
    Satisfied,
    Unmet,
    Unknown,
}

/// How many requirements of one weight are met, fail, or are unknown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Tally {
    pub ok: u32,
    pub failed: u32,
    pub unknown: u32,
}

/// Tallies by weight.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    #[serde(rename = "SHALL")]
    pub shall: Tally,
    #[serde(rename = "SHOULD")]
    pub should: Tally,
    #[serde(rename = "MAY")]
    pub may: Tally,
}

impl Counts {
    /// Counts one finding; what weighs nothing is not counted.
    pub fn add(&mut self, weight: Option<Weight>, finding: Finding) {
        let tally = match weight {
            Some(Weight::Shall) => &mut self.shall,
            Some(Weight::Should) => &mut self.should,
            Some(Weight::May) => &mut self.may,
            None => return,
        };
        match finding {
            Finding::Satisfied => tally.ok += 1,
            Finding::Unmet => tally.failed += 1,
            Finding::Unknown => tally.unknown += 1,
        }
    }

    pub fn include(&mut self, other: &Counts) {
        for (own, more) in
            [(&mut self.shall, other.shall), (&mut self.should, other.should), (&mut self.may, other.may)]
        {
            own.ok += more.ok;
            own.failed += more.failed;
            own.unknown += more.unknown;
        }
    }

    pub fn verdict(&self) -> Verdict {
        if self.shall.failed > 0 {
            Verdict::Incompatible
        } else if self.shall.unknown > 0 {
            Verdict::Indeterminate
        } else if self.should.failed > 0 {
            Verdict::Degraded
        } else {
            Verdict::Compatible
        }
    }
}

/// The FHIR version that both sides speak.
#[derive(Clone, Debug, Serialize)]
pub struct VersionChoice {
    /// As `4.0`; null where they do not agree or one of them is unknown.
    pub chosen: Option<String>,
    pub why: Vec<&'static str>,
}

/// What a server offers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Answer {
    Yes,
    No,
    Unknown,
}

impl Answer {
    pub fn finding(self) -> Finding {
        match self {
            Answer::Yes => Finding::Satisfied,
            Answer::No => Finding::Unmet,
            Answer::Unknown => Finding::Unknown,
        }
    }
}

/// What is known of the grant for an interaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum ScopeAnswer {
    /// A token response or a policy says so.
    #[serde(rename = "granted")]
    Granted,
    /// Listed, and no gate against it.
    #[serde(rename = "likely")]
    Likely,
    /// Asked, not granted.
    #[serde(rename = "missing")]
    Missing,
    /// Asked, nothing known.
    #[serde(rename = "unknown")]
    Unknown,
    #[serde(rename = "not asked")]
    NotAsked,
}

/// Whether the app can expect to be allowed. Ordered from worst to best.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Usable {
    No,
    Unknown,
    Likely,
    Yes,
}

impl Usable {
    /// Server and grant together; without a scope string (`None`) what the server offers is likely.
    pub fn of(server: Answer, scope: Option<ScopeAnswer>) -> Usable {
        match (server, scope) {
            (Answer::No, _) | (_, Some(ScopeAnswer::NotAsked | ScopeAnswer::Missing)) => Usable::No,
            (Answer::Unknown, _) | (_, Some(ScopeAnswer::Unknown)) => Usable::Unknown,
            (Answer::Yes, Some(ScopeAnswer::Granted)) => Usable::Yes,
            (Answer::Yes, _) => Usable::Likely,
        }
    }
}

/// The system level of the client's statement.
#[derive(Clone, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SystemAgreement {
    pub interactions: Vec<InteractionAgreement>,
    pub search_params: Vec<SearchParamAgreement>,
    pub operations: Vec<OperationAgreement>,
}

/// One of the client's types.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ResourceAgreement {
    #[serde(rename = "type")]
    pub resource_type: String,
    /// The entry's own expectation.
    pub client: Option<Expectation>,
    /// Null: the entry requires nothing.
    pub weighs: Option<Weight>,
    pub server: Answer,
    pub verdict: Verdict,
    pub counts: Counts,
    pub why: Vec<&'static str>,
    pub profiles: Vec<ProfileAgreement>,
    pub interactions: Vec<InteractionAgreement>,
    pub search_params: Vec<SearchParamAgreement>,
    pub combinations: Vec<CombinationAgreement>,
    pub includes: Vec<IncludeAgreement>,
    pub operations: Vec<OperationAgreement>,
}

#[derive(Clone, Debug, Serialize)]
pub struct InteractionAgreement {
    pub code: String,
    pub client: Option<Expectation>,
    pub weighs: Option<Weight>,
    pub server: Answer,
    /// Null without a scope string, and where no scope of its own is needed.
    pub scope: Option<ScopeAnswer>,
    pub usable: Usable,
    pub why: Vec<&'static str>,
}

#[derive(Clone, Debug, Serialize)]
pub struct SearchParamAgreement {
    pub name: String,
    pub definition: Option<String>,
    pub client: Option<Expectation>,
    pub weighs: Option<Weight>,
    pub server: Answer,
    pub why: Vec<&'static str>,
}

#[derive(Clone, Debug, Serialize)]
pub struct CombinationAgreement {
    pub required: Vec<String>,
    pub optional: Vec<String>,
    pub client: Option<Expectation>,
    pub weighs: Option<Weight>,
    pub server: Answer,
    pub why: Vec<&'static str>,
}

#[derive(Clone, Debug, Serialize)]
pub struct IncludeAgreement {
    pub code: String,
    /// True for `_revinclude`.
    pub reverse: bool,
    pub client: Option<Expectation>,
    pub weighs: Option<Weight>,
    pub server: Answer,
    pub why: Vec<&'static str>,
}

#[derive(Clone, Debug, Serialize)]
pub struct OperationAgreement {
    pub name: String,
    pub definition: Option<String>,
    pub client: Option<Expectation>,
    pub weighs: Option<Weight>,
    pub server: Answer,
    pub scope: Option<ScopeAnswer>,
    pub usable: Usable,
    pub why: Vec<&'static str>,
}

/// Which way resources flow: a read takes what the server makes, a write what the client makes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Direction {
    Read,
    Write,
}

/// Whether instances of one profile satisfy another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum ProfileStatus {
    Proven,
    Claimed,
    Partial,
    Refuted,
    Unknown,
}

impl ProfileStatus {
    pub fn finding(self) -> Finding {
        match self {
            ProfileStatus::Proven | ProfileStatus::Claimed => Finding::Satisfied,
            ProfileStatus::Partial | ProfileStatus::Unknown => Finding::Unknown,
            ProfileStatus::Refuted => Finding::Unmet,
        }
    }
}

/// What a status rests on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Evidence {
    pub rule: &'static str,
    /// The element of the server's statement.
    pub path: String,
}

/// One required profile in one direction.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ProfileAgreement {
    /// `url|version`, or the url alone.
    pub required: String,
    pub client: Option<Expectation>,
    pub weighs: Option<Weight>,
    /// The profile that the status speaks of.
    pub satisfied_by: Option<String>,
    /// Package families of the required profile.
    pub realm: Vec<String>,
    pub direction: Direction,
    pub status: ProfileStatus,
    /// The query that fetches only its instances.
    pub selector: Option<String>,
    pub evidence: Vec<Evidence>,
    pub why: Vec<&'static str>,
    /// An instance of the one profile that is none of the other.
    pub witness: Option<serde_json::Value>,
}

/// What the app can expect to be allowed on one type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Actions {
    pub read: Usable,
    pub search: Usable,
    pub create: Usable,
    pub update: Usable,
    pub delete: Usable,
}

/// Actions by type, in the client's order.
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
