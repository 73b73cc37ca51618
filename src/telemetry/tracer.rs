//! Spans on their way to a collector: a queue that never keeps anybody waiting, and a thread that empties it.

use std::fmt;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, TrySendError, sync_channel};
use std::time::{Duration, Instant};

use super::span::Span;
use super::{Active, Kind, Sampler, TraceContext, json};

/// Spans that wait for their turn; what comes beyond is dropped and counted.
const QUEUE: usize = 2048;
/// Spans that are handed over at once.
const BATCH: usize = 512;
/// How often it is logged that a collector takes nothing.
const COMPLAINT: Duration = Duration::from_secs(60);

/// Hands spans over.
pub trait Exporter: Send {
    /// Hands over the body of a request.
    ///
    /// # Errors
    /// Why it was not taken.
    fn export(&self, body: Vec<u8>) -> Result<(), String>;
}

enum Message {
    Span(Box<Span>),
    /// Everything before it is to be handed over now; then it is told.
    Flush(SyncSender<()>),
}

/// What became of spans.
#[derive(Debug, Default)]
struct Counts {
    exported: AtomicU64,
    dropped: AtomicU64,
}

/// Takes spans, and has them handed over.
pub struct Tracer {
    sender: SyncSender<Message>,
    sampler: Sampler,
    counts: Arc<Counts>,
}

impl fmt::Debug for Tracer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tracer").field("counts", &self.counts).finish_non_exhaustive()
    }
}

impl Tracer {
    /// Starts the thread that hands spans over, at the latest after `delay`; `resource` says whose they are.
    ///
    /// # Errors
    /// [`io::Error`] where there is no thread to be had.
    pub fn start(
        exporter: Box<dyn Exporter>,
        resource: Vec<(String, String)>,
        sampler: Sampler,
        delay: Duration,
    ) -> io::Result<Arc<Tracer>> {
        let (sender, receiver) = sync_channel(QUEUE);
        let counts = Arc::<Counts>::default();
        let hand_over = HandOver { exporter, resource, counts: Arc::clone(&counts), complained: None };
        std::thread::Builder::new().name("accord-spans".to_owned()).spawn(move || hand_over.run(&receiver, delay))?;
        Ok(Arc::new(Tracer { sender, sampler, counts }))
    }

    /// Begins the span of a request that came with this context.
    pub fn serve(self: &Arc<Self>, parent: Option<&TraceContext>, name: String) -> Active {
        let mut context = parent.map_or_else(|| TraceContext::new_trace(false), TraceContext::child);
        context.is_sampled = self.sampler.takes(parent, context.trace_id);
        Active::new(Arc::clone(self), context, parent.map(|p| p.span_id), name, Kind::Server)
    }

