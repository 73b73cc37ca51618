//! `accord scope minimum`: the least that a client's statement needs, as a scope string.

use std::io::Write;
use std::path::PathBuf;

use super::super::negotiate::Format;
use super::super::side::{self, read_json};
use super::super::terms::Flow;
use crate::app::Known;
use crate::capability::agreement::Ask;
use crate::capability::{NegotiateRequest, negotiate};

/// What is looked at.
#[derive(clap::Args, Clone, Debug)]
pub struct Args {
    /// The client: a CapabilityStatement or Conformance (JSON), or a guide
    #[arg(long, value_name = "FILE|ig:ID#VERSION")]
    client: String,
    /// The server, whose statement says what can be used at all
    #[arg(long, value_name = "FILE|ig:ID#VERSION")]
    server: Option<String>,
    /// The server's .well-known/smart-configuration, which says what syntax it takes
    #[arg(long, value_name = "FILE")]
    smart: Option<PathBuf>,
    /// The scopes that are requested today: what they lack and what is beyond the need is told
    #[arg(long, value_name = "SCOPES")]
    scope: Option<String>,
    /// How the app is started [default: standalone]
    #[arg(long, value_enum)]
    flow: Option<Flow>,
    /// Guides to load, by ID#VERSION or path [default: the embedded ones]
    #[arg(long, value_name = "ID#VERSION|PATH")]
    package: Vec<String>,
    #[arg(long, value_enum, default_value = "text")]
    pub(super) format: Format,
}

/// The least that is needed. Without a server all that the client lists can be used.
///
/// # Errors
/// A message where an input cannot be read or is no statement, or a package is not found.
pub(super) fn minimum(args: &Args) -> Result<Ask, String> {
    let server = args.server.as_ref().unwrap_or(&args.client);
    let known = Known::open(&args.package, &side::guides([&args.client, server])).map_err(|e| e.to_string())?;
    let request = NegotiateRequest {
        smart: args.smart.as_deref().map(read_json).transpose()?,
        scope: args.scope.clone(),
        flow: args.flow.map(Into::into),
        ..NegotiateRequest::new(side::read(&args.client, None)?.side, side::read(server, None)?.side)
    };
    negotiate(&request, known.definitions()).map(|a| a.ask).map_err(|e| e.to_string())
}

/// The string, then what the requested one lacks and has beyond it.
pub(super) fn text(ask: &Ask, out: &mut dyn Write) -> std::io::Result<()> {
    writeln!(out, "{}", ask.scope)?;
    for (title, tokens) in [("missing", &ask.missing), ("beyond", &ask.beyond)] {
        for t in tokens {
            writeln!(out, "{title}: {} ({})", t.token, t.why)?;
        }
    }
    Ok(())
}
