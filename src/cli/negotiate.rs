//! `accord negotiate`: what a client and a server can do together.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::{Args as ClapArgs, ValueEnum};

use crate::app::Known;
use crate::capability::agreement::Agreement;
use crate::capability::issue::Party;
use crate::capability::observed::Observed;
use crate::capability::{Definitions, NegotiateRequest, Prepared, negotiate};
use crate::observed::observe;
use crate::page;
use crate::printable::note;

use super::agreement_text;
use super::side::{self, Fetching, ReadSide};
use super::terms::{TermsArgs, token_response};

/// Compares what a client needs with what a server offers: profiles, interactions, scopes.
#[derive(ClapArgs, Clone, Debug)]
pub struct Args {
    /// The client: a CapabilityStatement or Conformance (JSON), a CDS Hooks discovery document (JSON), a guide, or with
    /// --fetch where its statement is
    #[arg(long, value_name = "FILE|ig:ID#VERSION|URL")]
    client: String,
    /// The server: a CapabilityStatement or Conformance (JSON), a guide, or with --fetch its base URL
    #[arg(long, value_name = "FILE|ig:ID#VERSION|URL")]
    server: String,
    /// The server's .well-known/smart-configuration [default: with --fetch, that of the server's URL]
    #[arg(long, value_name = "FILE")]
    smart: Option<PathBuf>,
    #[command(flatten)]
    terms: TermsArgs,
    /// What was granted: the scopes, or the file of a token response (JSON)
    #[arg(long, value_name = "SCOPES|FILE")]
    granted: Option<String>,
    /// Real answers of the server, as NDJSON or JSON: those that claim a required profile, or have the codes that
    /// select it, are validated against it. Counts, rules and places are told, no values
    #[arg(long, value_name = "FILE|DIR")]
    observed: Option<PathBuf>,
    /// Write every row, with its places in both statements
    #[arg(long)]
    verbose: bool,
    /// text, json (the whole result), or html (one page for people, which loads nothing)
    #[arg(long, value_enum, default_value = "text")]
    format: ReportFormat,
    #[command(flatten)]
    fetching: Fetching,
}

impl Args {
    /// The guides among the two sides, as `ID#VERSION` or `ID`: they belong to the package set too.
    fn guides(&self) -> Vec<String> {
        side::guides([&self.client, &self.server])
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    Text,
    Json,
}

/// The forms of a report that people read, too.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum ReportFormat {
    Text,
    Json,
    Html,
}

/// What holds real answers against the profiles of a client.
pub type Observe<'a> = &'a dyn Fn(&Path, &Prepared) -> Result<Observed, String>;

/// Loads the package set, then does as [`run`].
///
/// # Errors
/// A message where a package is not found, and as [`run`].
pub fn command(args: &Args, out: &mut dyn Write) -> Result<u8, String> {
    let known = Known::open(&args.terms.package, &args.guides()).map_err(|e| e.to_string())?;
    let observing = |path: &Path, client: &Prepared| {
        let found = observe(path, client, &known)?;
        if found.left_out > 0 {
            note(&format!("left out: {} files that are neither .json nor .ndjson", found.left_out));
        }
        Ok(found.observed)
    };
    let code = run(args, &known.session(), &observing, out);
    known.save();
    code
}

/// Negotiates and writes the result; returns the exit code: 0 where a result was computed, 1 where `--fail-on` asks for
/// it.
///
/// # Errors
/// A message where an input cannot be read or is no statement.
pub fn run(
    args: &Args,
    definitions: &dyn Definitions,
    observe: Observe<'_>,
    out: &mut dyn Write,
) -> Result<u8, String> {
    let documents = args.fetching.documents()?;
    let mut client = side::read(&args.client, documents.as_ref())?;
    let hooks = side::hooks(&mut client)?;
    let server = side::read(&args.server, documents.as_ref())?;
    let smart = side::smart(args.smart.as_deref(), &server, documents.as_ref())?;
    let (client_from, server_from) = (client.from.clone(), server.from.clone());
    let mut request = NegotiateRequest { smart, ..request(args, client, server)? };
    hooks.iter().for_each(|hooks| hooks.grant(&mut request));
    if let Some(path) = &args.observed {
        let client = Prepared::new(&request.client, Party::Client, None, definitions).map_err(|e| e.to_string())?;
        request.observed = Some(Arc::new(observe(path, &client)?));
    }
    let mut agreement = negotiate(&request, definitions).map_err(|e| e.to_string())?;
    agreement.hooks = hooks.map(|hooks| hooks.answers(&agreement)).unwrap_or_default();
    let outcome = match args.format {
        ReportFormat::Json => write_json(&agreement, out),
        ReportFormat::Html => page::agreement(&agreement, out),
        ReportFormat::Text => {
            let form = agreement_text::Form { client: &client_from, server: &server_from, verbose: args.verbose };
            agreement_text::write(&agreement, &form, out)
        }
    };
    written(outcome)?;
    Ok(u8::from(args.terms.fails(agreement.verdict)))
}

/// A reader that has seen enough and closes the pipe is no failure.
pub(super) fn written(outcome: std::io::Result<()>) -> Result<(), String> {
    match outcome {
        Err(e) if e.kind() != std::io::ErrorKind::BrokenPipe => Err(format!("the result cannot be written: {e}")),
        _ => Ok(()),
    }
}

fn write_json(agreement: &Agreement, out: &mut dyn Write) -> std::io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, agreement)?;
    out.write_all(b"\n")
}

/// All but the SMART configuration.
fn request(args: &Args, client: ReadSide, server: ReadSide) -> Result<NegotiateRequest, String> {
    let (mut policy, script) = args.terms.policy()?;
    if let Some(granted) = &args.granted {
        policy.token_response = Some(token_response(granted)?);
    }
    Ok(NegotiateRequest {
        client: client.side,
        server: server.side,
        smart: None,
        scope: args.terms.scope.clone(),
        flow: args.terms.flow(),
        client_type: args.terms.client_type(),
        need: args.terms.need.clone(),
        without: args.terms.without.clone(),
        weigh: args.terms.weigh(),
        policy,
        script,
        observed: None,
        from: [Some(client.from), Some(server.from)],
    })
}
