//! The documents of a party at its base URL, fetched again and again: only what changed since the last time travels
//! (<https://www.rfc-editor.org/rfc/rfc9110#name-conditional-requests>).
//!
//! No credentials are sent. Each URL, redirects included, and each address that a name has is held against the
//! settings before it is connected to.

use std::error::Error;
use std::io::{self, Read};
use std::sync::Arc;
use std::time::Duration;

use flate2::read::MultiGzDecoder;
use reqwest::blocking::{Client, Response};
use reqwest::header::{
    ACCEPT, ACCEPT_ENCODING, CONTENT_ENCODING, CONTENT_TYPE, ETAG, HeaderName, IF_MODIFIED_SINCE, IF_NONE_MATCH,
    LAST_MODIFIED,
};
use reqwest::{StatusCode, Url};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::client;
use super::document::{Document, header};
use super::http::Patience;
use super::json_document::object;
use super::names::RefusedAddress;
use super::reach::{Reach, Unreachable};
use super::server_url::ServerUrl;

/// No document has more members and entries.
const PARTS_LIMIT: usize = 500_000;
/// No validator is longer; a longer one is not sent back, so that the whole document comes again.
const VALIDATOR_LIMIT_BYTES: usize = 1_000;
/// How long connecting may take, in milliseconds.
const CONNECT_LIMIT_MS: u64 = 10_000;
/// The media types of a statement.
const FHIR_JSON: &str = "application/fhir+json, application/json;q=0.9";

/// Which servers are asked, and how much is taken of what they say.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Which servers may be asked.
    pub reach: Reach,
    /// The most bytes of a document, unpacked.
    pub limit_bytes: u64,
    /// The longest that a document may take, redirects included, in milliseconds.
    pub limit_ms: u64,
}

/// What a server said of the version of a document.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Validator {
    /// Its entity tag.
    pub etag: Option<String>,
    /// When it was last changed, as the server wrote it.
    pub last_modified: Option<String>,
}

/// What came of asking for a document.
#[derive(Clone, Debug, PartialEq)]
pub enum Fetched {
    /// It is as it was.
    Unchanged,
    /// There is none.
    Absent,
    /// It is this.
    Found(Value, Validator),
}

/// Why a document could not be had.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FetchFailure {
    /// Its URL, or where a redirect leads, may not be asked.
    UrlRefused,
    /// Its name has only addresses that may not be connected to.
    AddressRefused,
    /// There are too many redirects, or one leaves https.
    Redirect,
    /// There is none, where there must be one.
    NotFound,
    /// The server answers with another status than 200, 304, 404 and 410.
    Status,
    /// It did not come in time.
    Timeout,
    /// The connection failed, or broke off.
    Connection,
    /// It has too many bytes, or too many members and entries.
    TooLarge,
    /// It is not JSON.
    NotJson,
    /// It is JSON, and neither a CapabilityStatement nor a Conformance.
    NotAStatement,
}

impl FetchFailure {
    /// Its name in answers and metrics.
    pub fn name(self) -> &'static str {
        match self {
            FetchFailure::UrlRefused => "url-refused",
            FetchFailure::AddressRefused => "address-refused",
            FetchFailure::Redirect => "redirect",
            FetchFailure::NotFound => "not-found",
            FetchFailure::Status => "status",
            FetchFailure::Timeout => "timeout",
            FetchFailure::Connection => "connection",
            FetchFailure::TooLarge => "too-large",
            FetchFailure::NotJson => "not-json",
            FetchFailure::NotAStatement => "not-a-statement",
        }
    }
}

/// A client that fetches the documents of parties.
#[derive(Debug)]
pub struct PartyDocuments {
    client: Client,
    settings: Settings,
}

impl PartyDocuments {
    /// A client with these settings; goes online only when it is asked for something. It must be made, used and dropped
    /// outside of asynchronous code.
    ///
    /// # Errors
    /// A message, where TLS cannot be set up.
    pub fn new(settings: Settings) -> Result<PartyDocuments, String> {
        let patience =
            Patience { connect_ms: CONNECT_LIMIT_MS, read_ms: settings.limit_ms, attempts: 1, backoff_ms: 0 };
        let reach = settings.reach.clone();
        let may = Arc::new(move |url: &Url| reach.refused(url).map(|why| Box::new(why) as Box<_>));
        let client = client::build_within(&patience, Some(settings.reach.guard()), may)?;
        Ok(PartyDocuments { client, settings })
    }

    /// The statement of a server, if it is another than the one with this validator.
    ///
    /// # Errors
    /// [`FetchFailure`].
    pub fn statement(&self, server: &ServerUrl, known: &Validator) -> Result<Fetched, FetchFailure> {
        let fetched = self.document(server.statement(), FHIR_JSON, known, false)?;
        match &fetched {
            Fetched::Absent => Err(FetchFailure::NotFound),
            Fetched::Found(value, _)
                if !matches!(value["resourceType"].as_str(), Some("CapabilityStatement" | "Conformance")) =>
            {
                Err(FetchFailure::NotAStatement)
            }
            _ => Ok(fetched),
        }
    }

