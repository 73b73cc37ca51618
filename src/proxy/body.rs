//! The body of a request on its way: held where it has to be judged, otherwise passed on as it comes.

use std::io::Read;
use std::pin::Pin;
use std::sync::Arc;
use std::time::{Duration, Instant};

use actix_web::HttpRequest;
use actix_web::dev::Payload;
use actix_web::error::PayloadError;
use actix_web::http::StatusCode;
use actix_web::http::header::{CONTENT_LENGTH, TRANSFER_ENCODING};
use actix_web::web::{Bytes, BytesMut, block};
use flate2::read::MultiGzDecoder;
use futures_core::Stream;
use tokio::sync::{Semaphore, mpsc};

use super::refused::Refused;
use super::share::Share;
use crate::remote::upstream::{Broken, Outgoing, Progress};

/// Parts of a body that wait for the upstream server; a part is what one read from the client gave.
const PARTS: usize = 4;
/// How slowly a body that is judged may come, in bytes per second, beyond the time that a client may be silent.
const SLOWEST: u64 = 64 << 10;
/// How many bytes a byte of gzip can stand for, at most.
const MOST_PACKED: usize = 1032;

/// A body that comes in.
pub(super) struct Intake {
    payload: Payload,
    read: BytesMut,
    /// All of it, once it has been read.
    whole: Option<Bytes>,
    has_ended: bool,
    /// Its length, where the client says it.
    length: Option<u64>,
    timeout: Duration,
    share: Share,
}

impl Intake {
    /// The body of a request; a client may be silent for so long.
    pub fn new(req: &HttpRequest, payload: Payload, timeout: Duration, held: &Arc<Semaphore>) -> Intake {
        let header = req.headers().get(CONTENT_LENGTH).and_then(|v| v.to_str().ok());
        let is_chunked = req.headers().contains_key(TRANSFER_ENCODING);
        let length = header.and_then(|v| v.parse().ok()).or((!is_chunked).then_some(0)).filter(|_| !is_chunked);
        let has_ended = length == Some(0);
        Intake { payload, read: BytesMut::new(), whole: None, has_ended, length, timeout, share: Share::of(held) }
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.has_ended && self.read.is_empty() && self.whole.as_ref().is_none_or(Bytes::is_empty)
    }

    /// Reads all of it.
    ///
    /// # Errors
    /// 413 beyond `bound` bytes, 503 where too much is held, 408 where the client is silent or slower than [`SLOWEST`],
    /// 400 where it breaks off.
    pub async fn whole(&mut self, bound: usize) -> Result<Bytes, Refused> {
        if self.length.is_some_and(|l| l > bound as u64) {
            return Err(too_large(bound));
        }
        let began = Instant::now();
        while !self.has_ended {
            let since = Duration::from_secs(self.read.len() as u64 / SLOWEST);
            let left = self.timeout.saturating_add(since).saturating_sub(began.elapsed());
            let part = tokio::time::timeout(self.timeout.min(left), next(&mut self.payload)).await;
            match part {
                Err(_) => {
                    let text = "the body did not come in time";
                    return Err(Refused::new(StatusCode::REQUEST_TIMEOUT, "body-slow", text));
                }
                Ok(None) => self.has_ended = true,
                Ok(Some(Err(_))) => return Err(Refused::malformed("body-broken", "the body broke off")),
                Ok(Some(Ok(part))) => {
                    // In shadow mode what was read is passed on even where no more may be held.
                    self.read.extend_from_slice(&part);
                    self.share.grow(part.len())?;
                    if self.read.len() > bound {
                        return Err(too_large(bound));
                    }
                }
            }
        }
        let whole = self.whole.take().unwrap_or_else(|| std::mem::take(&mut self.read).freeze());
        // What was judged has still to be passed on.
        self.whole = Some(whole.clone());
        Ok(whole)
    }

