//! The tokens of requests (<https://www.rfc-editor.org/rfc/rfc6750#section-2.1>).

use super::refusal::MOST_BYTES;
use super::{Introspection, Jwt, Now, Refusal, Verified};

/// Where what tokens allow is known from: keys, introspection, or both. With both, signed tokens are verified by keys
/// and only by them.
pub struct Tokens {
    jwt: Option<Jwt>,
    introspection: Option<Introspection>,
    now: Now,
}

impl Tokens {
    /// Verifies by these.
    ///
    /// # Errors
    /// A sentence, where there is neither.
    pub fn new(jwt: Option<Jwt>, introspection: Option<Introspection>, now: Now) -> Result<Tokens, String> {
        if jwt.is_none() && introspection.is_none() {
            return Err("no source of tokens is configured: give keys, introspection, or both".to_owned());
        }
        Ok(Tokens { jwt, introspection, now })
    }

    /// What the token of a request allows; `authorization` are the values of its headers of this name.
    ///
    /// # Errors
    /// Why it is not taken.
    pub async fn verify<'h>(&self, mut authorization: impl Iterator<Item = &'h [u8]>) -> Result<Verified, Refusal> {
        let header = authorization.next().ok_or(Refusal::Missing)?;
        if authorization.next().is_some() {
            return Err(Refusal::Header);
        }
        let token = bearer(header)?;
        match (&self.jwt, &self.introspection) {
            (Some(jwt), _) if jwt.takes(token) => jwt.verify(token, (self.now)()).await,
            (_, Some(introspection)) => introspection.verify(token, &self.now).await,
            _ => Err(Refusal::Malformed),
        }
    }
}

fn bearer(header: &[u8]) -> Result<&str, Refusal> {
    let header = std::str::from_utf8(header).map_err(|_| Refusal::Header)?;
    let (scheme, token) = header.split_once(' ').ok_or(Refusal::Header)?;
    let token = token.trim_start_matches(' ');
    let is_fit = |b: u8| b.is_ascii_alphanumeric() || b"-._~+/=".contains(&b);
    if !scheme.eq_ignore_ascii_case("bearer") || token.is_empty() || !token.bytes().all(is_fit) {
        return Err(Refusal::Header);
    }
    if token.len() > MOST_BYTES { Err(Refusal::TooLong) } else { Ok(token) }
}
