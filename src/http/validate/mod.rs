//! `$validate` at system, type and instance level (<https://hl7.org/fhir/R4/resource-operation-validate.html>).

mod judging;
mod remarks;
mod task;

use std::sync::Arc;
use std::time::Duration;

use actix_web::web::{Data, Path, Payload};
use actix_web::{HttpRequest, HttpResponse};

use super::query::Query;
use super::service::Service;
use super::{Fault, body, media, metadata, parameters, work};
use task::{Target, Task};

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

async fn serve(
    service: Arc<Service>,
    req: HttpRequest,
    payload: Payload,
    target: Target,
) -> Result<HttpResponse, Fault> {
    let query = Query::parse(req.query_string())?;
    let content_type = media::answer(&req, query.format.as_deref())?;
    let fhir_version = match (query.fhir_version, media::check_instance(&req)?) {
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
    let task = Task { query, target, fhir_version, catalogue };
    // Whoever asks a terminology server waits for it: that never happens on a worker.
    let is_short = body.len() <= limits.inline_bytes && service.config.tx.is_none();
    let answer = if is_short && !stored {
        work::guarded(|| task.run(&service, &body))??
    } else {
        let shared = Arc::clone(&service);
        service.pool.run(move || task.run(&shared, &body)).await??
    };
    let (status, text) = answer;
    Ok(HttpResponse::build(status).content_type(content_type).body(text))
}
