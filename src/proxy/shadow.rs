//! Shadow mode: a request and its answer pass unchanged; what would have become of them is recorded.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::{Bytes, BytesMut};
use futures_core::Stream;

use super::answer::{self, Bounded, Head};
use super::asked::Asked;
use super::body::Intake;
use super::forward::{self, Noted};
use super::judge::Question;
use super::record::Told;
use super::refused::Refused;
use super::shared::Shared;
use super::worker::{Passing, Worker, failed};
use crate::remote::upstream::Failure;

/// What is decided within a time: where nothing is refused, nobody waits longer for it.
pub(super) async fn in_time<R>(within: Duration, ruling: R) -> Result<Passing, Refused>
where
    R: Future<Output = Result<Passing, Refused>>,
{
    let text = "the request could not be judged in time (`--judging-ms`)";
    let late = |_| Err(Refused::new(StatusCode::SERVICE_UNAVAILABLE, "late", text));
    tokio::time::timeout(within, ruling).await.unwrap_or_else(late)
}

/// Passes a request on whatever was decided.
pub(super) async fn pass(
    worker: &Worker,
    asked: Asked,
    intake: Intake,
    ruling: Result<Passing, Refused>,
    told: Told,
    began: Instant,
) -> HttpResponse {
    let shared = &worker.shared;
    let is_head = asked.method == http::Method::HEAD;
    let seen = match ruling {
        Err(refused) => {
            note(shared, &told, Some(&refused), began);
            None
        }
        // The server is not asked as it is to be, so a body that HEAD would have is not seen.
        Ok(Passing { seen: Some(question), .. }) if !is_head => Some(question),
        Ok(_) => {
            note(shared, &told, None, began);
            None
        }
    };
    let answer = match forward::unchanged(worker, asked, intake).await {
        Ok(answer) => answer,
        Err(failure) => return failed(shared, failure),
    };
    let (head, status) = (Head::of(&answer), answer.status.as_u16());
    let chunks = Noted { chunks: answer.body, shared: Arc::clone(shared) };
    // The answer by which the client has the right version already would be asked for whole, and judged, otherwise.
    let seen = match seen {
        Some(_) if status == 304 => {
            note(shared, &told, None, began);
            None
        }
        seen => seen,
    };
    let watch = seen.map(|question| Watch {
        bounded: Bounded::new(shared.settings.answer_bytes, &shared.held),
        copy: Ok(BytesMut::new()),
        shared: Arc::clone(shared),
        question,
        head,
        told,
        began,
    });
    forward::streamed(status, answer.headers, answer.length, is_head, Watched { chunks, watch })
}

fn note(shared: &Shared, told: &Told, refused: Option<&Refused>, began: Instant) {
    shared.record.decided(told, refused.map(|r| (r.rule, r.status.as_u16())), began.elapsed());
}

/// What is to be said of an answer once it has passed.
struct Watch {
    bounded: Bounded,
    copy: Result<BytesMut, Refused>,
    shared: Arc<Shared>,
    question: Arc<Question>,
    head: Head,
    told: Told,
    began: Instant,
}

impl Watch {
    fn see(&mut self, part: &[u8]) {
        if let Ok(copy) = &mut self.copy
            && let Err(refused) = self.bounded.add(copy, part)
        {
            self.copy = Err(refused);
        }
    }

    async fn judge(self) {
        // What is held counts as held until it has been judged.
        let Watch { mut bounded, copy, shared, question, head, mut told, began } = self;
        let judged = match copy {
            Ok(copy) => answer::judge(&shared.judge, &question, &head, &copy.freeze(), &mut bounded, &mut told).await,
            Err(refused) => Err(refused),
        };
        note(&shared, &told, judged.as_ref().err(), began);
    }
}

/// The body of an answer, of which a copy is judged once all of it has passed.
struct Watched {
    chunks: Noted,
    watch: Option<Watch>,
}

impl Stream for Watched {
    type Item = Result<Bytes, Failure>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Bytes, Failure>>> {
        let this = self.get_mut();
        let polled = Pin::new(&mut this.chunks).poll_next(cx);
        match &polled {
            Poll::Ready(Some(Ok(part))) => {
                if let Some(watch) = &mut this.watch {
                    watch.see(part);
                }
            }
            Poll::Ready(None) => {
                if let Some(watch) = this.watch.take() {
                    actix_web::rt::spawn(watch.judge());
                }
            }
            Poll::Ready(Some(Err(_))) | Poll::Pending => {}
        }
        polled
    }
}
