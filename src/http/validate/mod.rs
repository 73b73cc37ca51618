//! `$validate` at system, type and instance level (<https://hl7.org/fhir/R4/resource-operation-validate.html>).

mod details;
mod guarded;
mod judging;
mod memory;
mod remarks;
mod task;

use std::sync::Arc;
use std::time::{Duration, Instant};

use actix_web::http::{StatusCode, header};
use actix_web::web::{Data, Path, Payload};
use actix_web::{HttpRequest, HttpResponse};
use fhir_accord_profiles::definition::FhirVersion;

use super::client::Client;
use super::query::Query;
use super::service::Service;
use super::work::{self, Clock, Size};
use super::{Fault, body, media, metadata, parameters};
use task::{Target, Task};

/// How long a worker works on a body itself: what takes longer is handed on, and begun anew there.
const INLINE_TIME: Duration = Duration::from_millis(2);
/// When a validation that was broken off may be tried again, in seconds.
const RETRY_SECONDS: &str = "5";

/// `POST /$validate`
pub(super) async fn system(service: Data<Service>, req: HttpRequest, payload: Payload) -> Result<HttpResponse, Fault> {
    serve(service.into_inner(), req, payload, Target::default()).await
}

/// `POST /{Type}/$validate`
pub(super) async fn of_type(
    service: Data<Service>,
    req: HttpRequest,
    path: Path<String>,
    payload: Payload,
) -> Result<HttpResponse, Fault> {
    let resource_type = metadata::known_type(&service, &path)?;
    serve(service.into_inner(), req, payload, Target { resource_type: Some(resource_type), id: None }).await
}

/// `POST /{Type}/{id}/$validate`
pub(super) async fn of_instance(
    service: Data<Service>,
    req: HttpRequest,
    path: Path<(String, String)>,
    payload: Payload,
) -> Result<HttpResponse, Fault> {
    let (resource_type, id) = path.into_inner();
    let resource_type = metadata::known_type(&service, &resource_type)?;
    serve(service.into_inner(), req, payload, Target { resource_type: Some(resource_type), id: Some(id) }).await
}

/// `POST /validate?profile=URL,URL…`, the address of the older wrapper: what `$validate` says.
pub(super) async fn by_address(
    service: Data<Service>,
    req: HttpRequest,
    payload: Payload,
) -> Result<HttpResponse, Fault> {
    let mut query = Query::parse(req.query_string())?;
    query.profiles = query.profiles.iter().flat_map(|all| all.split(',')).map(str::to_owned).collect();
    asked(service.into_inner(), req, payload, (Target::default(), query, of_older_wrapper)).await
}

/// The FHIR version that the content type names. RestClient, by which Inferno sends resources to the older wrapper,
/// calls any text a form.
fn of_older_wrapper(req: &HttpRequest) -> Result<Option<FhirVersion>, Fault> {
    let text = req.headers().get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok());
    let is_form = text.is_some_and(|t| t.to_ascii_lowercase().starts_with("application/x-www-form-urlencoded"));
    if is_form { Ok(None) } else { media::check_instance(req) }
}

async fn serve(
    service: Arc<Service>,
    req: HttpRequest,
    payload: Payload,
    target: Target,
) -> Result<HttpResponse, Fault> {
    let query = Query::parse(req.query_string())?;
    asked(service, req, payload, (target, query, media::check_instance)).await
}

/// The FHIR version that the type of what is sent names.
type SentAs = fn(&HttpRequest) -> Result<Option<FhirVersion>, Fault>;

async fn asked(
    service: Arc<Service>,
    req: HttpRequest,
    payload: Payload,
    (target, mut query, sent_as): (Target, Query, SentAs),
) -> Result<HttpResponse, Fault> {
    if let Some(id) = query.negotiation.take() {
        if !query.packages.is_empty() {
            let text = "a negotiation is judged by all packages that are loaded; leave `package` out";
            return Err(Fault::invalid("query", text));
        }
        return guarded::serve(service, req, payload, (query, target, id)).await;
    }
    let content_type = media::answer(&req)?;
    let fhir_version = match (query.fhir_version, sent_as(&req)?) {
        (Some(asked), Some(sent)) if asked != sent => {
            let text = "the FHIR version in the address and the one in the content type differ; give one";
            return Err(Fault::invalid("query", text));
        }
        (asked, sent) => asked.or(sent),
    };
    let limits = &service.config.limits;
    let body =
        body::read(&req, payload, limits.body_bytes, Duration::from_millis(limits.body_timeout_ms), &service.budget)
            .await?;
    let stored = target.id.is_some() && (body.is_empty() || parameters::may_be(&body));
    let catalogue = if stored { Some(service.catalogue().await?) } else { None };
    // Whoever asks a terminology server or the store, or opens packages, waits for it: that never happens on a worker.
    let waits = stored || service.config.tx.is_some() || !query.packages.is_empty();
    let size = work::size(&body, limits.inline_bytes);
    let in_place = size == Size::Small && !waits;
    let mut task = Task { query, target, fhir_version, in_place, catalogue };
    if in_place {
        let clock = Clock::until(Instant::now().checked_add(INLINE_TIME));
        let answer = work::guarded(|| task.run(&service, &body, &clock.interrupt()))?;
        if !clock.has_told() {
            return answer.map(|answer| respond(answer, content_type));
        }
    }
    task.in_place = false;
    let lane = if size == Size::Large { &service.bulk } else { &service.pool };
    let shared = Arc::clone(&service);
    let answer = lane.run(Client::asking(&req), move |interrupt| task.run(&shared, &body, interrupt)).await??;
    Ok(respond(answer, content_type))
}

fn respond((status, text): (StatusCode, String), content_type: &'static str) -> HttpResponse {
    let mut builder = HttpResponse::build(status);
    if status == StatusCode::SERVICE_UNAVAILABLE {
        builder.insert_header((header::RETRY_AFTER, RETRY_SECONDS));
    }
    builder.content_type(content_type).body(text)
}
