//! The settings in force.

use std::path::PathBuf;

use fhir_accord_profiles::evaluate::Policies;
use serde::Deserialize;

use super::address::Address;
use super::limits::Limits;
use super::token::Token;

/// The settings in force.
#[derive(Clone, Debug)]
pub struct Config {
    /// `HOST:PORT`; port 0 takes any free one.
    pub listen: String,
    /// Worker threads; 0 takes one a core.
    pub workers: usize,
    /// The data folder; without one nothing outlives the process.
    pub data: Option<PathBuf>,
    /// As [`crate::app::Settings::packages`].
    pub packages: Vec<String>,
    /// Rhai scripts of rules and functions, and folders of them.
    pub rules: Vec<PathBuf>,
    /// Rhai scripts of policies that a negotiation may name, and folders of them.
    pub policies: Vec<PathBuf>,
    /// Allows reaching package registries.
    pub fetch: bool,
    /// The base URL of a terminology server; without one nobody is asked.
    pub tx: Option<Address>,
    /// How long its answers are kept, in seconds.
    pub tx_cache_seconds: u64,
    /// The address under which clients reach the service, where it is another than the one of the request.
    pub base_url: Option<String>,
    /// Without it uploads are off.
    pub admin_token: Option<Token>,
    /// The bounds on requests.
    pub limits: Limits,
    /// What `$validate` starts from.
    pub validation: Policies,
    /// What is logged, and how.
    pub log: Log,
}

/// What is logged, and how.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct Log {
    /// As `RUST_LOG` has it; `info` without, and less of the HTTP server's own.
    pub filter: Option<String>,
    /// JSON lines in place of text.
    pub json: bool,
}
