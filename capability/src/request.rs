//! The inputs of a negotiation, and why one may not be computed.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::agreement::{ClientType, Flow};
use crate::identity::identity;
use crate::issue::Party;
use crate::observed::Observed;
use crate::policy::Policy;
use crate::weighing::PolicyScript;

/// One side of a negotiation.
#[derive(Clone, Debug, PartialEq)]
pub enum Side {
    /// A CapabilityStatement or a Conformance.
    Statement(Value),
    /// An implementation guide, by package id; without a version the newest that is loaded.
    Guide {
        /// The package id, as `hl7.fhir.us.core`.
        id: String,
        /// The package version.
        version: Option<String>,
    },
}

impl Side {
    /// Reads `ig:ID#VERSION` or `ig:ID`; `None` for another text.
    ///
    /// ```
    /// use fhir_accord_capability::Side;
    ///
    /// let guide = Side::Guide { id: "hl7.fhir.us.core".to_owned(), version: Some("6.1.0".to_owned()) };
    /// assert_eq!(Side::parse_guide("ig:hl7.fhir.us.core#6.1.0"), Some(guide));
    /// assert_eq!(Side::parse_guide("client.json"), None);
    /// ```
    pub fn parse_guide(text: &str) -> Option<Side> {
        let name = text.strip_prefix("ig:")?;
        let (id, version) = match name.split_once('#') {
            Some((id, version)) => (id, Some(version.to_owned()).filter(|v| !v.is_empty())),
            None => (name, None),
        };
        (!id.is_empty()).then(|| Side::Guide { id: id.to_owned(), version })
    }

    /// Reads a side of a JSON request: a statement, or the text `ig:ID#VERSION`.
    pub fn from_json(value: &Value) -> Option<Side> {
        match value {
            Value::Object(_) => Some(Side::Statement(value.clone())),
            Value::String(text) => Side::parse_guide(text),
            _ => None,
        }
    }

    /// `ig:ID#VERSION` of a guide.
    pub(crate) fn guide_name(&self) -> Option<String> {
        match self {
            Side::Statement(_) => None,
            Side::Guide { .. } => self.to_json().as_str().map(str::to_owned),
        }
    }

    /// The side as JSON; a statement is not copied.
    pub(crate) fn to_json(&self) -> Cow<'_, Value> {
        match self {
            Side::Statement(value) => Cow::Borrowed(value),
            Side::Guide { id, version: Some(version) } => Cow::Owned(json!(format!("ig:{id}#{version}"))),
            Side::Guide { id, version: None } => Cow::Owned(json!(format!("ig:{id}"))),
        }
    }
}

/// How items weigh under a resource entry that is optional.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Weigh {
    /// As the weakest expectation on the item's path.
    #[default]
    Path,
    /// By their own expectation, where the server has the type.
    Present,
}

/// The inputs of a negotiation, apart from the package set.
#[derive(Clone, Debug)]
pub struct NegotiateRequest {
    /// Who requires.
    pub client: Side,
    /// Who offers.
    pub server: Side,
    /// The server's `.well-known/smart-configuration`.
    pub smart: Option<Value>,
    /// The scope string that the client asks for. Without one scopes do not weigh; an empty one names no scope.
    pub scope: Option<String>,
    /// How the app is launched; `standalone` where it is not given.
    pub flow: Option<Flow>,
    /// How the client authenticates; `public` where it is not given, in the flow `backend` an asymmetric client.
    pub client_type: Option<ClientType>,
    /// What weighs SHALL whatever the client's statement says: `Patient`, `Observation.search-type`.
    pub need: Vec<String>,
    /// What the app could do without, whatever the client's statement says: `Provenance`, `Patient.vread`,
    /// `*?_lastUpdated`. It weighs MAY.
    pub without: Vec<String>,
    /// How items weigh under a resource entry that is optional.
    pub weigh: Weigh,
    /// What may be assumed.
    pub policy: Policy,
    /// Weighs the findings. Its settings are not read: the caller passes them as `policy`.
    pub script: Option<Arc<PolicyScript>>,
    /// What real answers of the server tell of the profiles that the client requires.
    pub observed: Option<Arc<Observed>>,
    /// Where the statements of client and server came from: files or addresses. Not part of the id.
    pub from: [Option<String>; 2],
}

impl NegotiateRequest {
    /// A negotiation of two sides without scopes.
    pub fn new(client: Side, server: Side) -> NegotiateRequest {
        NegotiateRequest {
            client,
            server,
            smart: None,
            scope: None,
            flow: None,
            client_type: None,
            need: Vec::new(),
            without: Vec::new(),
            weigh: Weigh::Path,
            policy: Policy::default(),
            script: None,
            observed: None,
            from: [None, None],
        }
    }

    /// Reads the JSON body of a request, in the shape of the published schema.
    ///
    /// ```
    /// use fhir_accord_capability::NegotiateRequest;
    /// use serde_json::json;
    ///
    /// let body = json!({"client": "ig:hl7.fhir.us.core", "server": "ig:hl7.fhir.uv.ipa", "flow": "ehr"});
    /// assert!(NegotiateRequest::from_json(&body).is_ok());
    /// assert!(NegotiateRequest::from_json(&json!({"client": "ig:hl7.fhir.us.core"})).is_err());
    /// ```
    ///
    /// # Errors
    /// A message that names the member which is missing or has the wrong shape.
    pub fn from_json(body: &Value) -> Result<NegotiateRequest, String> {
        let side = |name: &str| {
            body.get(name)
                .and_then(Side::from_json)
                .ok_or_else(|| format!("`{name}` must be a capability statement or `ig:ID#VERSION`"))
        };
        NegotiateRequest::new(side("client")?, side("server")?).under_terms(body)
    }

