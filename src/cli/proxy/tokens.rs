//! Where tokens are verified, by the options.

use std::sync::Arc;

use super::options::Options;
use crate::remote::authority::{IntrospectionServer, KeySet};
use crate::token::{Algorithm, Expected, Introspection, Jwt, Keys, Now, Tokens};

/// The variable of the environment that has the secret of the introspection server.
const SECRET: &str = "ACCORD_INTROSPECTION_SECRET";
/// How far clocks may be apart, in seconds, unless something else is set.
const LEEWAY: u64 = 30;
/// The algorithms that signed tokens may have, unless something else is set: those that SMART asks servers for
/// (<https://hl7.org/fhir/smart-app-launch/client-confidential-asymmetric.html>), and their siblings.
const ALGORITHMS: [Algorithm; 4] = [Algorithm::Rs256, Algorithm::Rs384, Algorithm::Es256, Algorithm::Es384];

/// Whether the options name a source of tokens.
///
/// # Errors
/// A message that says what is missing.
pub(super) fn check(options: &Options) -> Result<(), String> {
    match () {
        () if options.jwks.is_none() && options.introspection.is_none() => {
            Err("no source of tokens is configured: give --jwks with --issuer and --audience, --introspection \
                 with --audience, or both"
                .to_owned())
        }
        () if options.jwks.is_some() && (options.issuer.is_none() || options.audience.is_empty()) => {
            Err("--jwks needs --issuer and --audience".to_owned())
        }
        () if options.introspection.is_some() && options.introspection_client.is_none() => {
            Err(format!("--introspection needs --introspection-client, and its secret in {SECRET}"))
        }
        () if options.introspection.is_some() && options.audience.is_empty() => {
            Err("--introspection needs --audience: a token for another audience is not one for this server".to_owned())
        }
        () => Ok(()),
    }
}

/// The sources of the options.
///
/// # Errors
/// A message where an option cannot be used, or no key can be read.
pub(super) async fn open(options: &Options, now: Now) -> Result<Tokens, String> {
    let expected = Expected {
        issuer: options.issuer.clone(),
        audience: options.audience.clone(),
        leeway_seconds: options.leeway_seconds.unwrap_or(LEEWAY),
    };
    let jwt = match &options.jwks {
        None => None,
        Some(jwks) => {
            let keys = Keys::open(Arc::new(KeySet::parse(jwks)?), Arc::clone(&now)).await?;
            Some(Jwt::new(keys, algorithms(&options.algorithm)?, expected.clone())?)
        }
    };
    let introspection = match (&options.introspection, &options.introspection_client) {
        (Some(url), Some(client)) => {
            let secret = std::env::var(SECRET).map_err(|_| format!("{SECRET} is not set"))?;
            let server = IntrospectionServer::new(url, client, &secret)?;
            Some(Introspection::new(Arc::new(server), expected))
        }
        _ => None,
    };
    Tokens::new(jwt, introspection, now)
}

fn algorithms(names: &[String]) -> Result<Vec<Algorithm>, String> {
    if names.is_empty() {
        return Ok(ALGORITHMS.to_vec());
    }
    let known = || Algorithm::ALL.map(Algorithm::name).join(", ");
    let one = |name: &String| Algorithm::parse(name).ok_or_else(|| format!("`{name}` is not one of {}", known()));
    names.iter().map(one).collect()
}

#[cfg(test)]
#[path = "tokens_tests.rs"]
mod tests;
