//! What claims say: who issued a token, for whom, for how long, and what it allows.

use fhir_accord_capability::guard::TokenContext;
use fhir_accord_profiles::model::is_id;
use serde_json::Value;

use super::members::Members;
use super::{Refusal, Verified};

/// What the claim `typ` of an access token says, where an issuer writes it: others have it in identity and refresh
/// tokens.
const TYPES: [&str; 5] = ["Bearer", "JWT", "at+jwt", "application/at+jwt", "access_token"];
/// What the claim `token_use` of an access token says, where an issuer writes it.
const USES: [&str; 2] = ["access", "access_token"];

/// What a token has to say of itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Expected {
    /// Its issuer; `None`: whoever, which is for introspection only.
    pub issuer: Option<String>,
    /// Its audience: one of these; where there is none, no token is taken.
    pub audience: Vec<String>,
    /// How far clocks may be apart, in seconds.
    pub leeway_seconds: u64,
}

impl Expected {
    /// What verified claims allow.
    ///
    /// # Errors
    /// [`Refusal::Bound`], [`Refusal::Kind`], [`Refusal::Issuer`], [`Refusal::Audience`], [`Refusal::Expired`],
    /// [`Refusal::NotYetValid`], [`Refusal::Claim`].
    pub(super) fn read(&self, claims: &Members, now: u64) -> Result<Verified, Refusal> {
        check_kind(claims)?;
        if self.issuer.is_some() && claims.text("iss")? != self.issuer.as_deref() {
            return Err(Refusal::Issuer);
        }
        if !self.is_for_us(claims.get("aud")) {
            return Err(Refusal::Audience);
        }
        let expires = claims.get("exp").map(seconds).transpose()?;
        if expires.is_some_and(|e| e.saturating_add(self.leeway_seconds) <= now) {
            return Err(Refusal::Expired);
        }
        let begins = claims.get("nbf").map(seconds).transpose()?;
        if begins.is_some_and(|b| b > now.saturating_add(self.leeway_seconds)) {
            return Err(Refusal::NotYetValid);
        }
        let context = TokenContext { scope: scope(claims)?, patient: patient(claims)? };
        Ok(Verified { context, expires })
    }

    fn is_for_us(&self, audience: Option<&Value>) -> bool {
        let is_ours = |value: &Value| value.as_str().is_some_and(|a| self.audience.iter().any(|own| own == a));
        match audience {
            Some(Value::Array(all)) => all.iter().all(Value::is_string) && all.iter().any(is_ours),
            Some(one) => is_ours(one),
            None => false,
        }
    }
}

/// Whether claims are those of an access token that whoever bears it may use.
fn check_kind(claims: &Members) -> Result<(), Refusal> {
    // <https://www.rfc-editor.org/rfc/rfc7800#section-3.1>: who presents it has to prove that a key is theirs.
    if claims.get("cnf").is_some() {
        return Err(Refusal::Bound);
    }
    let is_one_of = |name: &str, kinds: &[&str]| -> Result<bool, Refusal> {
        let kind = claims.text(name)?;
        Ok(kind.is_none_or(|kind| kinds.iter().any(|known| known.eq_ignore_ascii_case(kind))))
    };
    match is_one_of("typ", &TYPES)? && is_one_of("token_use", &USES)? {
        true => Ok(()),
        false => Err(Refusal::Kind),
    }
}

/// A NumericDate (<https://www.rfc-editor.org/rfc/rfc7519#section-2>) in whole seconds.
fn seconds(value: &Value) -> Result<u64, Refusal> {
    let number = value.as_number().ok_or(Refusal::Claim)?;
    if let Some(whole) = number.as_u64() {
        return Ok(whole);
    }
    let number = number.as_f64().filter(|n| n.is_finite() && *n >= 0.0).ok_or(Refusal::Claim)?;
    Ok(number as u64)
}

/// The scopes: `scope`, or `scp` as some issuers call it, there also as a list.
fn scope(claims: &Members) -> Result<String, Refusal> {
    let scope = match (claims.text("scope")?, claims.get("scp")) {
        (Some(scope), _) => scope.to_owned(),
        (None, Some(Value::String(scope))) => scope.clone(),
        (None, Some(Value::Array(scopes))) => {
            let scopes = scopes.iter().map(|s| s.as_str().filter(|s| !s.contains(' ')).ok_or(Refusal::Claim));
            scopes.collect::<Result<Vec<&str>, Refusal>>()?.join(" ")
        }
        (None, None) => String::new(),
        (None, Some(_)) => return Err(Refusal::Claim),
    };
    // <https://www.rfc-editor.org/rfc/rfc6749#section-3.3>
    let is_fit = scope.bytes().all(|b| matches!(b, b' '..=b'~') && !matches!(b, b'"' | b'\\'));
    if is_fit { Ok(scope) } else { Err(Refusal::Claim) }
}

/// The id of the patient (<https://hl7.org/fhir/R4/datatypes.html#id>).
fn patient(claims: &Members) -> Result<Option<String>, Refusal> {
    let Some(id) = claims.text("patient")? else { return Ok(None) };
    if is_id(id) { Ok(Some(id.to_owned())) } else { Err(Refusal::Claim) }
}
