//! A settings document, and the settings that it makes.

use std::path::PathBuf;

use fhir_accord_profiles::evaluate::Policies;
use serde::Deserialize;

use super::address::Address;
use super::limits::Limits;
use super::proxies::Proxies;
use super::settings::{Config, Log, StoreKind};
use super::source::ConfigError;
use super::token::Token;
use super::validation::PolicySettings;

/// How long the answers of a terminology server are kept where nothing is said: a day.
const TX_CACHE_SECONDS: u64 = 86_400;

/// Where the pages of the FHIRPath Lab come from: their scripts may read answers where nothing is said.
const LAB: [&str; 3] = ["https://fhirpath-lab.com", "https://dev.fhirpath-lab.com", "http://localhost:3000"];

/// A settings document as it is written; every part may be missing.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub(super) struct Document {
    listen: Option<String>,
    health_listen: Option<String>,
    workers: Option<usize>,
    data: Option<PathBuf>,
    store: Option<StoreKind>,
    packages: Option<Vec<String>>,
    rules: Option<Vec<PathBuf>>,
    policies: Option<Vec<PathBuf>>,
    fetch: Option<bool>,
    tx: Option<String>,
    tx_cache_seconds: Option<u64>,
    base_url: Option<String>,
    cors_origins: Option<Vec<String>>,
    trusted_proxies: Vec<String>,
    admin_token_file: Option<PathBuf>,
    limits: Limits,
    validation: PolicySettings,
    log: Log,
}

impl Document {
    pub(super) fn finish(self, token: Option<String>) -> Result<Config, ConfigError> {
        let token = match (token, self.admin_token_file) {
            (Some(token), _) => Some(token),
            (None, Some(path)) => Some(std::fs::read_to_string(&path).map_err(|e| {
                ConfigError(format!("the admin token could not be read from `{}`: {e}", path.display()))
            })?),
            (None, None) => None,
        };
        let admin_token = match token.as_deref().map(str::trim) {
            Some("") => {
                return Err(ConfigError(
                    "the admin token is empty; set one, or leave it out to keep uploads disabled".to_owned(),
                ));
            }
            other => other.map(Token::new),
        };
        Ok(Config {
            listen: self.listen.unwrap_or_else(|| "127.0.0.1:8080".to_owned()),
            health_listen: self.health_listen,
            workers: self.workers.unwrap_or(0),
            data: self.data,
            store: self.store.unwrap_or_default(),
            packages: self.packages.unwrap_or_default(),
            rules: self.rules.unwrap_or_default(),
            policies: self.policies.unwrap_or_default(),
            fetch: self.fetch.unwrap_or(false),
            tx: self.tx.map(Address::new),
            tx_cache_seconds: self.tx_cache_seconds.unwrap_or(TX_CACHE_SECONDS),
            base_url: self.base_url.map(|u| u.trim_end_matches('/').to_owned()),
            cors_origins: self.cors_origins.unwrap_or_else(|| LAB.map(str::to_owned).to_vec()),
            trusted_proxies: Proxies::parse(&self.trusted_proxies).map_err(ConfigError)?,
            admin_token,
            validation: self.validation.apply(Policies { work: self.limits.work(), ..Policies::default() }),
            limits: self.limits,
            log: self.log,
        })
    }
}
