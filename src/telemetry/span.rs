//! One span: what was done, when, and for whom.

use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use super::{Scope, TraceContext, Tracer};

/// What a span is to others (<https://opentelemetry.io/docs/specs/otel/trace/api/#spankind>).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Work of the service for itself.
    Internal = 1,
    /// A request that was answered.
    Server = 2,
    /// A request that was made.
    Client = 3,
}

/// What is said of a span: never a value of an instance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Attribute {
    /// A name.
    Text(String),
    /// A count or a code.
    Number(i64),
}

/// A span that has ended.
#[derive(Clone, Debug)]
pub(super) struct Span {
    pub context: TraceContext,
    pub parent: Option<u64>,
    pub name: String,
    pub kind: Kind,
    pub start_ns: u128,
    pub end_ns: u128,
    pub attributes: Vec<(&'static str, Attribute)>,
    pub is_error: bool,
}

fn now_ns() -> u128 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |t| t.as_nanos())
}

/// A span that has begun; it ends, and is handed on, when it is dropped.
#[derive(Debug)]
pub struct Active {
    span: Option<Span>,
    tracer: Arc<Tracer>,
}

impl Active {
    pub(super) fn new(
        tracer: Arc<Tracer>,
        context: TraceContext,
        parent: Option<u64>,
        name: String,
        kind: Kind,
    ) -> Active {
        let start_ns = now_ns();
        let span = Span { context, parent, name, kind, start_ns, end_ns: 0, attributes: Vec::new(), is_error: false };
        Active { span: Some(span), tracer }
    }

    /// The place inside this span.
    pub fn scope(&self) -> Option<Scope> {
        let context = self.span.as_ref()?.context.clone();
        Some(Scope { context, tracer: Some(Arc::clone(&self.tracer)) })
    }

    /// Says something of it.
    pub fn say(&mut self, name: &'static str, value: Attribute) {
        if let Some(span) = &mut self.span {
            span.attributes.push((name, value));
        }
    }

    /// Names it anew.
    pub fn rename(&mut self, name: String) {
        if let Some(span) = &mut self.span {
            span.name = name;
        }
    }

    /// Says that it failed.
    pub fn fail(&mut self) {
        if let Some(span) = &mut self.span {
            span.is_error = true;
        }
    }
}

impl Drop for Active {
    fn drop(&mut self) {
        if let Some(mut span) = self.span.take().filter(|s| s.context.is_sampled) {
            span.end_ns = now_ns().max(span.start_ns);
            self.tracer.take(span);
        }
    }
}
