//! Passing requests on, and answers back.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use actix_web::HttpResponse;
use actix_web::body::{BodyStream, BoxBody, SizedStream};
use actix_web::http::StatusCode;
use actix_web::http::header::HeaderValue as Value;
use actix_web::web::Bytes;
use futures_core::Stream;
use http::header::{
    ACCEPT, ACCEPT_ENCODING, AUTHORIZATION, CONTENT_LENGTH, HeaderMap, HeaderName, HeaderValue, IF_MATCH,
    IF_MODIFIED_SINCE, IF_NONE_MATCH, IF_RANGE, IF_UNMODIFIED_SINCE, RANGE,
};

use super::answer::Bounded;
use super::asked::Asked;
use super::body::Intake;
use super::headers::of_answer;
use super::shared::Shared;
use super::worker::Worker;
use crate::remote::upstream::{Answer, Chunks, Failure};

/// How much of an answer that was judged is handed to the connection at once, in bytes.
const PIECE: usize = 64 << 10;
/// Preferences of a client (<https://www.rfc-editor.org/rfc/rfc7240>).
const PREFER: HeaderName = HeaderName::from_static("prefer");
/// Headers that ask for a part of an answer.
const OF_PARTS: [HeaderName; 2] = [RANGE, IF_RANGE];
/// Headers by which the status of a read tells which version there is.
const OF_VERSIONS: [HeaderName; 4] = [IF_MATCH, IF_NONE_MATCH, IF_MODIFIED_SINCE, IF_UNMODIFIED_SINCE];

/// Passes a request on as it is.
pub(super) async fn unchanged(worker: &Worker, asked: Asked, intake: Intake) -> Result<Answer, Failure> {
    let Asked { target, method, mut headers } = asked;
    if worker.shared.settings.drop_authorization {
        headers.remove(AUTHORIZATION);
    }
    // The share is held until the server has taken the body.
    let (body, _share) = intake.outgoing();
    worker.upstream.send(method, target.uri, headers, body).await
}

/// Passes a request on that was judged: a write on the version that was judged, a read so that its answer can be
/// judged.
pub(super) async fn judged(
    worker: &Worker,
    mut asked: Asked,
    intake: Intake,
    if_match: Option<HeaderValue>,
    is_seen: bool,
) -> Result<Answer, Failure> {
    if let Some(version) = if_match {
        asked.headers.insert(IF_MATCH, version);
    }
    if is_seen {
        ask_for_all(&mut asked);
    }
    unchanged(worker, asked, intake).await
}

/// Asks so that the answer can be judged: for all of it, now, uncompressed, and whichever version the client has.
fn ask_for_all(asked: &mut Asked) {
    let (is_write, headers) = (asked.is_write(), &mut asked.headers);
    OF_PARTS.iter().for_each(|name| drop(headers.remove(name)));
    if !is_write {
        OF_VERSIONS.iter().for_each(|name| drop(headers.remove(name)));
    }
    headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("identity"));
    let preferred: Vec<HeaderValue> = headers.get_all(PREFER).iter().filter_map(without_async).collect();
    headers.remove(PREFER);
    for value in preferred {
        headers.append(PREFER, value);
    }
    match asked.method {
        http::Method::HEAD => asked.method = http::Method::GET,
        http::Method::GET => {}
        // What has been done can only be told in JSON.
        _ => drop(headers.insert(ACCEPT, HeaderValue::from_static("application/fhir+json"))),
    }
}

/// A value of `Prefer` without `respond-async`; `None` where nothing is left of it, or it cannot be taken apart.
fn without_async(value: &HeaderValue) -> Option<HeaderValue> {
    let text = value.to_str().ok()?;
    let is_other = |part: &&str| {
        let name = part.split(['=', ';']).next().unwrap_or_default();
        !name.trim().eq_ignore_ascii_case("respond-async")
    };
    let all = text.split(',').count();
    let others: Vec<&str> = text.split(',').filter(is_other).collect();
    match others.len() {
        left if left == all => Some(value.clone()),
        0 => None,
        // A comma in quotes is none that separates.
        _ if text.contains('"') => None,
        _ => HeaderValue::from_str(others.join(",").trim()).ok(),
    }
}

/// The answer to the client, whose body is passed on as it comes.
pub(super) fn streamed<S>(status: u16, headers: HeaderMap, length: Option<u64>, is_head: bool, body: S) -> HttpResponse
where
    S: Stream<Item = Result<Bytes, Failure>> + 'static,
{
    let told = headers.get(CONTENT_LENGTH).and_then(|v| v.to_str().ok()).and_then(|v| v.parse().ok());
    let length = if is_head { told } else { length };
    let body = match length {
        Some(length) => BoxBody::new(SizedStream::new(length, body)),
        None => BoxBody::new(BodyStream::new(body)),
    };
    with_headers(status, headers, body)
}

/// The answer to the client, whose body was read.
pub(super) fn held(status: u16, headers: HeaderMap, body: Bytes, bounded: Bounded) -> HttpResponse {
    let length = body.len() as u64;
    streamed(status, headers, Some(length), false, Held { rest: body, _bounded: bounded })
}

/// The body of an answer that was read; it counts as held until all of it is sent.
struct Held {
    rest: Bytes,
    _bounded: Bounded,
}

impl Stream for Held {
    type Item = Result<Bytes, Failure>;

    fn poll_next(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Bytes, Failure>>> {
        let rest = &mut self.get_mut().rest;
        let piece = rest.split_to(rest.len().min(PIECE));
        Poll::Ready((!piece.is_empty()).then_some(Ok(piece)))
    }
}

fn with_headers(status: u16, headers: HeaderMap, body: BoxBody) -> HttpResponse {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_GATEWAY);
    let mut response = HttpResponse::with_body(status, body);
    for (name, value) in of_answer(headers) {
        if let Ok(value) = Value::from_bytes(&value) {
            response.headers_mut().append(name, value);
        }
    }
    response
}

/// The body of an answer, with its end noted where that is a failure.
pub(super) struct Noted {
    pub chunks: Chunks,
    pub shared: Arc<Shared>,
}

impl Stream for Noted {
    type Item = Result<Bytes, Failure>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Bytes, Failure>>> {
        let this = self.get_mut();
        let polled = Pin::new(&mut this.chunks).poll_next(cx);
        if let Poll::Ready(Some(Err(failure))) = &polled {
            this.shared.record.failed(*failure);
        }
        polled
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_that_is_judged_comes_at_once() {
        let without = |text: &str| {
            let value = without_async(&text.parse().unwrap())?;
            Some(value.to_str().unwrap().to_owned())
        };
        assert_eq!(without("return=minimal").as_deref(), Some("return=minimal"));
        assert_eq!(without("Respond-Async; wait=1, return=minimal").as_deref(), Some("return=minimal"));
        assert_eq!(without("respond-async"), None);
        assert_eq!(without("respond-async, a=\"x, y\""), None);
    }
}
