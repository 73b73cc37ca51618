//! A server's `.well-known/smart-configuration` (<https://hl7.org/fhir/smart-app-launch/conformance.html>): what it
//! lists, and which of its declarations contradict a request.
//!
//! `scopes_supported` is not exhaustive: what it leaves out is unknown. A capability contradicts a request where the
//! configuration declares others of its family and leaves it out.

use serde_json::Value;

use crate::agreement::{ClientType, Flow};
use crate::scope::{Context, Kind, ResourceScope, Syntax, Token, parse};

/// The declarations of a SMART configuration; an absent member is empty.
#[derive(Clone, Debug, Default)]
pub struct SmartConfiguration {
    capabilities: Vec<String>,
    grant_types: Vec<String>,
    auth_methods: Vec<String>,
    listed: Vec<ResourceScope>,
    listed_words: Vec<String>,
    lists_v1: bool,
    lists_v2: bool,
}

impl SmartConfiguration {
    /// Reads a configuration; members of the wrong shape are ignored.
    pub fn read(value: &Value) -> SmartConfiguration {
        let strings = |name: &str| {
            value
                .get(name)
                .and_then(Value::as_array)
                .into_iter()
                .flatten()
                .filter_map(Value::as_str)
                .map(str::to_owned)
                .collect::<Vec<String>>()
        };
        let mut smart = SmartConfiguration {
            capabilities: strings("capabilities"),
            grant_types: strings("grant_types_supported"),
            auth_methods: strings("token_endpoint_auth_methods_supported"),
            ..SmartConfiguration::default()
        };
        for token in strings("scopes_supported").iter().flat_map(|s| parse(s)) {
            match token.kind {
                Kind::Resource(scope, syntax) => {
                    smart.lists_v1 |= syntax == Syntax::V1;
                    smart.lists_v2 |= syntax == Syntax::V2;
                    smart.listed.push(scope);
                }
                Kind::Faulty(_) => {}
                _ => smart.listed_words.push(token.normal),
            }
        }
        smart
    }

    /// The resource scopes that are listed.
    pub fn listed(&self) -> &[ResourceScope] {
        &self.listed
    }

    /// True where this token, which is not a resource scope, is listed.
    pub fn lists_word(&self, token: &Token) -> bool {
        self.listed_words.contains(&token.normal)
    }

    /// True where the server understands only v1 scopes.
    pub fn is_v1_only(&self) -> bool {
        self.speaks(Syntax::V1) && !self.speaks(Syntax::V2)
    }

    fn speaks(&self, syntax: Syntax) -> bool {
        match syntax {
            Syntax::V1 => self.lists_v1 || self.has("permission-v1"),
            Syntax::V2 => self.lists_v2 || self.has("permission-v2"),
        }
    }

    fn has(&self, capability: &str) -> bool {
        self.capabilities.iter().any(|c| c == capability)
    }

    /// The capability, if others of its family are declared and it is not.
    fn gate(&self, capability: &'static str, family: impl Fn(&str) -> bool) -> Option<&'static str> {
        (!self.has(capability) && self.capabilities.iter().any(|c| family(c))).then_some(capability)
    }

    /// The first declaration that contradicts this token in this flow.
    pub fn gate_against(&self, token: &Token, flow: Flow, client: ClientType) -> Option<&'static str> {
        self.gate_of_request(flow, client).or_else(|| self.gate_of_token(token, flow))
    }

    /// What contradicts the request as a whole: the client type or the way of launching.
    pub fn gate_of_request(&self, flow: Flow, client: ClientType) -> Option<&'static str> {
        let client = match client {
            ClientType::Public => "client-public",
            ClientType::ConfidentialSymmetric => "client-confidential-symmetric",
            ClientType::ConfidentialAsymmetric => "client-confidential-asymmetric",
        };
        let of_client = |c: &str| c.starts_with("client-");
        let of_launch = |c: &str| c.starts_with("launch-");
        match flow {
            Flow::Ehr => self.gate(client, of_client).or_else(|| self.gate("launch-ehr", of_launch)),
            Flow::Standalone => self.gate(client, of_client).or_else(|| self.gate("launch-standalone", of_launch)),
            Flow::Refresh => self.gate(client, of_client),
            Flow::Backend => self.gate_of_backend(),
        }
    }

    /// No capability declares system scopes: they follow from client credentials with asymmetric authentication.
    fn gate_of_backend(&self) -> Option<&'static str> {
        if !self.grant_types.is_empty() && !self.grant_types.iter().any(|g| g == "client_credentials") {
            return Some("client-credentials");
        }
        let asymmetric =
            self.has("client-confidential-asymmetric") || self.auth_methods.iter().any(|m| m == "private_key_jwt");
        let spoken_of = !self.auth_methods.is_empty() || self.capabilities.iter().any(|c| c.starts_with("client-"));
        (spoken_of && !asymmetric).then_some("client-confidential-asymmetric")
    }

    fn gate_of_token(&self, token: &Token, flow: Flow) -> Option<&'static str> {
        let of_access = |c: &str| {
            matches!(c, "permission-patient" | "permission-user" | "permission-offline" | "permission-online")
        };
        let of_context = |c: &str| c.starts_with("context-ehr-") || c.starts_with("context-standalone-");
        match (&token.kind, token.normal.as_str()) {
            (Kind::Resource(scope, syntax), _) => {
                let gate = match scope.context {
                    Context::Patient => self.gate("permission-patient", of_access),
                    Context::User => self.gate("permission-user", of_access),
                    Context::System => self.gate_of_backend(),
                };
                gate.or_else(|| {
                    (*syntax == Syntax::V1 && self.speaks(Syntax::V2) && !self.speaks(Syntax::V1))
                        .then_some("permission-v1")
                })
            }
            (Kind::Identity, _) => self.gate("sso-openid-connect", |c| !matches!(c, "permission-v1" | "permission-v2")),
            (Kind::Refresh, "offline_access") => self.gate("permission-offline", of_access),
            (Kind::Refresh, _) => self.gate("permission-online", of_access),
            (Kind::Launch, "launch") => self.gate("launch-ehr", |c| c.starts_with("launch-")),
            (Kind::Launch, "launch/patient") if flow == Flow::Ehr => self.gate("context-ehr-patient", of_context),
            (Kind::Launch, "launch/patient") => self.gate("context-standalone-patient", of_context),
            (Kind::Launch, "launch/encounter") if flow == Flow::Ehr => self.gate("context-ehr-encounter", of_context),
            (Kind::Launch, "launch/encounter") => self.gate("context-standalone-encounter", of_context),
            _ => None,
        }
    }
}