    /// The SMART configuration of a server, if it is another than the one with this validator.
    ///
    /// # Errors
    /// [`FetchFailure`]; that there is none, or it is not for everybody, is no failure.
    pub fn smart_configuration(&self, server: &ServerUrl, known: &Validator) -> Result<Fetched, FetchFailure> {
        self.document(&server.smart_configuration(), "application/json", known, true)
    }

    /// A document; one that is `is_optional` is absent, too, where the server does not give it to everybody.
    fn document(&self, url: &Url, accept: &str, known: &Validator, is_optional: bool) -> Result<Fetched, FetchFailure> {
        if self.settings.reach.refused(url).is_some() {
            return Err(FetchFailure::UrlRefused);
        }
        let tags = [(IF_NONE_MATCH, &known.etag), (IF_MODIFIED_SINCE, &known.last_modified)];
        let tags = tags.into_iter().filter_map(|(name, tag)| Some((name, tag.as_deref()?)));
        let request = tags.fold(
            self.client.get(url.clone()).header(ACCEPT, accept).header(ACCEPT_ENCODING, "gzip"),
            |request, (name, tag)| request.header(name, tag),
        );
        let answer = request.timeout(Duration::from_millis(self.settings.limit_ms)).send().map_err(|e| failure(&e))?;
        match answer.status() {
            StatusCode::OK => self.read(answer),
            StatusCode::NOT_MODIFIED if *known != Validator::default() => Ok(Fetched::Unchanged),
            StatusCode::NOT_FOUND | StatusCode::GONE => Ok(Fetched::Absent),
            StatusCode::REQUEST_TIMEOUT | StatusCode::TOO_MANY_REQUESTS => Err(FetchFailure::Status),
            status if is_optional && status.is_client_error() => Ok(Fetched::Absent),
            _ => Err(FetchFailure::Status),
        }
    }

    fn read(&self, answer: Response) -> Result<Fetched, FetchFailure> {
        let validator = Validator { etag: exact(&answer, ETAG), last_modified: exact(&answer, LAST_MODIFIED) };
        let (status, content_type) = (answer.status(), header(&answer, CONTENT_TYPE));
        let bytes = match header(&answer, CONTENT_ENCODING).as_str() {
            "" | "identity" => whole(answer, self.settings.limit_bytes)?,
            "gzip" | "x-gzip" => whole(MultiGzDecoder::new(answer), self.settings.limit_bytes)?,
            _ => return Err(FetchFailure::NotJson),
        };
        if bytes.iter().filter(|b| matches!(b, b',' | b'{' | b'[')).count() > PARTS_LIMIT {
            return Err(FetchFailure::TooLarge);
        }
        let value = object(&Document { bytes, status, content_type }).map_err(|_| FetchFailure::NotJson)?;
        Ok(Fetched::Found(value, validator))
    }
}

/// A header as it was written; `None` where there is none, or it is too long to be kept.
fn exact(answer: &Response, name: HeaderName) -> Option<String> {
    let value = answer.headers().get(name)?.to_str().ok()?.trim();
    (!value.is_empty() && value.len() <= VALIDATOR_LIMIT_BYTES).then(|| value.to_owned())
}

fn whole(body: impl Read, limit_bytes: u64) -> Result<Vec<u8>, FetchFailure> {
    let mut bytes = Vec::new();
    body.take(limit_bytes.saturating_add(1)).read_to_end(&mut bytes).map_err(|e| broken(&e))?;
    if bytes.len() as u64 > limit_bytes { Err(FetchFailure::TooLarge) } else { Ok(bytes) }
}

/// Why a body could not be read to its end.
fn broken(error: &io::Error) -> FetchFailure {
    match error.get_ref().and_then(|e| e.downcast_ref::<reqwest::Error>()) {
        Some(error) => failure(error),
        None if error.kind() == io::ErrorKind::InvalidInput || error.kind() == io::ErrorKind::InvalidData => {
            FetchFailure::NotJson
        }
        None => FetchFailure::Connection,
    }
}

/// What kind of failure an error is: what was refused on purpose is told from what went wrong.
fn failure(error: &reqwest::Error) -> FetchFailure {
    let mut inner: Option<&(dyn Error + 'static)> = Some(error);
    while let Some(cause) = inner {
        if cause.is::<RefusedAddress>() {
            return FetchFailure::AddressRefused;
        }
        if cause.is::<Unreachable>() {
            return FetchFailure::UrlRefused;
        }
        inner = cause.source();
    }
    match () {
        () if error.is_redirect() => FetchFailure::Redirect,
        () if error.is_timeout() => FetchFailure::Timeout,
        () => FetchFailure::Connection,
    }
}

#[cfg(test)]
#[path = "watched_tests.rs"]
mod tests;
