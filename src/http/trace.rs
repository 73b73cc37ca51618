//! Request ids and the log of requests. No patient data: neither addresses nor bodies are logged, only routes.

use std::time::Instant;

use actix_web::Error;
use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::StatusCode;
use actix_web::http::header::{HeaderName, HeaderValue};
use actix_web::middleware::Next;
use tracing::Instrument;

/// The header that carries the request id, both ways.
pub const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

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

/// Gives every request an id, echoes it, and logs how it went.
pub async fn trace(
    req: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let id = request_id(&req);
    let started = Instant::now();
    let method = req.method().clone();
    let span = tracing::info_span!("request", id = id.to_str().unwrap_or_default());
    let result = next.call(req).instrument(span.clone()).await;
    let _entered = span.enter();
    let mut response = result?;
    let status = response.status();
    let route = response.request().match_pattern();
    let route = route.as_deref().unwrap_or("-");
    let micros = started.elapsed().as_micros() as u64;
    let fault = response.response().error().map(|e| e.to_string());
    if status == StatusCode::SERVICE_UNAVAILABLE {
        tracing::warn!(%method, route, status = status.as_u16(), micros, fault);
    } else if status.is_server_error() {
        tracing::error!(%method, route, status = status.as_u16(), micros, fault);
    } else if status.is_client_error() {
        tracing::info!(%method, route, status = status.as_u16(), micros, fault);
    } else {
        tracing::debug!(%method, route, status = status.as_u16(), micros);
    }
    response.headers_mut().insert(REQUEST_ID, id);
    Ok(response)
}
