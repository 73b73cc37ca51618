//! Signed tokens as they come (<https://www.rfc-editor.org/rfc/rfc7515#section-7.1>).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::members::Members;
use super::{Algorithm, Refusal};

/// A token that nobody has verified: what may be known of it is how to do so.
pub(super) struct Jws<'t> {
    /// The algorithm that its header names, which is one of those that are allowed.
    pub algorithm: Algorithm,
    /// The key that its header names.
    pub key_id: Option<String>,
    /// What is signed.
    pub signed: &'t [u8],
    pub signature: Vec<u8>,
    payload: &'t str,
}

/// The types that a token of access has; those of other tokens are refused, so that none stands in for one
/// (<https://www.rfc-editor.org/rfc/rfc8725#section-3.11>).
const TYPES: [&str; 3] = ["JWT", "at+jwt", "application/at+jwt"];

impl<'t> Jws<'t> {
    /// Whether a token has the form of a signed one.
    pub fn is_meant(token: &str) -> bool {
        token.split('.').count() == 3
    }

    /// Takes a token apart.
    ///
    /// # Errors
    /// [`Refusal::Malformed`], [`Refusal::Duplicate`], [`Refusal::Critical`]; [`Refusal::Algorithm`] for one that is
    /// not in `allowed`.
    pub fn parse(token: &'t str, allowed: &[Algorithm]) -> Result<Jws<'t>, Refusal> {
        let (signed, signature) = token.rsplit_once('.').ok_or(Refusal::Malformed)?;
        let (header, payload) = signed.split_once('.').ok_or(Refusal::Malformed)?;
        let header = Members::parse(&decoded(header)?)?;
        // `b64` changes what is signed (RFC 7797); it takes effect by `crit` only, and is refused without it, too.
        if header.has("crit") || header.has("b64") {
            return Err(Refusal::Critical);
        }
        let text = |name: &str| header.text(name).map_err(|_| Refusal::Malformed);
        let algorithm = text("alg")?.and_then(Algorithm::parse).filter(|a| allowed.contains(a));
        let algorithm = algorithm.ok_or(Refusal::Algorithm)?;
        if text("typ")?.is_some_and(|found| !TYPES.iter().any(|t| t.eq_ignore_ascii_case(found))) {
            return Err(Refusal::Malformed);
        }
        let key_id = text("kid")?.map(str::to_owned);
        let signature = decoded(signature)?;
        Ok(Jws { algorithm, key_id, signed: signed.as_bytes(), signature, payload })
    }

    /// The claims; to be asked for only once the signature is verified.
    ///
    /// # Errors
    /// [`Refusal::Malformed`], [`Refusal::Duplicate`].
    pub fn claims(&self) -> Result<Members, Refusal> {
        Members::parse(&decoded(self.payload)?)
    }
}

fn decoded(part: &str) -> Result<Vec<u8>, Refusal> {
    URL_SAFE_NO_PAD.decode(part).map_err(|_| Refusal::Malformed)
}
