//! What becomes of a scope request, in the published shape.

use serde::{Deserialize, Serialize};

/// What becomes of a requested token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    Granted,
    Downscoped,
    Upgraded,
    Dropped,
    Rejected,
    Unknown,
}

#[derive(Clone, Debug, Serialize)]
pub struct ScopeOutcome {
    /// As it was written.
    pub requested: String,
    /// Empty for a faulty token.
    pub normalised: String,
    pub outcome: Outcome,
    /// Normalised scopes that will be granted for it.
    pub predicted: Vec<String>,
    /// Its shortest form.
    pub minimal: String,
    pub why: Vec<&'static str>,
}

/// How the app is started.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Flow {
    Ehr,
    #[default]
    Standalone,
    /// Client credentials.
    Backend,
    Refresh,
}

/// How the client authenticates.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ClientType {
    #[default]
    Public,
    ConfidentialSymmetric,
    ConfidentialAsymmetric,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum LaunchContext {
    Granted,
    /// The server infers it or refuses.
    Conditional,
    Missing,
}

/// Who chooses the patient.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum PatientSelection {
    Ehr,
    App,
    None,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum RefreshToken {
    Online,
    Offline,
    None,
}

/// What the launch gives beside access.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Launch {
    pub flow: Flow,
    pub context: LaunchContext,
    pub patient_selection: PatientSelection,
    /// `fhirUser`, `openid` or `none`.
    pub identity: &'static str,
    pub refresh: RefreshToken,
}
