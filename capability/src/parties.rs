//! Who negotiates: what the statements say of themselves.

use serde::Serialize;

/// Both sides.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Parties {
    /// Who requires.
    pub client: PartyInfo,
    /// Who offers.
    pub server: PartyInfo,
}

/// One side; what its statement does not say is null.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct PartyInfo {
    /// The statement's title, else its name.
    pub title: Option<String>,
    /// Its canonical url.
    pub url: Option<String>,
    /// Its business version.
    pub version: Option<String>,
    /// The software that it describes, with its version.
    pub software: Option<String>,
    /// `instance`, `capability` or `requirements`.
    pub kind: Option<String>,
    /// Where it came from: a file, an address, `ig:ID#VERSION`; null where it was part of a request.
    pub from: Option<String>,
}
