//! Answers that are judged before anybody sees them.

use std::pin::Pin;
use std::sync::Arc;

use actix_web::http::StatusCode;
use actix_web::web::{Bytes, BytesMut};
use fhir_accord_capability::guard::Verdict;
use futures_core::Stream;
use http::header::{CONTENT_ENCODING, CONTENT_TYPE, HeaderValue};
use serde::Deserialize;
use tokio::sync::Semaphore;

use super::asked::is_gzip;
use super::body::{most_unpacked, unpacked};
use super::judge::{Judge, Question};
use super::record::Told;
use super::refused::Refused;
use super::share::Share;
use crate::remote::upstream::{Answer, Chunks};

/// Bytes of an answer that are held, up to a bound.
pub(super) struct Bounded {
    bound: usize,
    share: Share,
}

impl Bounded {
    /// None yet.
    pub fn new(bound: usize, held: &Arc<Semaphore>) -> Bounded {
        Bounded { bound, share: Share::of(held) }
    }

    /// Reads a body to its end.
    ///
    /// # Errors
    /// 403 beyond the bound, 503 where too much is held, 502 and 504 where the server breaks off.
    pub async fn read(&mut self, mut body: Chunks) -> Result<Bytes, Refused> {
        let mut all = BytesMut::new();
        while let Some(part) = std::future::poll_fn(|cx| Pin::new(&mut body).poll_next(cx)).await {
            let part = part.map_err(Refused::upstream)?;
            self.add(&mut all, &part)?;
        }
        Ok(all.freeze())
    }

    /// An answer as it was before it was compressed, which is held as well.
    ///
    /// # Errors
    /// 403 where it is compressed otherwise than by gzip, is broken, or has more bytes than the bound; 503 where too
    /// much is held.
    pub async fn plain(&mut self, body: &Bytes, encoding: Option<&HeaderValue>) -> Result<Bytes, Refused> {
        let refused = || Refused::forbidden("answer-encoding", "the answer is compressed so that it cannot be judged");
        let encoding = encoding.map(|v| v.to_str().unwrap_or("?"));
        if !is_gzip(encoding).ok_or_else(refused)? {
            return Ok(body.clone());
        }
        self.share.grow(most_unpacked(body, self.bound))?;
        match unpacked(body.clone(), self.bound).await {
            Ok(Some(plain)) => Ok(plain),
            Ok(None) => Err(too_large(self.bound)),
            Err(_) => Err(refused()),
        }
    }

    /// Adds a part to what is held.
    ///
    /// # Errors
    /// As [`Bounded::read`].
    pub fn add(&mut self, all: &mut BytesMut, part: &[u8]) -> Result<(), Refused> {
        if all.len().saturating_add(part.len()) > self.bound {
            return Err(too_large(self.bound));
        }
        self.share.grow(part.len())?;
        all.extend_from_slice(part);
        Ok(())
    }
}

fn too_large(bound: usize) -> Refused {
    let text = format!("an answer that is judged may have {bound} bytes at most (`--max-answer-bytes`)");
    Refused::forbidden("answer-too-large", text)
}

/// What is known of an answer beside its body.
#[derive(Clone, Debug)]
pub(super) struct Head {
    pub status: u16,
    pub content_type: Option<HeaderValue>,
    pub encoding: Option<HeaderValue>,
}

impl Head {
    /// That of an answer.
    pub fn of(answer: &Answer) -> Head {
        let header = |name| answer.headers.get(name).cloned();
        Head { status: answer.status.as_u16(), content_type: header(CONTENT_TYPE), encoding: header(CONTENT_ENCODING) }
    }
}

/// Whether an answer may be seen.
///
/// # Errors
/// Why it may not.
pub(super) async fn judge(
    judge: &Judge,
    question: &Arc<Question>,
    head: &Head,
    body: &Bytes,
    bounded: &mut Bounded,
    told: &mut Told,
) -> Result<(), Refused> {
    match head.status {
        200 | 201 if !body.is_empty() => {}
        200 | 201 | 204 if body.is_empty() => return Ok(()),
        400..=599 => return failed(head, body, bounded).await,
        status => {
            return Err(Refused::forbidden(
                "answer-status",
                format!("an answer with status {status} cannot be judged"),
            ));
        }
    }
    if !is_json(head.content_type.as_ref()) {
        let text = "an answer can be judged in JSON only; ask for it by `Accept: application/fhir+json`";
        return Err(Refused::forbidden("answer-type", text));
    }
    let plain = bounded.plain(body, head.encoding.as_ref()).await?;
    let decision = judge.answer(question, plain).await?;
    told.take(&decision);
    match decision.verdict {
        Verdict::Allowed => Ok(()),
        _ => Err(Refused::decided(&decision)),
    }
}

/// All that is read of an error.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Kind {
    resource_type: String,
}

/// An error is passed on where it is an OperationOutcome; anything else could be what nobody may see.
async fn failed(head: &Head, body: &Bytes, bounded: &mut Bounded) -> Result<(), Refused> {
    let is_outcome =
        |json: &[u8]| serde_json::from_slice::<Kind>(json).is_ok_and(|kind| kind.resource_type == "OperationOutcome");
    let plain = bounded.plain(body, head.encoding.as_ref()).await;
    if body.is_empty() || plain.is_ok_and(|json| is_outcome(&json)) {
        return Ok(());
    }
    let status = StatusCode::from_u16(head.status).unwrap_or(StatusCode::BAD_GATEWAY);
    Err(Refused::forbidden("answer-status", format!("the server answers {}", head.status)).with_status(status))
}

/// Whether a type is one of JSON.
pub(super) fn is_json(content_type: Option<&HeaderValue>) -> bool {
    let essence = content_type.and_then(|v| v.to_str().ok()).and_then(|v| v.split(';').next()).unwrap_or_default();
    let essence = essence.trim().to_ascii_lowercase();
    matches!(essence.as_str(), "application/json" | "application/fhir+json" | "application/json+fhir")
}