    pub(super) fn take(&self, span: Span) {
        if let Err(TrySendError::Full(_) | TrySendError::Disconnected(_)) =
            self.sender.try_send(Message::Span(Box::new(span)))
        {
            self.counts.dropped.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// How many spans were handed over, and how many dropped.
    pub fn counts(&self) -> (u64, u64) {
        (self.counts.exported.load(Ordering::Relaxed), self.counts.dropped.load(Ordering::Relaxed))
    }

    /// Hands over what is waiting, within a time.
    pub fn flush(&self, within: Duration) {
        let (told, done) = sync_channel(1);
        if self.sender.try_send(Message::Flush(told)).is_ok() {
            let _ = done.recv_timeout(within);
        }
    }
}

/// The thread that hands spans over.
struct HandOver {
    exporter: Box<dyn Exporter>,
    resource: Vec<(String, String)>,
    counts: Arc<Counts>,
    complained: Option<Instant>,
}

impl HandOver {
    fn run(mut self, receiver: &Receiver<Message>, delay: Duration) {
        let mut batch: Vec<Span> = Vec::new();
        let mut due = Instant::now() + delay;
        loop {
            let wait = if batch.is_empty() { delay } else { due.saturating_duration_since(Instant::now()) };
            let (mut flushed, mut ended) = (None, false);
            match receiver.recv_timeout(wait) {
                Ok(Message::Span(span)) => {
                    if batch.is_empty() {
                        due = Instant::now() + delay;
                    }
                    batch.push(*span);
                }
                Ok(Message::Flush(told)) => flushed = Some(told),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => ended = true,
            }
            if batch.len() >= BATCH || flushed.is_some() || ended || Instant::now() >= due {
                self.hand_over(&mut batch);
            }
            if let Some(told) = flushed {
                let _ = told.send(());
            }
            if ended {
                return;
            }
        }
    }

    fn hand_over(&mut self, batch: &mut Vec<Span>) {
        if batch.is_empty() {
            return;
        }
        let count = batch.len() as u64;
        let taken = self.exporter.export(json::request(&self.resource, batch));
        batch.clear();
        match taken {
            Ok(()) => _ = self.counts.exported.fetch_add(count, Ordering::Relaxed),
            Err(error) => {
                self.counts.dropped.fetch_add(count, Ordering::Relaxed);
                if self.complained.is_none_or(|at| at.elapsed() > COMPLAINT) {
                    tracing::warn!(error, spans = count, "spans could not be handed over, and are dropped");
                    self.complained = Some(Instant::now());
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc::{Sender, channel};

    /// Keeps what it is handed, or refuses it after a while.
    struct Kept(Option<Sender<String>>);

    impl Exporter for Kept {
        fn export(&self, body: Vec<u8>) -> Result<(), String> {
            match &self.0 {
                Some(kept) => kept.send(String::from_utf8(body).unwrap()).map_err(|e| e.to_string()),
                None => {
                    std::thread::sleep(Duration::from_millis(200));
                    Err("away".to_owned())
                }
            }
        }
    }

    #[test]
    fn spans_are_handed_over_in_the_order_in_which_they_end() {
        let (sender, receiver) = channel();
        let resource = vec![("service.name".to_owned(), "a".to_owned())];
        let tracer = Tracer::start(Box::new(Kept(Some(sender))), resource, Sampler::default(), COMPLAINT).unwrap();
        let parent = TraceContext::new_trace(true).with_state("a=1");
        let server = tracer.serve(Some(&parent), "GET /".to_owned());
        drop(server.scope().unwrap().begin("work", Kind::Internal));
        drop(server);
        drop(tracer.serve(Some(&TraceContext::new_trace(false)), "not recorded".to_owned()));
        tracer.flush(Duration::from_secs(10));
        let body: serde_json::Value = serde_json::from_str(&receiver.try_recv().unwrap()).unwrap();
        assert_eq!(body["resourceSpans"][0]["resource"]["attributes"][0]["value"]["stringValue"], "a");
        let spans = body["resourceSpans"][0]["scopeSpans"][0]["spans"].as_array().unwrap();
        assert_eq!(spans.len(), 2);
        assert_eq!((spans[0]["name"].as_str(), spans[0]["kind"].as_u64()), (Some("work"), Some(1)));
        assert_eq!(spans[0]["parentSpanId"], spans[1]["spanId"]);
        assert_eq!(spans[1]["parentSpanId"], format!("{:016x}", parent.span_id));
        assert_eq!(spans[1]["traceId"], format!("{:032x}", parent.trace_id));
        assert_eq!(spans[1]["traceState"], "a=1");
        assert_eq!(tracer.counts(), (2, 0));
    }

    #[test]
    fn a_collector_that_is_away_keeps_nobody_waiting() {
        let tracer = Tracer::start(Box::new(Kept(None)), Vec::new(), Sampler::default(), COMPLAINT).unwrap();
        let started = Instant::now();
        for _ in 0..20_000 {
            drop(tracer.serve(None, "GET /".to_owned()));
        }
        assert!(started.elapsed() < Duration::from_secs(5), "{:?}", started.elapsed());
        tracer.flush(Duration::from_secs(30));
        let (exported, dropped) = tracer.counts();
        assert!(exported == 0 && dropped > 10_000, "{exported} {dropped}");
    }
}
