//! The resource that a write would change, as it stands on the server.

use actix_web::http::StatusCode;
use actix_web::web::Bytes;
use fhir_accord_profiles::model::is_id;
use http::header::{ACCEPT, ACCEPT_ENCODING, AUTHORIZATION, CONTENT_ENCODING, CONTENT_TYPE, ETAG, HeaderValue};

use super::answer::{Bounded, is_json};
use super::asked::Asked;
use super::judge::Old;
use super::passed;
use super::refused::Refused;
use super::worker::Worker;
use crate::remote::upstream::Outgoing;

/// What stands on the server, and its version where the server says it.
pub(super) struct Standing {
    pub old: Old,
    pub etag: Option<HeaderValue>,
    /// What of the bytes that may be held is its own.
    _held: Bounded,
}

/// Reads `[type]/[id]`, with the caller's own token and headers, so that it is what the write would change.
///
/// # Errors
/// 403 where the address is not of this form, or the server does not show what is there; 502 and 504 where it does
/// not answer.
pub(super) async fn read(worker: &Worker, asked: &Asked) -> Result<Standing, Refused> {
    let uri = address(asked, worker).ok_or_else(|| unread("the address does not name one resource"))?;
    let mut headers = passed::for_reading(&asked.headers);
    headers.insert(ACCEPT, HeaderValue::from_static("application/fhir+json"));
    headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("identity"));
    if worker.shared.settings.drop_authorization {
        headers.remove(AUTHORIZATION);
    }
    let answer = worker.upstream.send(http::Method::GET, uri, headers, Outgoing::Empty).await;
    let answer = answer.map_err(Refused::upstream)?;
    let mut bounded = Bounded::new(worker.shared.settings.answer_bytes, &worker.shared.held);
    match answer.status.as_u16() {
        404 | 410 => return Ok(Standing { old: Old::Absent, etag: None, _held: bounded }),
        200 => {}
        status => return Err(unread(&format!("the server answers {status} when it is read"))),
    }
    let etag = answer.headers.get(ETAG).cloned();
    let (kind, encoding) = (answer.headers.get(CONTENT_TYPE).cloned(), answer.headers.get(CONTENT_ENCODING).cloned());
    let read = bounded.read(answer.body).await?;
    if !is_json(kind.as_ref()) {
        return Err(unread("the server does not answer with JSON"));
    }
    let json: Bytes = bounded.plain(&read, encoding.as_ref()).await?;
    Ok(Standing { old: Old::Resource(json), etag, _held: bounded })
}

/// The address of the resource that a request is for; `None` where it is not `[type]/[id]`.
fn address(asked: &Asked, worker: &Worker) -> Option<http::Uri> {
    let (kind, id) = asked.path().split_once('/')?;
    let is_type = kind.starts_with(|c: char| c.is_ascii_uppercase()) && kind.bytes().all(|b| b.is_ascii_alphabetic());
    if !is_type || !is_id(id) {
        return None;
    }
    let base = worker.upstream.base();
    base.uri(&format!("{}/{kind}/{id}", base.path()))
}

fn unread(why: &str) -> Refused {
    Refused::forbidden("old-state", format!("what the request would change cannot be judged: {why}"))
}

/// The version that a write has to be made on, so that it changes what was judged: the caller's own, else the one that
/// was judged. `None` where the server gives no versions.
///
/// # Errors
/// 412 where the caller means another version than the one that was judged, 400 where it names two.
pub(super) fn if_match(standing: &Standing, asked: &Asked) -> Result<Option<HeaderValue>, Refused> {
    let own = asked.if_match()?;
    match (own, &standing.etag) {
        (None, etag) => Ok(etag.clone()),
        (Some(own), Some(etag)) if own.as_bytes() != etag.as_bytes() => {
            let text = "the resource has another version than the one that `If-Match` names";
            Err(Refused::new(StatusCode::PRECONDITION_FAILED, "version", text))
        }
        (Some(_), _) => Ok(None),
    }
}