    /// The same sides under the terms of a JSON body: all its members but the sides.
    ///
    /// # Errors
    /// A message that names the member which has the wrong shape.
    pub fn under_terms(self, body: &Value) -> Result<NegotiateRequest, String> {
        let typed = |name: &str| body.get(name).filter(|v| !v.is_null());
        fn read<T: serde::de::DeserializeOwned>(name: &str, value: Option<&Value>) -> Result<Option<T>, String> {
            value
                .map(|v| serde_json::from_value(v.clone()))
                .transpose()
                .map_err(|e| format!("`{name}` is not valid: {e}"))
        }
        Ok(NegotiateRequest {
            client: self.client,
            server: self.server,
            smart: typed("smart").cloned(),
            scope: read("scope", typed("scope"))?,
            flow: read("flow", typed("flow"))?,
            client_type: read("clientType", typed("clientType"))?,
            need: read("need", typed("need"))?.unwrap_or_default(),
            without: read("without", typed("without"))?.unwrap_or_default(),
            weigh: read("weigh", typed("weigh"))?.unwrap_or_default(),
            policy: read("policy", typed("policy"))?.unwrap_or_default(),
            script: None,
            observed: None,
            from: [None, None],
        })
    }

    /// The terms, without the sides.
    pub fn terms(&self) -> Terms<'_> {
        Terms {
            smart: self.smart.as_ref(),
            scope: self.scope.as_deref(),
            flow: self.flow,
            client_type: self.client_type,
            need: &self.need,
            without: &self.without,
            weigh: self.weigh,
            policy: &self.policy,
            script: self.script.as_deref(),
            observed: self.observed.as_deref(),
        }
    }
}

/// The inputs of a negotiation beside its two sides: what [`NegotiateRequest`] holds under the same names.
#[derive(Clone, Copy, Debug)]
pub struct Terms<'a> {
    /// The server's SMART configuration.
    pub smart: Option<&'a Value>,
    /// The scope string.
    pub scope: Option<&'a str>,
    /// How the app is launched.
    pub flow: Option<Flow>,
    /// How the client authenticates.
    pub client_type: Option<ClientType>,
    /// What weighs SHALL.
    pub need: &'a [String],
    /// What weighs MAY.
    pub without: &'a [String],
    /// How items weigh under a resource entry that is optional.
    pub weigh: Weigh,
    /// What may be assumed.
    pub policy: &'a Policy,
    /// Weighs the findings.
    pub script: Option<&'a PolicyScript>,
    /// What real answers of the server tell.
    pub observed: Option<&'a Observed>,
}

impl Terms<'_> {
    /// The id of a negotiation of two sides, by their hashes, over this package set: the same for the same inputs,
    /// however their members are ordered.
    pub(crate) fn id(&self, client: &str, server: &str, packages: Vec<String>) -> String {
        let other = json!({
            "client": client, "server": server, "scope": self.scope, "flow": self.flow, "clientType": self.client_type,
            "need": self.need, "without": self.without, "weigh": self.weigh, "policy": self.policy,
            "packages": packages, "accord": env!("CARGO_PKG_VERSION"), "observed": self.observed,
            "policyScript": self.script.map(|s| json!({"file": s.file(), "sha256": s.sha256})),
        });
        let mut members: Vec<(&str, &Value)> = vec![("smart", self.smart.unwrap_or(&Value::Null))];
        members.extend(other.as_object().into_iter().flatten().map(|(name, value)| (name.as_str(), value)));
        identity(&mut members)
    }
}

/// Why a negotiation could not be computed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NegotiateError {
    /// The JSON of this side is neither a CapabilityStatement nor a Conformance.
    NotAStatement {
        /// Whose input it is.
        party: Party,
        /// The resource type that was found.
        found: String,
    },
    /// The guide is not in the package set.
    GuideAbsent {
        /// Whose input it is.
        party: Party,
        /// The guide, as `ID#VERSION`.
        guide: String,
    },
    /// The client lists more than is compared at once.
    TooMuch {
        /// What its requirements cost.
        found: usize,
        /// What they may cost.
        limit: usize,
    },
    /// It was broken off by [`Definitions::interrupt`](crate::Definitions::interrupt).
    BrokenOff,
}

impl fmt::Display for NegotiateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = |party: &Party| if *party == Party::Client { "client" } else { "server" };
        match self {
            NegotiateError::NotAStatement { party, found } => {
                write!(f, "the {} must be a CapabilityStatement or Conformance, found `{found}`", name(party))
            }
            NegotiateError::TooMuch { found, limit } => write!(
                f,
                "the client lists too much to compare at once: its requirements count {found}, where a profile counts \
                 as 5 (`requirements-limit`: {limit}); split the statement, or name only what matters"
            ),
            NegotiateError::BrokenOff => f.write_str("the negotiation was broken off; its time is up"),
            NegotiateError::GuideAbsent { party, guide } => {
                write!(f, "the {}'s guide `{guide}` is not in the package set; add `--package {guide}`", name(party))
            }
        }
    }
}

impl std::error::Error for NegotiateError {}
