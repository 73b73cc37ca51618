//! The options of a negotiation beside its sides: scopes, how the app is launched, what weighs what, packages, policy.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::ValueEnum;

use super::side::read_json;
use crate::capability::agreement::{self, ClientType, Verdict};
use crate::capability::policy::TokenResponse;
use crate::capability::{Policy, PolicyScript, Weigh};
use crate::scripts;

/// What is given beside the sides.
#[derive(clap::Args, Clone, Debug)]
pub(super) struct TermsArgs {
    /// The scopes that the client requests; without them scopes are not considered
    #[arg(long, value_name = "SCOPES")]
    pub scope: Option<String>,
    /// How the app is started [default: standalone]
    #[arg(long, value_enum)]
    flow: Option<Flow>,
    /// How the client authenticates [default: public; confidential-asymmetric in the backend flow]
    #[arg(long, value_enum)]
    client_type: Option<ClientTypeArg>,
    /// What counts as SHALL whatever the client's statement says, for example Patient,Observation.search-type
    #[arg(long, value_name = "TYPE[.INTERACTION]", value_delimiter = ',')]
    pub need: Vec<String>,
    /// What the app could do without: it weighs MAY whatever the client's statement says, for example Provenance,
    /// Patient.vread, *?_lastUpdated
    #[arg(long, value_name = "PART", value_delimiter = ',')]
    pub without: Vec<String>,
    /// Guides to load, by ID#VERSION or path [default: the embedded ones]
    #[arg(long, value_name = "ID#VERSION|PATH")]
    pub package: Vec<String>,
    /// The policy: what may be assumed (JSON), or also how findings are weighed (a Rhai script, *.rhai)
    #[arg(long, value_name = "FILE")]
    policy: Option<PathBuf>,
    /// Exit with 1 if the verdict is this or worse
    #[arg(long, value_enum)]
    fail_on: Option<FailOn>,
    /// How items weigh under a type that is optional: by the weakest expectation on their path, or by their own where
    /// the server has the type
    #[arg(long, value_enum, default_value = "path")]
    weigh: WeighArg,
}

impl TermsArgs {
    /// How the app is started.
    pub fn flow(&self) -> Option<agreement::Flow> {
        self.flow.map(Into::into)
    }

    /// How the client authenticates.
    pub fn client_type(&self) -> Option<ClientType> {
        self.client_type.map(|c| match c {
            ClientTypeArg::Public => ClientType::Public,
            ClientTypeArg::ConfidentialSymmetric => ClientType::ConfidentialSymmetric,
            ClientTypeArg::ConfidentialAsymmetric => ClientType::ConfidentialAsymmetric,
        })
    }

    /// How items weigh.
    pub fn weigh(&self) -> Weigh {
        match self.weigh {
            WeighArg::Path => Weigh::Path,
            WeighArg::Present => Weigh::Present,
        }
    }

    /// Whether `--fail-on` asks for a failure at this verdict.
    pub fn fails(&self, verdict: Verdict) -> bool {
        self.fail_on.is_some_and(|limit| {
            verdict
                >= match limit {
                    FailOn::Degraded => Verdict::Degraded,
                    FailOn::Indeterminate => Verdict::Indeterminate,
                    FailOn::Incompatible => Verdict::Incompatible,
                }
        })
    }

    /// What the policy assumes, and its script where it is one.
    pub fn policy(&self) -> Result<(Policy, Option<Arc<PolicyScript>>), String> {
        match &self.policy {
            Some(path) if path.extension().is_some_and(|x| x == "rhai") => {
                let text = scripts::read(path).map_err(|e| e.to_string())?;
                let script = PolicyScript::compile(&path.display().to_string(), &text)
                    .map_err(|e| format!("the policy cannot be used: {e}"))?;
                Ok((script.policy().clone(), Some(Arc::new(script))))
            }
            Some(path) => serde_json::from_value::<Policy>(read_json(path)?)
                .map(|policy| (policy, None))
                .map_err(|e| format!("policy `{}` cannot be used: {e}", path.display())),
            None => Ok((Policy::default(), None)),
        }
    }
}

/// How an app is started.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Flow {
    Ehr,
    Standalone,
    Backend,
    Refresh,
}

impl From<Flow> for agreement::Flow {
    fn from(flow: Flow) -> agreement::Flow {
        match flow {
            Flow::Ehr => agreement::Flow::Ehr,
            Flow::Standalone => agreement::Flow::Standalone,
            Flow::Backend => agreement::Flow::Backend,
            Flow::Refresh => agreement::Flow::Refresh,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum ClientTypeArg {
    Public,
    ConfidentialSymmetric,
    ConfidentialAsymmetric,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum WeighArg {
    Path,
    Present,
}

/// From the mildest to the gravest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum FailOn {
    Degraded,
    Indeterminate,
    Incompatible,
}

/// A token response from a file, or one that grants these scopes.
pub(super) fn token_response(text: &str) -> Result<TokenResponse, String> {
    if Path::new(text).is_file() {
        return serde_json::from_value(read_json(Path::new(text))?)
            .map_err(|e| format!("`{text}` is not a token response: {e}"));
    }
    Ok(TokenResponse { scope: Some(text.to_owned()), patient: None })
}
