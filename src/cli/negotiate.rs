//! `accord negotiate`: what a client and a server can do together.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::{Args as ClapArgs, ValueEnum};
use serde_json::Value;

use crate::app;
use crate::capability::agreement::{Agreement, ClientType, Flow, Verdict};
use crate::capability::{Definitions, NegotiateRequest, Policy, PolicyScript, Side, negotiate};
use crate::scripts;

use super::agreement_text;

/// Compares what a client needs with what a server offers: profiles, interactions, scopes.
#[derive(ClapArgs, Clone, Debug)]
pub struct Args {
    /// The client: a CapabilityStatement or Conformance (JSON), or a guide
    #[arg(long, value_name = "FILE|ig:ID#VERSION")]
    client: String,
    /// The server: a CapabilityStatement or Conformance (JSON), or a guide
    #[arg(long, value_name = "FILE|ig:ID#VERSION")]
    server: String,
    /// The server's .well-known/smart-configuration
    #[arg(long, value_name = "FILE")]
    smart: Option<PathBuf>,
    /// The scopes that the client requests; without them scopes are not considered
    #[arg(long, value_name = "SCOPES")]
    scope: Option<String>,
    /// How the app is started [default: standalone]
    #[arg(long, value_enum)]
    flow: Option<FlowArg>,
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
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
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

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum FlowArg {
    Ehr,
    Standalone,
    Backend,
    Refresh,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum ClientTypeArg {
    Public,
    ConfidentialSymmetric,
    ConfidentialAsymmetric,
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
    let request = request(args)?;
    let agreement = negotiate(&request, definitions).map_err(|e| e.to_string())?;
    let outcome = match args.format {
        Format::Json => write_json(&agreement, out),
        Format::Text => agreement_text::write(&agreement, &args.client, &args.server, out),
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

fn request(args: &Args) -> Result<NegotiateRequest, String> {
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
    let policy = match (&script, &args.policy) {
        (Some(script), _) => script.policy().clone(),
        (None, Some(path)) => serde_json::from_value::<Policy>(read_json(path)?)
            .map_err(|e| format!("policy `{}` cannot be used: {e}", path.display()))?,
        (None, None) => Policy::default(),
    };
    Ok(NegotiateRequest {
        client: side(&args.client)?,
        server: side(&args.server)?,
        smart: args.smart.as_deref().map(read_json).transpose()?,
        scope: args.scope.clone(),
        flow: args.flow.map(|f| match f {
            FlowArg::Ehr => Flow::Ehr,
            FlowArg::Standalone => Flow::Standalone,
            FlowArg::Backend => Flow::Backend,
            FlowArg::Refresh => Flow::Refresh,
        }),
        client_type: args.client_type.map(|c| match c {
            ClientTypeArg::Public => ClientType::Public,
            ClientTypeArg::ConfidentialSymmetric => ClientType::ConfidentialSymmetric,
            ClientTypeArg::ConfidentialAsymmetric => ClientType::ConfidentialAsymmetric,
        }),
        need: args.need.clone(),
        policy,
        script,
    })
}

fn side(text: &str) -> Result<Side, String> {
    if text.starts_with("ig:") {
        return Side::parse_guide(text).ok_or_else(|| format!("`{text}` names no guide; write `ig:ID#VERSION`"));
    }
    read_json(Path::new(text)).map(Side::Statement)
}

fn read_json(path: &Path) -> Result<Value, String> {
    let text = std::fs::read(path).map_err(|e| format!("`{}` could not be read: {e}", path.display()))?;
    let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&text);
    serde_json::from_slice(text).map_err(|e| format!("`{}` is not JSON: {e}", path.display()))
}
