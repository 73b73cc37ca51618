//! Request ids and the log of requests. No patient data: neither addresses nor bodies are logged, only routes.

use std::time::Instant;

use actix_web::Error;
use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::StatusCode;
use actix_web::http::header::{HeaderName, HeaderValue};
use actix_web::middleware::Next;
use actix_web::web::Data;
use tracing::Instrument;

use super::service::Service;

/// The header that carries the request id, both ways.
pub const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

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
    let mut buffer = uuid::Uuid::encode_buffer();
    let id = uuid::Uuid::new_v4().hyphenated().encode_lower(&mut buffer);
    HeaderValue::from_str(id).unwrap_or(HeaderValue::from_static("-"))
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
    let span = tracing::info_span!("request", id = id.to_str().unwrap_or_default());
    let mut open = Open { service: req.app_data::<Data<Service>>().cloned(), span: span.clone(), is_answered: false };
    let result = next.call(req).instrument(span.clone()).await;
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
