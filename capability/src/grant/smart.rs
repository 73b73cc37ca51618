//! A server's `.well-known/smart-configuration` (<https://hl7.org/fhir/smart-app-launch/conformance.html>): what it
//! lists, and which of its declarations contradict a request.
//!
//! `scopes_supported` is not exhaustive: what it leaves out is unknown. A capability contradicts a request where the
//! configuration declares others of its family and leaves it out.

use serde_json::Value;

use crate::agreement::{ClientType, Flow};
use crate::reason::Reason;
use crate::scope::{Context, Granted, Kind, LISTED_LIMIT, ResourceScope, Syntax, Token, parse};

/// The capabilities that are asked for by name.
const CAPABILITIES: [&str; 16] = [
    "client-public",
    "client-confidential-symmetric",
    "client-confidential-asymmetric",
    "context-ehr-encounter",
    "context-ehr-patient",
    "context-standalone-encounter",
    "context-standalone-patient",
    "launch-ehr",
    "launch-standalone",
    "permission-offline",
    "permission-online",
    "permission-patient",
    "permission-user",
    "permission-v1",
    "permission-v2",
    "sso-openid-connect",
];
/// The families of capabilities that are asked for, and all others.
const FAMILIES: [&str; 5] = ["client-", "context-ehr-", "context-standalone-", "launch-", ""];

/// The declarations of a SMART configuration; an absent member is empty.
#[derive(Clone, Debug, Default)]
pub struct SmartConfiguration {
    capabilities: Vec<String>,
    grant_types: Vec<String>,
    auth_methods: Vec<String>,
    listed: Vec<ResourceScope>,
    listed_words: Vec<String>,
    grants: Granted,
    unread: usize,
    lists_v1: bool,
    lists_v2: bool,
}

impl SmartConfiguration {
    /// Reads a configuration; members of the wrong shape are ignored.
    pub fn read(value: &Value) -> SmartConfiguration {
        let strings =
            |name: &str| value.get(name).and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
        let mut smart = SmartConfiguration {
            capabilities: asked_for(strings("capabilities"), &CAPABILITIES, &FAMILIES),
            grant_types: asked_for(strings("grant_types_supported"), &["client_credentials"], &[""]),
            auth_methods: asked_for(strings("token_endpoint_auth_methods_supported"), &["private_key_jwt"], &[""]),
            ..SmartConfiguration::default()
        };
        for (i, token) in strings("scopes_supported").flat_map(parse).enumerate() {
            if i >= LISTED_LIMIT {
                smart.unread += 1;
                continue;
            }
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
        smart.grants = Granted::new(smart.listed.iter());
        smart
    }

    /// What the resource scopes that are listed cover.
    pub fn grants(&self) -> &Granted {
        &self.grants
    }

    /// How many of the scopes that are listed are beyond the limit.
    pub fn unread(&self) -> usize {
        self.unread
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
    fn gate(&self, capability: Reason, family: impl Fn(&str) -> bool) -> Option<Reason> {
        (!self.has(capability.id()) && self.capabilities.iter().any(|c| family(c))).then_some(capability)
    }

    /// The first declaration that contradicts this token in this flow.
    pub fn gate_against(&self, token: &Token, flow: Flow, client: ClientType) -> Option<Reason> {
        self.gate_of_request(flow, client).or_else(|| self.gate_of_token(token, flow))
    }

    /// What contradicts the request as a whole: the client type or the way of launching.
    pub fn gate_of_request(&self, flow: Flow, client: ClientType) -> Option<Reason> {
        let client = match client {
            ClientType::Public => Reason::ClientPublic,
            ClientType::ConfidentialSymmetric => Reason::ClientConfidentialSymmetric,
            ClientType::ConfidentialAsymmetric => Reason::ClientConfidentialAsymmetric,
        };
        let of_client = |c: &str| c.starts_with("client-");
        let of_launch = |c: &str| c.starts_with("launch-");
        match flow {
            Flow::Ehr => self.gate(client, of_client).or_else(|| self.gate(Reason::LaunchEhr, of_launch)),
            Flow::Standalone => self.gate(client, of_client).or_else(|| self.gate(Reason::LaunchStandalone, of_launch)),
            Flow::Refresh => self.gate(client, of_client),
            Flow::Backend => self.gate_of_backend(),
        }
    }

    /// No capability declares system scopes: they follow from client credentials with asymmetric authentication.
    fn gate_of_backend(&self) -> Option<Reason> {
        if !self.grant_types.is_empty() && !self.grant_types.iter().any(|g| g == "client_credentials") {
            return Some(Reason::ClientCredentials);
        }
        let asymmetric =
            self.has("client-confidential-asymmetric") || self.auth_methods.iter().any(|m| m == "private_key_jwt");
        let spoken_of = !self.auth_methods.is_empty() || self.capabilities.iter().any(|c| c.starts_with("client-"));
        (spoken_of && !asymmetric).then_some(Reason::ClientConfidentialAsymmetric)
    }

    fn gate_of_token(&self, token: &Token, flow: Flow) -> Option<Reason> {
        let of_access = |c: &str| {
            matches!(c, "permission-patient" | "permission-user" | "permission-offline" | "permission-online")
        };
        let of_context = |c: &str| c.starts_with("context-ehr-") || c.starts_with("context-standalone-");
        match (&token.kind, token.normal.as_str()) {
            (Kind::Resource(scope, syntax), _) => {
                let gate = match scope.context {
                    Context::Patient => self.gate(Reason::PermissionPatient, of_access),
                    Context::User => self.gate(Reason::PermissionUser, of_access),
                    Context::System => self.gate_of_backend(),
                };
                gate.or_else(|| {
                    (*syntax == Syntax::V1 && self.speaks(Syntax::V2) && !self.speaks(Syntax::V1))
                        .then_some(Reason::PermissionV1)
                })
            }
            (Kind::Identity, _) => {
                self.gate(Reason::SsoOpenidConnect, |c| !matches!(c, "permission-v1" | "permission-v2"))
            }
            (Kind::Refresh, "offline_access") => self.gate(Reason::PermissionOffline, of_access),
            (Kind::Refresh, _) => self.gate(Reason::PermissionOnline, of_access),
            (Kind::Launch, "launch") => self.gate(Reason::LaunchEhr, |c| c.starts_with("launch-")),
            (Kind::Launch, "launch/patient") if flow == Flow::Ehr => self.gate(Reason::ContextEhrPatient, of_context),
            (Kind::Launch, "launch/patient") => self.gate(Reason::ContextStandalonePatient, of_context),
            (Kind::Launch, "launch/encounter") if flow == Flow::Ehr => {
                self.gate(Reason::ContextEhrEncounter, of_context)
            }
            (Kind::Launch, "launch/encounter") => self.gate(Reason::ContextStandaloneEncounter, of_context),
            _ => None,
        }
    }
}

/// Of the `all` strings those that are `known`, and of each family (by its beginning) one that is not: nothing asks
/// which of them it is.
fn asked_for<'v>(all: impl Iterator<Item = &'v str>, known: &[&str], families: &[&str]) -> Vec<String> {
    let mut kept: Vec<String> = Vec::new();
    let mut seen = Vec::new();
    for text in all {
        let name = known.iter().find(|name| **name == text);
        let key = name.map(|name| (true, *name));
        let of_family = || families.iter().find(|family| text.starts_with(**family)).map(|family| (false, *family));
        let Some(key) = key.or_else(of_family).filter(|key| !seen.contains(key)) else { continue };
        seen.push(key);
        kept.push(text.to_owned());
    }
    kept
}
