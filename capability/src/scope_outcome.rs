//! The outcome of a scope request, in the published shape.

use crate::reason::Reason;
use serde::{Deserialize, Serialize};

/// The outcome of a requested token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// All of it is granted.
    Granted,
    /// A part of it is granted.
    Downscoped,
    /// More than was requested is granted.
    Upgraded,
    /// Nothing of it is granted.
    Dropped,
    /// The flow or the first grant rules it out.
    Rejected,
    /// It cannot be determined.
    Unknown,
}

/// The outcome of one requested token.
#[derive(Clone, Debug, Serialize)]
pub struct ScopeOutcome {
    /// As it was written.
    pub requested: String,
    /// The normal form; empty for a faulty token.
    pub normalised: String,
    /// What is granted of it.
    pub outcome: Outcome,
    /// Normalised scopes that are expected to be granted for it.
    pub predicted: Vec<String>,
    /// Its shortest form.
    pub minimal: String,
    /// Rule ids.
    pub why: Vec<Reason>,
    /// The client's requirements that fail, or are in doubt, because less is granted than requested: the first of them,
    /// as `Observation interaction search-type`.
    pub breaks: Vec<String>,
}

/// How the app is launched (<https://hl7.org/fhir/smart-app-launch/app-launch.html>).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Flow {
    /// From within an EHR session.
    Ehr,
    /// From outside an EHR.
    #[default]
    Standalone,
    /// Client credentials, with no user present.
    Backend,
    /// A refresh token is exchanged.
    Refresh,
}

/// How the client authenticates.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ClientType {
    /// It does not authenticate.
    #[default]
    Public,
    /// With a shared secret.
    ConfidentialSymmetric,
    /// With a signed JWT.
    ConfidentialAsymmetric,
}

/// Whether the launch gives a patient or an encounter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum LaunchContext {
    /// A launch scope asks for it, or the policy assumes it.
    Granted,
    /// The server infers it or refuses.
    Conditional,
    /// Nothing asks for it.
    Missing,
}

/// Who chooses the patient.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum PatientSelection {
    /// The EHR, at launch.
    Ehr,
    /// The app, by searching.
    App,
    /// Nobody can.
    None,
}

/// Which refresh token the request asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum RefreshToken {
    /// One that lasts while the user is online.
    Online,
    /// One that outlasts the user's session.
    Offline,
    /// No refresh token.
    None,
}

/// What the launch gives in addition to access.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Launch {
    /// How the app is launched.
    pub flow: Flow,
    /// Whether there is a patient or an encounter in context.
    pub context: LaunchContext,
    /// Who chooses the patient.
    pub patient_selection: PatientSelection,
    /// `fhirUser`, `openid` or `none`.
    pub identity: &'static str,
    /// Which refresh token is asked for.
    pub refresh: RefreshToken,
}
