//! A settings document, and the settings that it makes.

use std::path::{Path, PathBuf};

use fhir_accord_profiles::evaluate::Policies;
use serde::Deserialize;

use super::address::Address;
use super::limits::Limits;
use super::proxies::Proxies;
use super::settings::{Config, Log, StoreKind, TlsFiles};
use super::source::ConfigError;
use super::telemetry::Telemetry;
use super::token::{READ_TOKENS, Token, Tokens};
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
    project: Option<PathBuf>,
    fetch: Option<bool>,
    tx: Option<String>,
    tx_cache_seconds: Option<u64>,
    tls_certificate: Option<PathBuf>,
    tls_key: Option<PathBuf>,
    base_url: Option<String>,
    cors_origins: Option<Vec<String>>,
    trusted_proxies: Vec<String>,
    admin_token_file: Option<PathBuf>,
    read_tokens_file: Option<PathBuf>,
    party_token_file: Option<PathBuf>,
    party_hosts: Vec<String>,
    party_private_addresses: bool,
    wrapper_open_errors: bool,
    limits: Limits,
    validation: PolicySettings,
    log: Log,
}

impl Document {
    pub(super) fn finish(
        self,
        [admin, read, party]: [Option<String>; 3],
        telemetry: Option<Telemetry>,
    ) -> Result<Config, ConfigError> {
        let admin = secret("admin token", admin, self.admin_token_file.as_deref())?;
        let admin_token = token(admin, "the admin token is empty; set one, or leave it out to keep uploads disabled")?;
        let party = secret("party token", party, self.party_token_file.as_deref())?;
        let party_token = token(party, "the party token is empty; set one, or leave it out")?;
        let tls = match (self.tls_certificate, self.tls_key) {
            (Some(certificate), Some(key)) => Some(TlsFiles { certificate, key }),
            (None, None) => None,
            (Some(_), None) => {
                return Err(ConfigError("`tlsCertificate` is set without its key; set `tlsKey` too".to_owned()));
            }
            (None, Some(_)) => {
                return Err(ConfigError(
                    "`tlsKey` is set without its certificate; set `tlsCertificate` too".to_owned(),
                ));
            }
        };
        let read = secret("read tokens", read, self.read_tokens_file.as_deref())?;
        let read_tokens = read.as_deref().map_or(Ok(Tokens::default()), read_tokens)?;
        Ok(Config {
            listen: self.listen.unwrap_or_else(|| "127.0.0.1:8080".to_owned()),
            health_listen: self.health_listen,
            workers: self.workers.unwrap_or(0),
            data: self.data,
            store: self.store.unwrap_or_default(),
            packages: self.packages.unwrap_or_default(),
            rules: self.rules.unwrap_or_default(),
            policies: self.policies.unwrap_or_default(),
            project: self.project,
            filter: None,
            fetch: self.fetch.unwrap_or(false),
            tx: self.tx.map(Address::new),
            tx_cache_seconds: self.tx_cache_seconds.unwrap_or(TX_CACHE_SECONDS),
            tls,
            base_url: self.base_url.map(|u| u.trim_end_matches('/').to_owned()),
            cors_origins: self.cors_origins.unwrap_or_else(|| LAB.map(str::to_owned).to_vec()),
            trusted_proxies: Proxies::parse(&self.trusted_proxies).map_err(ConfigError)?,
            admin_token,
            read_tokens,
            party_token,
            party_hosts: self.party_hosts,
            party_private_addresses: self.party_private_addresses,
            wrapper_open_errors: self.wrapper_open_errors,
            policy_settings: self.validation.clone(),
            validation: self.validation.apply(Policies { work: self.limits.work(), ..Policies::default() }),
            limits: self.limits,
            log: self.log,
            telemetry,
        })
    }
}

/// A secret: the text of a variable, or of a file.
fn secret(what: &str, variable: Option<String>, file: Option<&Path>) -> Result<Option<String>, ConfigError> {
    let refuse = |path: &Path, e| ConfigError(format!("the {what} could not be read from `{}`: {e}", path.display()));
    match (variable, file) {
        (Some(text), _) => Ok(Some(text)),
        (None, Some(path)) => std::fs::read_to_string(path).map(Some).map_err(|e| refuse(path, e)),
        (None, None) => Ok(None),
    }
}

/// The token of a text; `fault` says what is wrong with an empty one.
fn token(text: Option<String>, fault: &str) -> Result<Option<Token>, ConfigError> {
    match text.as_deref().map(str::trim) {
        Some("") => Err(ConfigError(fault.to_owned())),
        other => Ok(other.map(Token::new)),
    }
}

/// The read tokens of a text: separated by commas or line breaks.
fn read_tokens(text: &str) -> Result<Tokens, ConfigError> {
    let all: Vec<&str> = text.split([',', '\n']).map(str::trim).filter(|token| !token.is_empty()).collect();
    let fault = if all.is_empty() {
        "there are no read tokens; set some, or leave them out to let everybody read".to_owned()
    } else if all.len() > READ_TOKENS {
        format!("there are {} read tokens; at most {READ_TOKENS} can be set", all.len())
    } else if all.iter().any(|token| token.contains(char::is_whitespace)) {
        "a read token contains white space; separate tokens by commas or line breaks".to_owned()
    } else {
        return Ok(Tokens::new(all));
    };
    Err(ConfigError(fault))
}