    /// All of it, undone where gzip packed it.
    ///
    /// # Errors
    /// As [`Intake::whole`]; 413 where it has more than `bound` bytes unpacked, 400 where gzip did not pack it.
    pub async fn plain(&mut self, bound: usize, is_packed: bool) -> Result<Bytes, Refused> {
        let whole = self.whole(bound).await?;
        if !is_packed || whole.is_empty() {
            return Ok(whole);
        }
        self.share.grow(most_unpacked(&whole, bound))?;
        match unpacked(whole, bound).await {
            Ok(Some(plain)) => Ok(plain),
            Ok(None) => Err(too_large(bound)),
            Err(_) => Err(Refused::malformed("body-broken", "the body cannot be decompressed")),
        }
    }

    /// Reads on to the end, and keeps none of it, so that the client gets to read the answer.
    pub async fn drain(&mut self, most: usize) {
        let mut left = most;
        let read = async {
            while let Some(Ok(part)) = next(&mut self.payload).await {
                match left.checked_sub(part.len()) {
                    Some(rest) => left = rest,
                    None => return,
                }
            }
        };
        if !self.has_ended {
            let _ = tokio::time::timeout(self.timeout, read).await;
        }
    }

    /// The body as it is passed on: what was read, and what comes. The share goes with it.
    pub fn outgoing(self) -> (Outgoing, Share) {
        let Intake { payload, read, whole, has_ended, length, timeout, share } = self;
        let read = whole.unwrap_or_else(|| read.freeze());
        let first = (!read.is_empty()).then_some(read);
        let outgoing = match (has_ended, first) {
            (true, None) => Outgoing::Empty,
            (true, Some(all)) => Outgoing::Whole(Some(all)),
            (false, first) => {
                let (sender, rest) = mpsc::channel(PARTS);
                actix_web::rt::spawn(pump(payload, timeout, sender));
                Outgoing::Stream { first, rest, left: length, progress: Progress::new() }
            }
        };
        (outgoing, share)
    }
}

/// Hands on what comes from the client, as fast as the upstream server takes it, and as long as somebody does.
async fn pump(mut payload: Payload, timeout: Duration, sender: mpsc::Sender<Result<Bytes, Broken>>) {
    loop {
        let part = tokio::select! {
            part = tokio::time::timeout(timeout, next(&mut payload)) => part,
            () = sender.closed() => return,
        };
        let part = match part {
            Ok(None) => return,
            Ok(Some(Ok(part))) => Ok(part),
            Ok(Some(Err(_))) | Err(_) => Err(Broken),
        };
        let is_broken = part.is_err();
        if sender.send(part).await.is_err() || is_broken {
            return;
        }
    }
}

/// The next part of a body.
async fn next(payload: &mut Payload) -> Option<Result<Bytes, PayloadError>> {
    std::future::poll_fn(|cx| Pin::new(&mut *payload).poll_next(cx)).await
}

/// The most bytes that may have to be held of what gzip packed, up to a bound.
pub(super) fn most_unpacked(packed: &[u8], bound: usize) -> usize {
    packed.len().saturating_mul(MOST_PACKED).min(bound)
}

/// What gzip packed, up to a bound in bytes; `None` beyond it.
///
/// # Errors
/// Where it is not what gzip wrote.
pub(super) async fn unpacked(packed: Bytes, bound: usize) -> std::io::Result<Option<Bytes>> {
    let unpack = move || {
        let mut plain = Vec::new();
        MultiGzDecoder::new(&*packed).take(bound as u64 + 1).read_to_end(&mut plain)?;
        Ok((plain.len() <= bound).then(|| plain.into()))
    };
    block(unpack).await.unwrap_or_else(|e| Err(std::io::Error::other(e)))
}

/// 413: more than can be judged.
fn too_large(bound: usize) -> Refused {
    let text = format!("a body that is judged may have {bound} bytes at most (`--max-body-bytes`)");
    Refused::new(StatusCode::PAYLOAD_TOO_LARGE, "body-too-large", text)
}
