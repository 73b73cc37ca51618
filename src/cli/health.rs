//! `accord health`: whether a service is ready, for health checks of containers.

use std::io::Write;
use std::time::Duration;

use super::exit;
use crate::remote::health::is_ready;

/// Asks a running service whether it is ready: exit code 0 if it is, 1 if it is not or does not answer.
#[derive(clap::Args, Clone, Debug)]
pub struct Args {
    /// Where the service listens.
    #[arg(value_name = "URL", default_value = "http://127.0.0.1:8080")]
    pub url: String,
    /// How long to wait for the answer, in seconds.
    #[arg(long, value_name = "SECONDS", default_value_t = 5, value_parser = clap::value_parser!(u64).range(1..=300))]
    pub timeout: u64,
}

/// Writes `ready` or `not ready` to `out`.
///
/// # Errors
/// A message where `out` cannot be written to.
pub fn run(args: &Args, out: &mut dyn Write) -> Result<u8, String> {
    let url = format!("{}/health/ready", args.url.trim_end_matches('/'));
    let (told, code) = match is_ready(&url, Duration::from_secs(args.timeout)) {
        Ok(true) => ("ready".to_owned(), exit::OK),
        Ok(false) => ("not ready".to_owned(), exit::INVALID),
        Err(e) => (format!("no answer from {url}: {e}"), exit::INVALID),
    };
    writeln!(out, "{told}").map_err(|e| format!("could not write the answer: {e}"))?;
    Ok(code)
}
