//! What is between the HTTP library and its connections: streams of either kind, and answers that say why in place of
//! those that the library writes without a body.

mod bare;
mod stream;
mod telling;
mod tls;

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use super::service::Service;
use super::trace;
use bare::Bare;
pub(super) use stream::Stream;
use telling::Telling;
pub(super) use tls::Tls;

/// The first bytes of what has come since something was last written: whether they ask HEAD.
#[derive(Debug, Default)]
struct Opening {
    bytes: [u8; 5],
    length: usize,
}

impl Opening {
    fn take(&mut self, read: &[u8]) {
        for (to, from) in self.bytes.iter_mut().skip(self.length).zip(read) {
            *to = *from;
            self.length += 1;
        }
    }

    fn is_head(&self) -> bool {
        self.bytes == *b"HEAD "
    }
}

/// A connection.
pub(super) struct Wire {
    stream: Stream,
    opening: Opening,
    telling: Option<Telling>,
    has_ended: bool,
    service: Arc<Service>,
}

impl Wire {
    /// A connection over this stream.
    pub fn new(stream: Stream, service: Arc<Service>) -> Wire {
        Wire { stream, opening: Opening::default(), telling: None, has_ended: false, service }
    }

    /// What is written in place of an answer without a body.
    fn told(&self, bare: &Bare<'_>) -> Vec<u8> {
        let (fault, id) = (bare.fault(), trace::new_id());
        self.service.metrics.unread(bare.status);
        let (status, name) = (bare.status, fault.name());
        tracing::info_span!("request", id).in_scope(|| tracing::info!(method = "-", route = "-", status, fault = name));
        bare.told(&fault, &id, self.opening.is_head())
    }
}

impl AsyncRead for Wire {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let before = buf.filled().len();
        let read = ready!(Pin::new(&mut this.stream).poll_read(cx, buf));
        this.opening.take(buf.filled().get(before..).unwrap_or_default());
        Poll::Ready(read)
    }
}

impl AsyncWrite for Wire {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        if this.telling.is_none() {
            let bare = Bare::at_end(buf);
            let before = bare.as_ref().map_or(buf.len(), |bare| bare.start);
            match bare {
                Some(bare) if before == 0 => this.telling = Some(Telling::new(this.told(&bare), buf.len())),
                _ => {
                    this.opening = Opening::default();
                    return Pin::new(&mut this.stream).poll_write(cx, buf.get(..before).unwrap_or_default());
                }
            }
        }
        let Some(telling) = &mut this.telling else { return Poll::Ready(Ok(buf.len())) };
        ready!(telling.poll(&mut this.stream, cx))?;
        let written = telling.instead_of.min(buf.len());
        (this.telling, this.has_ended) = (None, true);
        Poll::Ready(Ok(written))
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        if this.has_ended { Poll::Ready(Ok(())) } else { Pin::new(&mut this.stream).poll_flush(cx) }
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        if this.has_ended { Poll::Ready(Ok(())) } else { Pin::new(&mut this.stream).poll_shutdown(cx) }
    }
}
