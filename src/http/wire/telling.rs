//! The last answer on a connection: it is written, and what the client still sends is read for a moment, since a
//! connection that is closed with unread bytes is reset, and takes the answer with it.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::Sleep;

/// How long a client may take to read the answer.
const LINGER: Duration = Duration::from_secs(1);
/// How much it may go on sending meanwhile.
const LINGER_BYTES: usize = 1 << 20;

enum Stage {
    Writing,
    Flushing,
    Closing,
    Draining,
}

/// A last answer that is on its way.
pub(super) struct Telling {
    text: Vec<u8>,
    sent: usize,
    drained: usize,
    stage: Stage,
    timer: Pin<Box<Sleep>>,
    /// How many bytes of the HTTP library's own it stands for.
    pub instead_of: usize,
}

impl Telling {
    pub fn new(text: Vec<u8>, instead_of: usize) -> Telling {
        let timer = Box::pin(tokio::time::sleep(LINGER));
        Telling { text, sent: 0, drained: 0, stage: Stage::Writing, timer, instead_of }
    }

    /// Goes on; ready when the client has read it, or had its time.
    ///
    /// # Errors
    /// [`io::Error`] where the connection fails before the answer is written.
    pub fn poll<S>(&mut self, stream: &mut S, cx: &mut Context<'_>) -> Poll<io::Result<()>>
    where
        S: AsyncRead + AsyncWrite + Unpin,
    {
        if self.timer.as_mut().poll(cx).is_ready() {
            return Poll::Ready(Ok(()));
        }
        loop {
            match self.stage {
                Stage::Writing => match self.text.get(self.sent..).filter(|rest| !rest.is_empty()) {
                    Some(rest) => match ready!(Pin::new(&mut *stream).poll_write(cx, rest))? {
                        0 => return Poll::Ready(Err(io::ErrorKind::WriteZero.into())),
                        written => self.sent += written,
                    },
                    None => self.stage = Stage::Flushing,
                },
                Stage::Flushing => {
                    ready!(Pin::new(&mut *stream).poll_flush(cx))?;
                    self.stage = Stage::Closing;
                }
                Stage::Closing => {
                    let closed = ready!(Pin::new(&mut *stream).poll_shutdown(cx));
                    self.stage = Stage::Draining;
                    if closed.is_err() {
                        return Poll::Ready(Ok(()));
                    }
                }
                Stage::Draining => match ready!(self.drain(stream, cx)) {
                    Some(bytes) if bytes > 0 && self.drained < LINGER_BYTES => self.drained += bytes,
                    _ => return Poll::Ready(Ok(())),
                },
            }
        }
    }

    /// Reads some bytes, which are not kept; `None` where the connection has failed.
    fn drain<S: AsyncRead + Unpin>(&self, stream: &mut S, cx: &mut Context<'_>) -> Poll<Option<usize>> {
        let mut room = [0; 4096];
        let mut buffer = ReadBuf::new(&mut room);
        let read = ready!(Pin::new(stream).poll_read(cx, &mut buffer));
        Poll::Ready(read.ok().map(|()| buffer.filled().len()))
    }
}
