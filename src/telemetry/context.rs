//! The context of a trace, as `traceparent` and `tracestate` carry it (<https://www.w3.org/TR/trace-context/>).

use std::fmt;
use std::sync::Arc;

/// The longest `tracestate` that is passed on, in bytes: the least that the specification asks for.
const STATE_BYTES: usize = 512;

/// The context of a trace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TraceContext {
    /// The id of the trace, never 0.
    pub trace_id: u128,
    /// The id of the span, never 0.
    pub span_id: u64,
    /// Whether whoever began it records it.
    pub is_sampled: bool,
    /// What others keep in it.
    pub state: Option<Arc<str>>,
}

/// A number of exactly so many digits, hexadecimal and in lower case.
fn hex(text: &str, digits: usize) -> Option<u128> {
    let fits = text.len() == digits && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
    fits.then(|| u128::from_str_radix(text, 16).ok()).flatten()
}

impl TraceContext {
    /// The context of a `traceparent`; `None` where it is none, and counts as not sent. Of a later version than 00 what
    /// is behind the flags is ignored.
    pub fn parse(traceparent: &str) -> Option<TraceContext> {
        let mut parts = traceparent.trim_ascii().splitn(5, '-');
        let version = hex(parts.next()?, 2).filter(|v| *v != 0xFF)?;
        let trace_id = hex(parts.next()?, 32).filter(|id| *id != 0)?;
        let span_id = hex(parts.next()?, 16).filter(|id| *id != 0)? as u64;
        let flags = hex(parts.next()?, 2)?;
        if version == 0 && parts.next().is_some() {
            return None;
        }
        Some(TraceContext { trace_id, span_id, is_sampled: flags & 1 == 1, state: None })
    }

    /// The same with a `tracestate`, where that can be passed on.
    pub fn with_state(mut self, tracestate: &str) -> TraceContext {
        let fits = tracestate.len() <= STATE_BYTES && tracestate.bytes().all(|b| matches!(b, b' '..=b'~'));
        self.state = Some(tracestate.trim()).filter(|s| fits && !s.is_empty()).map(Arc::from);
        self
    }

    /// A context of a new trace.
    pub fn new_trace(is_sampled: bool) -> TraceContext {
        let trace_id = uuid::Uuid::new_v4().as_u128();
        TraceContext { trace_id, span_id: new_span_id(), is_sampled, state: None }
    }

    /// The context of a span inside this one.
    pub fn child(&self) -> TraceContext {
        TraceContext { span_id: new_span_id(), ..self.clone() }
    }
}

/// A random id: of a UUID's bits those that are all random.
fn new_span_id() -> u64 {
    let bits = uuid::Uuid::new_v4().as_u128();
    ((bits >> 80) as u64) << 16 | (bits as u64 & 0xFFFF).max(1)
}

/// As `traceparent`.
impl fmt::Display for TraceContext {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "00-{:032x}-{:016x}-{:02x}", self.trace_id, self.span_id, u8::from(self.is_sampled))
    }
}

#[cfg(test)]
#[path = "context_tests.rs"]
mod tests;
