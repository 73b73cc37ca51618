//! What a FHIR server says of itself over HTTP: its statement, and its SMART configuration.
//!
//! No credentials are sent. A server may redirect, so that addresses which are not public are refused unless the caller
//! allows them.

use reqwest::Url;
use reqwest::blocking::Client;
use serde_json::Value;
use thiserror::Error;

use super::client;
use super::document::{Wanted, get};
use super::guard::{Guard, public_only};
use super::http::{Patience, Refusal};
use super::json_document::object;
use super::server_url::{ServerUrl, shown};

/// The most that one document may be, unpacked.
pub const DOCUMENT_LIMIT_BYTES: u64 = 32 << 20;

/// The longest that one document may take, redirects included.
pub const DOCUMENT_LIMIT_MS: u64 = 30_000;

/// One attempt: somebody is waiting, and can try again.
const PATIENCE: Patience = Patience { connect_ms: 10_000, read_ms: DOCUMENT_LIMIT_MS, attempts: 1, backoff_ms: 0 };

/// The media types of a statement.
const FHIR_JSON: &str = "application/fhir+json, application/json;q=0.9";

/// Which servers are asked, and how much is taken of what they say.
#[derive(Clone, Copy, Debug)]
pub struct Settings {
    /// Which addresses may be connected to. No proxy is used: it would connect to what nobody has checked.
    pub guard: Guard,
    /// The most bytes of a document, unpacked.
    pub limit_bytes: u64,
    /// The longest that a document may take, in milliseconds.
    pub limit_ms: u64,
}

impl Default for Settings {
    fn default() -> Settings {
        Settings { guard: public_only, limit_bytes: DOCUMENT_LIMIT_BYTES, limit_ms: DOCUMENT_LIMIT_MS }
    }
}

/// Why a document could not be read.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Unread {
    /// There is none: the server answers 404 or 410.
    #[error("`{url}` does not exist: the server answers 404 Not Found or 410 Gone")]
    Absent {
        /// Where it was looked for.
        url: String,
    },
    /// Anything else.
    #[error("`{url}` could not be read: {why}; save it with curl and pass the file")]
    Failed {
        /// Where it was looked for.
        url: String,
        /// What went wrong.
        why: String,
    },
}

/// A client that reads what servers say of themselves.
#[derive(Debug)]
pub struct ServerDocuments {
    client: Client,
    settings: Settings,
}

impl ServerDocuments {
    /// A client with these settings; goes online only when it is asked for something.
    ///
    /// # Errors
    /// A message, where TLS cannot be set up.
    pub fn new(settings: Settings) -> Result<ServerDocuments, String> {
        let client =
            client::build(&PATIENCE, Some(settings.guard)).map_err(|why| format!("cannot fetch anything: {why}"))?;
        Ok(ServerDocuments { client, settings })
    }

    /// The server's CapabilityStatement or Conformance, as JSON; whether it is one is not looked at.
    ///
    /// # Errors
    /// [`Unread`].
    pub fn statement(&self, server: &ServerUrl) -> Result<Value, Unread> {
        self.json(server.statement(), FHIR_JSON)
    }

    /// The server's `.well-known/smart-configuration`.
    ///
    /// # Errors
    /// [`Unread`].
    pub fn smart_configuration(&self, server: &ServerUrl) -> Result<Value, Unread> {
        self.json(&server.smart_configuration(), "application/json")
    }

    fn json(&self, url: &Url, accept: &str) -> Result<Value, Unread> {
        let Settings { guard, limit_bytes, limit_ms } = self.settings;
        let wanted = Wanted { url: url.as_str(), accept, guard: Some(guard), limit_bytes, limit_ms };
        let failed = |why| Unread::Failed { url: shown(url), why };
        let document = get(&self.client, &PATIENCE, &wanted).map_err(|refusal| match refusal {
            Refusal::NotFound => Unread::Absent { url: shown(url) },
            Refusal::Failed(why) => failed(why),
        })?;
        object(&document).map_err(|what| failed(format!("the answer ({}) is {what}", document.status)))
    }
}
