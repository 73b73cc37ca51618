//! Traces across services: the context that a request brings (<https://www.w3.org/TR/trace-context/>) goes on to whom
//! it makes the service ask, and spans of what was done go to a collector
//! (<https://opentelemetry.io/docs/specs/otlp/>). No span has a value of an instance.

mod context;
mod json;
mod sampler;
mod span;
mod tracer;

use std::sync::Arc;

pub use context::TraceContext;
pub use sampler::Sampler;
pub use span::{Active, Attribute, Kind};
pub use tracer::{Exporter, Tracer};

tokio::task_local! {
    static CURRENT: Option<Scope>;
}

/// Where in a trace something is done.
#[derive(Clone, Debug)]
pub struct Scope {
    /// What is passed on.
    pub context: TraceContext,
    /// Who takes spans, where they are exported.
    tracer: Option<Arc<Tracer>>,
}

impl Scope {
    /// The place of a request that came with this context, where spans are not exported: it is passed on as it is.
    pub fn passed_on(context: TraceContext) -> Scope {
        Scope { context, tracer: None }
    }

    /// Begins a span inside this one, where spans are exported.
    pub fn begin(&self, name: impl Into<String>, kind: Kind) -> Option<Active> {
        let tracer = self.tracer.as_ref()?;
        Some(Active::new(Arc::clone(tracer), self.context.child(), Some(self.context.span_id), name.into(), kind))
    }
}

/// Where in a trace the caller is, if anywhere.
pub fn current() -> Option<Scope> {
    CURRENT.try_with(Clone::clone).ok().flatten()
}

/// Does something at a place in a trace.
pub async fn scoped<F: Future>(scope: Option<Scope>, work: F) -> F::Output {
    CURRENT.scope(scope, work).await
}

/// Does something at a place in a trace, on this thread.
pub fn within<T>(scope: Option<Scope>, work: impl FnOnce() -> T) -> T {
    CURRENT.sync_scope(scope, work)
}
