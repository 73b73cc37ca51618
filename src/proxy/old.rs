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
    pub _held: Bounded,
}

/// What the server shows at an address, and its version; `None` where there is nothing.
pub(super) type Shown = Option<(Bytes, Option<HeaderValue>)>;

/// Reads `[type]/[id]`, with the caller's own token and headers, so that it is what the write would change.
///
/// # Errors
/// 403 where the address is not of this form, or the server does not show what is there; 502 and 504 where it does
/// not answer.
pub(super) async fn read(worker: &Worker, asked: &Asked) -> Result<Standing, Refused> {
    let path = resource(asked.path()).ok_or_else(|| unread("the address does not name one resource"))?;
    let mut held = Bounded::new(worker.shared.settings.answer_bytes, &worker.shared.held);
    let (old, etag) = match get(worker, asked, path, &mut held).await? {
        Some((json, etag)) => (Old::Resource(json), etag),
        None => (Old::Absent, None),
    };
    Ok(Standing { old, etag, _held: held })
}

/// What the server shows at an address below its base, with the caller's own token and headers.
///
/// # Errors
/// As [`read`].
pub(super) async fn get(worker: &Worker, asked: &Asked, below: &str, held: &mut Bounded) -> Result<Shown, Refused> {
    let base = worker.upstream.base();
    let uri = base.uri(&format!("{}/{below}", base.path()));
    let uri = uri.ok_or_else(|| unread("its address contains characters that an address cannot"))?;
    let mut headers = passed::for_reading(&asked.headers);
    headers.insert(ACCEPT, HeaderValue::from_static("application/fhir+json"));
    headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("identity"));
    if worker.shared.settings.drop_authorization {
        headers.remove(AUTHORIZATION);
    }
    let answer = worker.upstream.send(http::Method::GET, uri, headers, Outgoing::Empty).await;
    let answer = answer.map_err(Refused::upstream)?;
    match answer.status.as_u16() {
        404 | 410 => return Ok(None),
        200 => {}
        status => return Err(unread(&format!("the server answers {status} when it is read"))),
    }
    let etag = answer.headers.get(ETAG).cloned();
    let (kind, encoding) = (answer.headers.get(CONTENT_TYPE).cloned(), answer.headers.get(CONTENT_ENCODING).cloned());
    let read = held.read(answer.body).await?;
    if !is_json(kind.as_ref()) {
        return Err(unread("the server does not answer with JSON"));
    }
    Ok(Some((held.plain(&read, encoding.as_ref()).await?, etag)))
}

/// A path below the base, where it is `[type]/[id]`.
pub(super) fn resource(path: &str) -> Option<&str> {
    let (kind, id) = path.split_once('/')?;
    let is_type = kind.starts_with(|c: char| c.is_ascii_uppercase()) && kind.bytes().all(|b| b.is_ascii_alphabetic());
    (is_type && is_id(id)).then_some(path)
}

pub(super) fn unread(why: &str) -> Refused {
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
