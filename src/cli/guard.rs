//! `accord guard`: may a request go on, under a negotiation and the scopes of a token?

use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args as ClapArgs;
use serde::Serialize;
use serde_json::Value;

use super::exit;
use super::within::write_json;
use crate::app::{App, Settings};
use crate::capability::guard::{Access, Decision, Gate, Method, Negotiated, State, TokenContext, Verdict, finished};
use crate::guard::{self, Guard};
use crate::profiles::interrupt::Interrupt;

/// Tells whether one request to a FHIR server is within a negotiation and the scopes of a token.
///
/// What is unknown is refused. The answer, as JSON, names the interaction, the scope that carries it, the profile, and
/// why the request is refused.
#[derive(ClapArgs, Clone, Debug)]
#[command(after_help = "Exit codes: 0 allowed, 1 refused, 3 could not run")]
pub struct Args {
    /// The result of `accord negotiate --format json`; `-` reads it from the standard input
    #[arg(value_name = "NEGOTIATION")]
    negotiation: PathBuf,
    /// The scopes of the token, separated by spaces
    #[arg(long, value_name = "SCOPES")]
    scope: String,
    /// The id of the patient in the token's context
    #[arg(long, value_name = "ID")]
    patient: Option<String>,
    /// The method of the request: GET, HEAD, POST, PUT, PATCH or DELETE
    #[arg(long, value_name = "METHOD", value_parser = method)]
    method: Method,
    /// Path and query below the server's base, percent-encoded, as `Observation?code=x`; empty for the base itself
    #[arg(long, value_name = "PATH")]
    url: String,
    /// The header If-None-Exist
    #[arg(long, value_name = "QUERY")]
    if_none_exist: Option<String>,
    /// The header Content-Type [default: what the interaction takes as JSON]
    #[arg(long, value_name = "TYPE")]
    content_type: Option<String>,
    /// The body of the request
    #[arg(long, value_name = "FILE")]
    body: Option<PathBuf>,
    /// The resource as it stands on the server, in JSON; for a batch or a transaction a Bundle with an entry for each
    /// of its entries
    #[arg(long, value_name = "FILE", conflicts_with = "old_absent")]
    old: Option<PathBuf>,
    /// There is no such resource on the server
    #[arg(long)]
    old_absent: bool,
    /// The answer of the server, in JSON, which is judged too
    #[arg(long, value_name = "FILE")]
    answer: Option<PathBuf>,
    /// A base URL of the server: absolute references below it are judged as relative ones. May be given several times
    #[arg(long = "base", value_name = "URL")]
    bases: Vec<String>,
    /// A package to find profiles in: ID#VERSION, or the path of an archive, a folder or a file. May be given several
    /// times [default: all embedded guides]
    #[arg(long = "package", value_name = "ID#VERSION|PATH")]
    packages: Vec<String>,
}

fn method(text: &str) -> Result<Method, String> {
    Method::parse(text).ok_or_else(|| "not GET, HEAD, POST, PUT, PATCH or DELETE".to_owned())
}

/// What is written: the decision, and its short form.
#[derive(Serialize)]
struct Told {
    allowed: bool,
    #[serde(flatten)]
    decision: Decision,
}

/// Decides, and writes the decision to `out`. Returns the exit code.
///
/// # Errors
/// A message where a file cannot be read, the negotiation is unusable, or a package or a profile is not found.
pub fn command(args: &Args, out: &mut dyn Write) -> Result<u8, String> {
    let name = args.negotiation.display();
    let unusable = |e: String| format!("`{name}` is not usable: {e}");
    let negotiation: Value = serde_json::from_slice(&read(&args.negotiation)?)
        .map_err(|e| unusable(format!("not a result of `accord negotiate --format json`: {e}")))?;
    let version = Negotiated::read(&negotiation).and_then(|n| guard::fhir_version(&n)).map_err(unusable)?;
    let packages = args.packages.clone();
    let settings = Settings { fhir_version: Some(version), packages, ..Settings::default() };
    let app = App::open(&settings).map_err(|e| e.to_string())?;
    let guard = Guard::open_at(&negotiation, Arc::new(app), &args.bases).map_err(unusable)?;
    let decision = decide(args, &guard)?;
    let allowed = decision.verdict == Verdict::Allowed;
    write_json(&Told { allowed, decision }, out)?;
    Ok(if allowed { exit::OK } else { exit::INVALID })
}

fn decide(args: &Args, guard: &dyn Gate) -> Result<Decision, String> {
    let read = |path: &Option<PathBuf>| path.as_deref().map(read).transpose();
    let (body, old, answer) = (read(&args.body)?, read(&args.old)?, read(&args.answer)?);
    let token = TokenContext { scope: args.scope.clone(), patient: args.patient.clone() };
    let access = Access {
        method: args.method,
        url: &args.url,
        if_none_exist: args.if_none_exist.as_deref(),
        content_type: args.content_type.as_deref(),
        body: body.as_deref(),
        old: match &old {
            Some(old) => State::Resource(old),
            None if args.old_absent => State::Absent,
            None => State::NotRead,
        },
    };
    let decision = guard.decide(&token, &access, &Interrupt::never());
    Ok(match answer {
        Some(answer) if decision.verdict == Verdict::JudgeAnswer => {
            guard.judge_answer(&token, &access, &answer, &Interrupt::never())
        }
        _ => finished(decision),
    })
}

fn read(path: &Path) -> Result<Vec<u8>, String> {
    let failed = |e: std::io::Error| format!("could not read `{}`: {e}", path.display());
    if path == Path::new("-") {
        let mut text = Vec::new();
        std::io::stdin().read_to_end(&mut text).map_err(failed)?;
        return Ok(text);
    }
    std::fs::read(path).map_err(failed)
}
