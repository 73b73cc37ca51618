//! Access tokens: what one allows is read only once somebody vouches for it, by a signature that a configured key
//! verifies (RFC 7519) or by the answer of the server that issued it (RFC 7662). Nothing of any other token is used,
//! kept or logged.

mod algorithm;
mod cache;
mod claims;
mod introspection;
mod jws;
mod jwt;
mod key;
mod keys;
mod members;
mod refusal;
mod source;

use std::pin::Pin;
use std::sync::Arc;

use fhir_accord_capability::guard::TokenContext;

pub use algorithm::Algorithm;
pub use claims::Expected;
pub use introspection::Introspection;
pub use jwt::Jwt;
pub use keys::Keys;
pub use refusal::Refusal;
pub use source::Tokens;

/// Tells the time, in seconds since 1970.
pub type Now = Arc<dyn Fn() -> u64 + Send + Sync>;

/// What a verified token allows, and until when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verified {
    /// Its scopes, and its patient.
    pub context: TokenContext,
    /// When it expires, in seconds since 1970; `None` where its issuer does not say.
    pub expires: Option<u64>,
}

/// Why somebody outside gave no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unanswered {
    /// It could not be asked; with a sentence that contains nothing of a token.
    Down(String),
    /// Its answer is no success, or too large; with such a sentence.
    Failed(String),
    /// Its answer did not come in time.
    Slow,
}

/// An answer that is on its way.
pub type Asked<'a> = Pin<Box<dyn Future<Output = Result<Vec<u8>, Unanswered>> + Send + 'a>>;

/// The port to where the keys of an issuer are (<https://www.rfc-editor.org/rfc/rfc7517#section-5>).
pub trait KeySource: Send + Sync {
    /// The JWK set, as it is now.
    fn keys(&self) -> Asked<'_>;
}

/// The port to a server that knows its tokens (<https://www.rfc-editor.org/rfc/rfc7662#section-2>).
pub trait Introspector: Send + Sync {
    /// What it says of a token.
    fn introspect<'a>(&'a self, token: &'a str) -> Asked<'a>;
}
