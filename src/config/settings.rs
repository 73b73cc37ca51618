//! The settings in force.

use std::path::PathBuf;
use std::sync::Arc;

use fhir_accord_profiles::evaluate::Policies;
use serde::Deserialize;

use super::address::Address;
use super::limits::Limits;
use super::proxies::Proxies;
use super::telemetry::Telemetry;
use super::token::{Token, Tokens};
use super::validation::PolicySettings;
use crate::project::Filter;

/// The settings in force.
#[derive(Clone, Debug)]
pub struct Config {
    /// `HOST:PORT`; port 0 takes any free one.
    pub listen: String,
    /// `HOST:PORT` where health and metrics are answered on threads of their own, too.
    pub health_listen: Option<String>,
    /// Worker threads; 0 takes one per core.
    pub workers: usize,
    /// The data folder; without one nothing outlives the process.
    pub data: Option<PathBuf>,
    /// What the store is built on.
    pub store: StoreKind,
    /// As [`crate::app::Settings::packages`].
    pub packages: Vec<String>,
    /// Rhai scripts of rules and functions, and folders of them.
    pub rules: Vec<PathBuf>,
    /// Rhai scripts of policies that a negotiation may name, and folders of them.
    pub policies: Vec<PathBuf>,
    /// The settings of a project that lie under these.
    pub project: Option<PathBuf>,
    /// What those say of issues; there is none until they are read.
    pub filter: Option<Arc<Filter>>,
    /// Allows reaching package registries.
    pub fetch: bool,
    /// The base URL of a terminology server; without it no server is asked.
    pub tx: Option<Address>,
    /// How long its answers are kept, in seconds.
    pub tx_cache_seconds: u64,
    /// What connections are encrypted with; without it they are plain.
    pub tls: Option<TlsFiles>,
    /// The address under which clients reach the service, where it is another than the one of the request.
    pub base_url: Option<String>,
    /// The origins of pages that may read answers; `*` is any.
    pub cors_origins: Vec<String>,
    /// Who is believed about the client of a request.
    pub trusted_proxies: Proxies,
    /// Without it nothing can be uploaded, kept or deleted.
    pub admin_token: Option<Token>,
    /// Where there are any, reading needs one of them, or the admin token.
    pub read_tokens: Tokens,
    /// Lets clients write parties, and negotiate between them, as the admin token does.
    pub party_token: Option<Token>,
    /// The hosts that parties may be fetched from; without any all, at the usual ports.
    pub party_hosts: Vec<String>,
    /// Whether parties may be fetched from addresses that are not public.
    pub party_private_addresses: bool,
    /// Whether open questions are errors by the interface of the validator-wrapper.
    pub wrapper_open_errors: bool,
    /// The bounds on requests.
    pub limits: Limits,
    /// The policies that the settings name: `validation` has them already.
    pub policy_settings: PolicySettings,
    /// What `$validate` starts from.
    pub validation: Policies,
    /// What is logged, and how.
    pub log: Log,
    /// Where spans go; without it nowhere.
    pub telemetry: Option<Telemetry>,
}

/// The files of a TLS certificate.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct TlsFiles {
    /// PEM: the certificate of the server, and behind it those that signed it.
    pub certificate: PathBuf,
    /// PEM: the private key of the certificate.
    pub key: PathBuf,
}

/// What the store is built on: [`crate::store::Engine`].
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "lowercase")]
pub enum StoreKind {
    /// sled, and a journal for negotiations.
    #[default]
    Sled,
    /// redb for all of it.
    Redb,
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
