//! Reading bodies within limits of size, time and memory.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use actix_web::HttpRequest;
use actix_web::dev::Decompress;
use actix_web::error::PayloadError;
use actix_web::http::header;
use actix_web::web::{Bytes, BytesMut, Payload};

use rustc_hash::FxHashMap;

use super::Fault;
use super::client::Client;

/// How much of a body that is too large is still read, so that the client gets to read the answer.
const DRAIN_BYTES: usize = 128 << 20;

/// For how many clients at once there is room: while one client uses all that it may have, there is as much for others.
const CLIENTS: usize = 2;

/// The bytes that all bodies together may hold; those of one client half of them.
#[derive(Debug)]
pub struct Budget {
    limit_bytes: usize,
    used: Mutex<Used>,
}

#[derive(Debug, Default)]
struct Used {
    all: usize,
    of: FxHashMap<Client, usize>,
}

impl Budget {
    /// A budget of so many bytes.
    pub fn new(limit_bytes: usize) -> Arc<Budget> {
        Arc::new(Budget { limit_bytes, used: Mutex::default() })
    }

    fn all_used(&self) -> MutexGuard<'_, Used> {
        self.used.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The bytes that are held now.
    pub fn used(&self) -> usize {
        self.all_used().all
    }

    /// A share for a body of a client, which holds nothing yet.
    fn share(self: &Arc<Budget>, client: Client) -> Share {
        Share { budget: Arc::clone(self), client, bytes: 0 }
    }
}

/// A share of the budget; given back when it is dropped.
#[derive(Debug)]
struct Share {
    budget: Arc<Budget>,
    client: Client,
    bytes: usize,
}

impl Share {
    fn grow(&mut self, bytes: usize) -> Result<(), Fault> {
        let mut used = self.budget.all_used();
        used.all = used.all.saturating_add(bytes);
        let own = used.of.entry(self.client).or_default();
        *own = own.saturating_add(bytes);
        self.bytes = self.bytes.saturating_add(bytes);
        if *own > self.budget.limit_bytes.div_ceil(CLIENTS) {
            return Err(Fault::busy("too many bytes of this client are being served at once; try again"));
        }
        if used.all > self.budget.limit_bytes {
            return Err(Fault::busy("too many bytes are being served at once; try again"));
        }
        Ok(())
    }
}

impl Drop for Share {
    fn drop(&mut self) {
        let mut used = self.budget.all_used();
        used.all = used.all.saturating_sub(self.bytes);
        match used.of.get_mut(&self.client) {
            Some(own) if *own > self.bytes => *own -= self.bytes,
            _ => drop(used.of.remove(&self.client)),
        }
    }
}

/// A body that has been read whole; counts against the budget as long as it lives.
#[derive(Debug)]
pub struct Body {
    bytes: Bytes,
    _share: Share,
}

impl std::ops::Deref for Body {
    type Target = [u8];
    fn deref(&self) -> &[u8] {
        &self.bytes
    }
}

/// Reads the body of a request, gzip undone.
///
/// # Errors
/// 413 beyond `limit_bytes`, 408 beyond `timeout`, 415 for another encoding than gzip, 503 where the budget is
/// used up, 400 where the connection breaks off.
pub async fn read(
    req: &HttpRequest,
    payload: Payload,
    limit_bytes: usize,
    timeout: Duration,
    budget: &Arc<Budget>,
) -> Result<Body, Fault> {
    let (headers, client) = (req.headers(), Client::asking(req));
    let length =
        headers.get(header::CONTENT_LENGTH).and_then(|v| v.to_str().ok()).and_then(|v| v.parse::<usize>().ok());
    let encoding =
        headers.get(header::CONTENT_ENCODING).map(|v| v.to_str().unwrap_or_default().trim().to_ascii_lowercase());
    let mut payload = payload.into_inner();
    let work = async {
        match encoding.as_deref() {
            None | Some("identity" | "") => collect(&mut payload, length, limit_bytes, budget.share(client)).await,
            Some("gzip" | "x-gzip") => {
                let mut plain = Decompress::from_headers(&mut payload, headers);
                collect(&mut plain, None, limit_bytes, budget.share(client)).await
            }
            Some(other) => Err(Fault::media_type(format!(
                "the content encoding `{other}` is not taken; send the body plain or as gzip"
            ))),
        }
    };
    let read = tokio::time::timeout(timeout, work).await;
    let result = read.unwrap_or_else(|_| Err(Fault::too_slow(timeout.as_millis() as u64)));
    // Behind what is broken nothing comes.
    if result.as_ref().is_err_and(|fault| !fault.closes()) {
        let _ = tokio::time::timeout(timeout, drain(&mut payload)).await;
    }
    result
}

/// The chunks of a stream of bytes, one by one.
async fn next<S>(stream: &mut S) -> Option<Result<Bytes, PayloadError>>
where
    S: futures_core::Stream<Item = Result<Bytes, PayloadError>> + Unpin,
{
    std::future::poll_fn(|cx| std::pin::Pin::new(&mut *stream).poll_next(cx)).await
}

async fn collect<S>(stream: &mut S, length: Option<usize>, limit_bytes: usize, mut share: Share) -> Result<Body, Fault>
where
    S: futures_core::Stream<Item = Result<Bytes, PayloadError>> + Unpin,
{
    if length.is_some_and(|l| l > limit_bytes) {
        return Err(Fault::too_large(limit_bytes));
    }
    let Some(first) = next(stream).await else { return Ok(Body { bytes: Bytes::new(), _share: share }) };
    let first = first.map_err(broken)?;
    share.grow(first.len())?;
    if first.len() > limit_bytes {
        return Err(Fault::too_large(limit_bytes));
    }
    if length == Some(first.len()) {
        return Ok(Body { bytes: first, _share: share });
    }
    let mut all = BytesMut::with_capacity(length.unwrap_or(first.len().saturating_mul(2)).min(1 << 20));
    all.extend_from_slice(&first);
    while let Some(chunk) = next(stream).await {
        let chunk = chunk.map_err(broken)?;
        if all.len() + chunk.len() > limit_bytes {
            return Err(Fault::too_large(limit_bytes));
        }
        share.grow(chunk.len())?;
        all.extend_from_slice(&chunk);
    }
    Ok(Body { bytes: all.freeze(), _share: share })
}

fn broken(_: PayloadError) -> Fault {
    Fault::broken_body()
}

/// Reads on without keeping anything.
async fn drain(payload: &mut actix_web::dev::Payload) {
    let mut left = DRAIN_BYTES;
    while let Some(Ok(chunk)) = next(payload).await {
        match left.checked_sub(chunk.len()) {
            Some(rest) => left = rest,
            None => return,
        }
    }
}
