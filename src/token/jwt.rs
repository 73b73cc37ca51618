//! Tokens that are verified here, by their signature (<https://www.rfc-editor.org/rfc/rfc8725>).

use std::sync::Arc;

use super::jws::Jws;
use super::{Algorithm, Expected, Keys, Refusal, Verified};

/// How signed tokens are verified.
pub struct Jwt {
    keys: Arc<Keys>,
    allowed: Vec<Algorithm>,
    expected: Expected,
}

impl Jwt {
    /// Verifies with these keys, by these algorithms.
    ///
    /// # Errors
    /// A sentence that says what has to be configured: an issuer, an audience, an algorithm.
    pub fn new(keys: Arc<Keys>, allowed: Vec<Algorithm>, expected: Expected) -> Result<Jwt, String> {
        let missing = match () {
            () if expected.issuer.as_ref().is_none_or(String::is_empty) => "an issuer",
            () if expected.audience.is_empty() || expected.audience.iter().any(String::is_empty) => "an audience",
            () if allowed.is_empty() => "an algorithm",
            () => return Ok(Jwt { keys, allowed, expected }),
        };
        Err(format!("tokens that are verified by keys need {missing}"))
    }

    /// Whether a token is of the form that is verified here.
    pub(super) fn takes(&self, token: &str) -> bool {
        Jws::is_meant(token)
    }

    /// What a token allows.
    ///
    /// # Errors
    /// Any [`Refusal`] but those of introspection.
    pub(super) async fn verify(&self, token: &str, now: u64) -> Result<Verified, Refusal> {
        let jws = Jws::parse(token, &self.allowed)?;
        self.keys.verify(jws.key_id.as_deref(), jws.algorithm, jws.signed, &jws.signature).await?;
        let verified = self.expected.read(&jws.claims()?, now)?;
        if verified.expires.is_some() { Ok(verified) } else { Err(Refusal::Claim) }
    }
}
