//! A whole document by GET, within limits of size and time.

use std::io::Read;
use std::time::Duration;

use flate2::read::MultiGzDecoder;
use reqwest::blocking::{Client, Response};
use reqwest::header::{ACCEPT, ACCEPT_ENCODING, CONTENT_ENCODING, CONTENT_TYPE, HeaderName};
use reqwest::{StatusCode, Url};

use super::guard::{Guard, refused};
use super::http::{Patience, Refusal, read_fault, send};

/// What is asked for, and how much of it is taken.
pub struct Wanted<'w> {
    pub url: &'w str,
    /// The media types of the answer.
    pub accept: &'w str,
    /// The guard that the client has: it also judges the first URL.
    pub guard: Option<Guard>,
    /// The most bytes, counted unpacked.
    pub limit_bytes: u64,
    /// For one attempt, from the request to the last byte of the answer.
    pub limit_ms: u64,
}

/// An answer of success, unpacked.
pub struct Document {
    pub bytes: Vec<u8>,
    pub status: StatusCode,
    /// Empty where the server names none.
    pub content_type: String,
}

/// Fetches a document.
///
/// # Errors
/// The server's last refusal; a URL that the guard refuses; an answer that is too large, too slow, or cut off.
pub fn get(client: &Client, patience: &Patience, wanted: &Wanted<'_>) -> Result<Document, Refusal> {
    let url = Url::parse(wanted.url).map_err(|e| Refusal::Failed(e.to_string()))?;
    if let Some(why) = refused(wanted.guard, &url) {
        return Err(Refusal::Failed(why));
    }
    let answer = send(patience, || {
        let request = client.get(url.clone()).header(ACCEPT, wanted.accept).header(ACCEPT_ENCODING, "gzip");
        request.timeout(Duration::from_millis(wanted.limit_ms))
    })?;
    let (status, content_type) = (answer.status(), header(&answer, CONTENT_TYPE));
    if !status.is_success() {
        return Err(Refusal::Failed(format!("the server answers {status}")));
    }
    let bytes = match header(&answer, CONTENT_ENCODING).as_str() {
        "" | "identity" => whole(answer, wanted.limit_bytes),
        "gzip" | "x-gzip" => whole(MultiGzDecoder::new(answer), wanted.limit_bytes),
        other => Err(format!("is packed as `{other}`, expected gzip or none")),
    };
    let bytes = bytes.map_err(|why| Refusal::Failed(format!("the answer ({status}) {why}")))?;
    Ok(Document { bytes, status, content_type })
}

/// A header as text in lower case; empty where there is none.
pub(super) fn header(answer: &Response, name: HeaderName) -> String {
    let value = answer.headers().get(name).and_then(|v| v.to_str().ok());
    value.unwrap_or_default().trim().to_ascii_lowercase()
}

fn whole(body: impl Read, limit_bytes: u64) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    match body.take(limit_bytes.saturating_add(1)).read_to_end(&mut bytes) {
        Err(error) => Err(format!("breaks off after {} bytes: {}", bytes.len(), read_fault(error))),
        Ok(_) if bytes.len() as u64 > limit_bytes => Err(format!("is larger than {limit_bytes} bytes")),
        Ok(_) => Ok(bytes),
    }
}
