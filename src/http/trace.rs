//! Request ids, traces, and the log of requests. No patient data: neither addresses nor bodies are logged, only routes.

use std::time::Instant;

use actix_web::Error;
use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{HeaderName, HeaderValue};
use actix_web::http::{Method, StatusCode};
use actix_web::middleware::Next;
use actix_web::web::Data;
use tracing::Instrument;

use super::service::Service;
use crate::telemetry::{self, Active, Attribute, Scope, TraceContext};

/// The header that carries the request id, both ways.
pub const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The header that carries the place of a request in a trace.
pub(super) const TRACE_PARENT: HeaderName = HeaderName::from_static("traceparent");
/// The header that carries what others keep in it.
pub(super) const TRACE_STATE: HeaderName = HeaderName::from_static("tracestate");

/// What supervisors ask every few seconds: it is logged only where more is asked for.
const SUPERVISED: [&str; 3] = ["/health/live", "/health/ready", "/metrics"];

/// The longest id that is taken over.
const ID_BYTES: usize = 128;

/// The request's own id where it is fit for a log, else a new one.
fn request_id(req: &ServiceRequest) -> HeaderValue {
    let fit = |v: &&HeaderValue| {
        !v.is_empty()
            && v.len() <= ID_BYTES
            && v.as_bytes().iter().all(|b| b.is_ascii_alphanumeric() || b"-_.:/+=".contains(b))
    };
    if let Some(given) = req.headers().get(&REQUEST_ID).filter(fit) {
        return given.clone();
    }
    HeaderValue::from_str(&new_id()).unwrap_or(HeaderValue::from_static("-"))
}

/// An id for a request that brings none.
pub(super) fn new_id() -> String {
    // It tells requests apart, and is no secret: it need not be drawn from the system.
    uuid::Builder::from_random_bytes(fastrand::u128(..).to_be_bytes()).into_uuid().hyphenated().to_string()
}

/// The place of a request in a trace, as its client says; several say nothing.
fn context(req: &ServiceRequest) -> Option<TraceContext> {
    let mut given = req.headers().get_all(&TRACE_PARENT);
    let (one, None) = (given.next()?, given.next()) else { return None };
    let context = TraceContext::parse(one.to_str().ok()?)?;
    let states = req.headers().get_all(&TRACE_STATE).filter_map(|v| v.to_str().ok());
    Some(context.with_state(&states.collect::<Vec<&str>>().join(",")))
}

/// The span of a request, where spans are exported, and the place in its trace.
fn traced(req: &ServiceRequest, service: Option<&Data<Service>>) -> (Option<Active>, Option<Scope>) {
    let context = context(req);
    match service.and_then(|s| s.tracer.as_ref()).filter(|_| !SUPERVISED.contains(&req.path())) {
        Some(tracer) => {
            let span = tracer.serve(context.as_ref(), req.method().to_string());
            let scope = span.scope();
            (Some(span), scope)
        }
        None => (None, context.map(Scope::passed_on)),
    }
}

/// Says of a span how its request went.
fn conclude(mut span: Active, method: &Method, route: &str, status: StatusCode, fault: Option<&str>) {
    span.rename(format!("{method} {route}"));
    span.say("http.request.method", Attribute::Text(method.to_string()));
    span.say("http.route", Attribute::Text(route.to_owned()));
    span.say("http.response.status_code", Attribute::Number(i64::from(status.as_u16())));
    if let Some(fault) = fault {
        span.say("error.type", Attribute::Text(fault.to_owned()));
    }
    if status.is_server_error() {
        span.fail();
    }
}

/// A request that is being answered: where it is dropped before, its client has left.
struct Open {
    service: Option<Data<Service>>,
    span: tracing::Span,
    is_answered: bool,
}

impl Drop for Open {
    fn drop(&mut self) {
        if self.is_answered {
            return;
        }
        if let Some(service) = &self.service {
            service.metrics.left();
        }
        self.span.in_scope(|| tracing::info!("the client left before the answer"));
    }
}

/// Gives every request an id, echoes it, counts it, and logs how it went.
pub async fn trace(
    req: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let id = request_id(&req);
    let started = Instant::now();
    let method = req.method().clone();
    let service = req.app_data::<Data<Service>>().cloned();
    let (traced, scope) = traced(&req, service.as_ref());
    let span = tracing::info_span!("request", id = id.to_str().unwrap_or_default(), trace = tracing::field::Empty);
    if let Some(scope) = &scope {
        span.record("trace", format!("{:032x}", scope.context.trace_id));
    }
    let mut open = Open { service, span: span.clone(), is_answered: false };
    let result = telemetry::scoped(scope, next.call(req)).instrument(span.clone()).await;
    open.is_answered = true;
    let _entered = span.enter();
    let mut response = result?;
    let status = response.status();
    let route = response.request().match_pattern();
    let route = route.as_deref().unwrap_or("-");
    let took = started.elapsed();
    let micros = took.as_micros() as u64;
    if let Some(service) = response.request().app_data::<Data<Service>>() {
        service.metrics.request(&method, route, status, took);
    }
    let fault = response.response().error().map(|e| e.to_string());
    if let Some(traced) = traced {
        conclude(traced, &method, route, status, fault.as_deref());
    }
    if status == StatusCode::SERVICE_UNAVAILABLE {
        tracing::warn!(%method, route, status = status.as_u16(), micros, fault);
    } else if status.is_server_error() {
        tracing::error!(%method, route, status = status.as_u16(), micros, fault);
    } else if status.is_client_error() {
        tracing::info!(%method, route, status = status.as_u16(), micros, fault);
    } else if SUPERVISED.contains(&route) {
        tracing::debug!(%method, route, status = status.as_u16(), micros);
    } else {
        tracing::info!(%method, route, status = status.as_u16(), micros);
    }
    response.headers_mut().insert(REQUEST_ID, id);
    Ok(response)
}
