//! The HTTP interface of HL7's validator-wrapper (hapifhir/org.hl7.fhir.validator-wrapper), as Inferno and scripts call
//! it, and of its predecessor (inferno-framework/fhir-validator-wrapper): `POST /validate?profile=URL`.

mod answer;
mod asked;
mod context;
mod elsewhere;
mod listed;
mod task;

use std::time::Duration;

use actix_web::web::{Data, Payload};
use actix_web::{HttpRequest, HttpResponse};

use super::client::Client;
use super::service::Service;
use super::work::{self, Size};
use super::{Fault, body, content_type, media, validate};
pub(super) use elsewhere::elsewhere;
pub(super) use listed::{guides, guides_named, profiles, profiles_by_guide, resources, version, versions};
use task::Task;

/// `POST /validate`
pub(super) async fn validate(
    service: Data<Service>,
    req: HttpRequest,
    payload: Payload,
) -> Result<HttpResponse, Fault> {
    if !req.query_string().is_empty() {
        return validate::by_address(service, req, payload).await;
    }
    let service = service.into_inner();
    media::json(&req)?;
    media::check_body(&req)?;
    let limits = &service.config.limits;
    let time = Duration::from_millis(limits.body_timeout_ms);
    let body = body::read(&req, payload, limits.body_bytes, time, &service.budget).await?;
    // Packages may have to be opened, and the terminology server asked: that never happens on a worker.
    let lane = if work::size(&body, limits.inline_bytes) == Size::Large { &service.bulk } else { &service.pool };
    let shared = std::sync::Arc::clone(&service);
    let work = move |interrupt: &_| Task::read(&body)?.run(&shared, interrupt);
    let answer = lane.run(Client::asking(&req), work).await??;
    Ok(HttpResponse::Ok().content_type(content_type::JSON).body(answer))
}
