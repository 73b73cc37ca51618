//! The policy: what a negotiation may assume although no statement says so. A JSON document.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// Assumptions, permissions and limits; everything is optional.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Policy {
    /// The scopes that the server grants where a request names none (RFC 6749 section 3.3). Never assumed without this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default_scopes: Option<String>,
    /// The scopes that the client is registered for: nothing beyond them is granted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub registration: Option<String>,
    /// The scopes that are known to be granted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub granted: Option<String>,
    /// A real token response; its `scope` takes precedence over `granted`. In the flow `refresh`: that of the first
    /// request.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token_response: Option<TokenResponse>,
    /// The letters from `cruds` that each operation needs, by its name (without `$`) or its definition; empty: none.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub operation_permissions: BTreeMap<String, String>,
    /// What is assumed about user and patient.
    #[serde(default)]
    pub assume: Assumptions,
    /// What the user may do in their own right, as resource scopes: nothing beyond them is usable.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub authority: Option<String>,
}

/// What is assumed about user and patient.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Assumptions {
    /// A patient is in context even where no launch scope asks for one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub patient_context: Option<bool>,
    /// The type of the resource that represents the user, as `Practitioner`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
}

/// The members of a token response that a negotiation reads; others are allowed and ignored.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokenResponse {
    /// The granted scopes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scope: Option<String>,
    /// The id of the patient in context. Whether there is one is all that matters here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub patient: Option<String>,
}

impl Policy {
    /// The granted scopes, where they are known.
    pub fn granted_scopes(&self) -> Option<&str> {
        self.token_response.as_ref().and_then(|t| t.scope.as_deref()).or(self.granted.as_deref())
    }
}
