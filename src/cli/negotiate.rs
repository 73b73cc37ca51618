//! `accord negotiate`: what a client and a server can do together.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::{Args as ClapArgs, ValueEnum};

use crate::app;
use crate::capability::agreement::{self, Agreement, ClientType, Verdict};
use crate::capability::policy::TokenResponse;
use crate::capability::{Definitions, NegotiateRequest, Policy, PolicyScript, Weigh, negotiate};
use crate::scripts;

use super::agreement_text;
use super::side::{self, Fetching, ReadSide, read_json};

/// Compares what a client needs with what a server offers: profiles, interactions, scopes.
#[derive(ClapArgs, Clone, Debug)]
pub struct Args {
    /// The client: a CapabilityStatement or Conformance (JSON), a guide, or with --fetch where its statement is
    #[arg(long, value_name = "FILE|ig:ID#VERSION|URL")]
    client: String,
    /// The server: a CapabilityStatement or Conformance (JSON), a guide, or with --fetch its base URL
    #[arg(long, value_name = "FILE|ig:ID#VERSION|URL")]
    server: String,
    /// The server's .well-known/smart-configuration [default: with --fetch, that of the server's URL]
    #[arg(long, value_name = "FILE")]
    smart: Option<PathBuf>,
    /// The scopes that the client requests; without them scopes are not considered
    #[arg(long, value_name = "SCOPES")]
    scope: Option<String>,
    /// How the app is started [default: standalone]
    #[arg(long, value_enum)]
    flow: Option<Flow>,
    /// How the client authenticates [default: public; confidential-asymmetric in the backend flow]
    #[arg(long, value_enum)]
    client_type: Option<ClientTypeArg>,
    /// What counts as SHALL whatever the client's statement says, for example Patient,Observation.search-type
    #[arg(long, value_name = "TYPE[.INTERACTION]", value_delimiter = ',')]
    need: Vec<String>,
    /// Guides to load, by ID#VERSION or path [default: the embedded ones]
    #[arg(long, value_name = "ID#VERSION|PATH")]
    package: Vec<String>,
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
    /// What was granted: the scopes, or the file of a token response (JSON)
    #[arg(long, value_name = "SCOPES|FILE")]
    granted: Option<String>,
    /// Write every row, with its places in both statements
    #[arg(long)]
    verbose: bool,
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
    #[command(flatten)]
    fetching: Fetching,
}

impl Args {
    /// The guides among the two sides, as `ID#VERSION` or `ID`: they belong to the package set too.
    fn guides(&self) -> Vec<String> {
        [&self.client, &self.server]
            .into_iter()
            .filter_map(|side| side.strip_prefix("ig:"))
            .map(str::to_owned)
            .collect()
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

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    Text,
    Json,
}

/// Loads the package set, then does as [`run`].
///
/// # Errors
/// A message where a package is not found, and as [`run`].
pub fn command(args: &Args, out: &mut dyn Write) -> Result<u8, String> {
    let known = app::Known::open(&args.package, &args.guides()).map_err(|e| e.to_string())?;
    let code = run(args, &known.session(), out);
    known.save();
    code
}

/// Negotiates and writes the result; returns the exit code: 0 where a result was computed, 1 where `--fail-on` asks for
/// it.
///
/// # Errors
/// A message where an input cannot be read or is no statement.
pub fn run(args: &Args, definitions: &dyn Definitions, out: &mut dyn Write) -> Result<u8, String> {
    let documents = args.fetching.documents()?;
    let client = side::read(&args.client, documents.as_ref())?;
    let server = side::read(&args.server, documents.as_ref())?;
    let smart = side::smart(args.smart.as_deref(), &server, documents.as_ref())?;
    let (client_from, server_from) = (client.from.clone(), server.from.clone());
    let request = NegotiateRequest { smart, ..request(args, client, server)? };
    let agreement = negotiate(&request, definitions).map_err(|e| e.to_string())?;
    let outcome = match args.format {
        Format::Json => write_json(&agreement, out),
        Format::Text => {
            let form = agreement_text::Form { client: &client_from, server: &server_from, verbose: args.verbose };
            agreement_text::write(&agreement, &form, out)
        }
    };
    written(outcome)?;
    let fails = args.fail_on.is_some_and(|limit| agreement.verdict >= worst_allowed(limit));
    Ok(u8::from(fails))
}

/// A reader that has seen enough and closes the pipe is no failure.
pub(super) fn written(outcome: std::io::Result<()>) -> Result<(), String> {
    match outcome {
        Err(e) if e.kind() != std::io::ErrorKind::BrokenPipe => Err(format!("the result cannot be written: {e}")),
        _ => Ok(()),
    }
}

fn worst_allowed(limit: FailOn) -> Verdict {
    match limit {
        FailOn::Degraded => Verdict::Degraded,
        FailOn::Indeterminate => Verdict::Indeterminate,
        FailOn::Incompatible => Verdict::Incompatible,
    }
}

fn write_json(agreement: &Agreement, out: &mut dyn Write) -> std::io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, agreement)?;
    out.write_all(b"\n")
}

/// All but the SMART configuration.
fn request(args: &Args, client: ReadSide, server: ReadSide) -> Result<NegotiateRequest, String> {
    let script = match &args.policy {
        Some(path) if path.extension().is_some_and(|x| x == "rhai") => {
            let text = scripts::read(path).map_err(|e| e.to_string())?;
            Some(Arc::new(
                PolicyScript::compile(&path.display().to_string(), &text)
                    .map_err(|e| format!("the policy cannot be used: {e}"))?,
            ))
        }
        _ => None,
    };
    let mut policy = match (&script, &args.policy) {
        (Some(script), _) => script.policy().clone(),
        (None, Some(path)) => serde_json::from_value::<Policy>(read_json(path)?)
            .map_err(|e| format!("policy `{}` cannot be used: {e}", path.display()))?,
        (None, None) => Policy::default(),
    };
    if let Some(granted) = &args.granted {
        policy.token_response = Some(token_response(granted)?);
    }
    Ok(NegotiateRequest {
        client: client.side,
        server: server.side,
        smart: None,
        scope: args.scope.clone(),
        flow: args.flow.map(Into::into),
        client_type: args.client_type.map(|c| match c {
            ClientTypeArg::Public => ClientType::Public,
            ClientTypeArg::ConfidentialSymmetric => ClientType::ConfidentialSymmetric,
            ClientTypeArg::ConfidentialAsymmetric => ClientType::ConfidentialAsymmetric,
        }),
        need: args.need.clone(),
        weigh: match args.weigh {
            WeighArg::Path => Weigh::Path,
            WeighArg::Present => Weigh::Present,
        },
        policy,
        script,
        from: [Some(client.from), Some(server.from)],
    })
}

/// A token response from a file, or one that grants these scopes.
fn token_response(text: &str) -> Result<TokenResponse, String> {
    if Path::new(text).is_file() {
        return serde_json::from_value(read_json(Path::new(text))?)
            .map_err(|e| format!("`{text}` is not a token response: {e}"));
    }
    Ok(TokenResponse { scope: Some(text.to_owned()), patient: None })
}
