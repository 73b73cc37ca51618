//! `accord proxy --upstream URL`: a guard in front of a FHIR server.

mod options;
mod tokens;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde_json::Value;

use super::exit;
use super::serve::log;
use super::within::Within;
use crate::app::{App, Settings as AppSettings};
use crate::capability::guard::Gate;
use crate::config::Log;
use crate::guard::Guard;
use crate::proxy::{Lines, Settings, Shared};
use crate::remote::trust::authorities;
use crate::remote::upstream::Base;
use crate::token::Now;
use options::Options;

/// Judges each request to a FHIR server by a negotiation and by what its verified token allows, and passes on what may
/// go on. Where tokens are verified (--jwks, --introspection) has to be configured.
#[derive(clap::Args, Clone, Debug)]
pub struct Args {
    #[command(flatten)]
    options: Options,
    /// The options in a JSON file, by their names in camel case; those on the command line take precedence.
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Where the profiles of the negotiation are found.
    #[command(flatten)]
    within: Within,
}

/// Runs the proxy until a signal stops it. Returns the exit code.
///
/// # Errors
/// A message where an option, the negotiation, the packages, the keys or an address cannot be used.
pub fn run(args: &Args) -> Result<u8, String> {
    let options = match &args.config {
        Some(path) => args.options.clone().or(Options::read(path)?),
        None => args.options.clone(),
    };
    log(&log_settings());
    let mut settings = settings(&options)?;
    tokens::check(&options)?;
    let negotiation = negotiation(&options)?;
    settings.fhir_version = negotiation.pointer("/fhirVersion/chosen").and_then(Value::as_str).map(str::to_owned);
    let packages = options.package(&args.within.packages);
    let app = App::open(&AppSettings { packages, ..args.within.settings()? }).map_err(|e| e.to_string())?;
    let bases: Vec<String> = options.base.iter().chain(&options.upstream).cloned().collect();
    let gate: Arc<dyn Gate> = Arc::new(Guard::open_at(&negotiation, Arc::new(app), &bases)?);
    let lines = lines(&options)?;
    crate::proxy::run(async move {
        let tokens = tokens::open(&options, now()).await?;
        Ok(Shared::new(settings, gate, tokens, lines))
    })?;
    Ok(exit::OK)
}

fn now() -> Now {
    Arc::new(|| SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs())
}

/// What is logged, as `accord serve` has it.
fn log_settings() -> Log {
    let json = std::env::var("ACCORD_LOG_JSON").is_ok_and(|v| matches!(v.as_str(), "1" | "true"));
    Log { filter: std::env::var("ACCORD_LOG").ok(), json }
}

fn settings(options: &Options) -> Result<Settings, String> {
    let upstream = options.upstream.as_deref().ok_or("--upstream is required: the base URL of the FHIR server")?;
    let mut settings = Settings::new(Base::parse(upstream)?);
    let milliseconds = |value: Option<u64>, default| value.map_or(default, Duration::from_millis);
    settings.listen = options.listen.clone().unwrap_or(settings.listen);
    settings.health_listen = options.health_listen.clone().unwrap_or(settings.health_listen);
    let trust = options.upstream_ca.as_deref().map(authorities).transpose();
    settings.trust = trust.map_err(|e| format!("--upstream-ca: {e}"))?;
    settings.shadow = options.shadow;
    settings.drop_authorization = options.drop_authorization;
    settings.trust_forwarded = options.trust_forwarded;
    for name in &options.pass_headers {
        settings.pass_header(name).map_err(|why| format!("--pass-header: {why}"))?;
    }
    settings.timeout = milliseconds(options.timeout_ms, settings.timeout);
    settings.judging = milliseconds(options.judging_ms, settings.judging);
    settings.grace = milliseconds(options.shutdown_timeout_ms, settings.grace);
    settings.body_bytes = options.max_body_bytes.unwrap_or(settings.body_bytes);
    settings.answer_bytes = options.max_answer_bytes.unwrap_or(settings.answer_bytes);
    settings.held_bytes = options.max_held_bytes.unwrap_or(settings.held_bytes);
    settings.workers = options.workers.unwrap_or(settings.workers);
    if settings.body_bytes.max(settings.answer_bytes) > settings.held_bytes {
        return Err("--max-held-bytes must be as large as the largest body and the largest answer".to_owned());
    }
    Ok(settings)
}

/// The negotiation that is put to work.
fn negotiation(options: &Options) -> Result<Value, String> {
    let path = options.negotiation.as_deref().ok_or("--negotiation is required: a result of `accord negotiate`")?;
    let text = std::fs::read(path).map_err(|e| format!("cannot read `{}`: {e}", path.display()))?;
    serde_json::from_slice(&text).map_err(|e| format!("`{}` is not JSON: {e}", path.display()))
}

/// Where decisions are written.
fn lines(options: &Options) -> Result<Lines, String> {
    let out: Box<dyn std::io::Write + Send> = match &options.decisions {
        None => Box::new(std::io::stdout()),
        Some(path) => {
            let file = std::fs::OpenOptions::new().append(true).create(true).open(path);
            Box::new(file.map_err(|e| format!("cannot write `{}`: {e}", path.display()))?)
        }
    };
    Lines::to(out).map_err(|e| e.to_string())
}
