//! `POST /negotiate`, `GET /negotiate/{id}` and `POST /scope/{verb}`.

use std::sync::Arc;

use actix_web::http::header;
use actix_web::web::{Data, Path, Payload};
use actix_web::{HttpRequest, HttpResponse};
use fhir_accord_profiles::interrupt::Interrupt;
use serde_json::Value;

use super::client::Client;
use super::service::Service;
use super::{Fault, content_type, json_body, media};
use crate::app::ScopeVerb;
use crate::schema::Schema;

/// The bytes of one answer; a longer one is refused.
const ANSWER_BYTES: usize = 32 << 20;

/// `POST /negotiate`: the negotiated set, kept under its id.
pub(super) async fn negotiate(
    service: Data<Service>,
    req: HttpRequest,
    payload: Payload,
) -> Result<HttpResponse, Fault> {
    let body = json_body::read(&service, &req, payload, Schema::by_file("negotiate-request.json")).await?;
    let shared = Arc::clone(&service);
    let lane = if body.is_large { &service.large } else { &service.negotiating };
    let (id, text) = lane.run(Client::asking(&req), move |interrupt| run(&shared, body.value, interrupt)).await??;
    Ok(HttpResponse::Ok()
        .content_type(content_type::JSON)
        .insert_header((header::CONTENT_LOCATION, format!("/negotiate/{id}")))
        .body(text))
}

fn run(service: &Service, body: Value, interrupt: &Interrupt) -> Result<(String, String), Fault> {
    let agreement = service.parts().negotiator.negotiate(body, interrupt);
    if interrupt.is_raised() {
        return Err(Fault::timeout(service.config.limits.work_timeout_ms));
    }
    let agreement = agreement.map_err(|e| Fault::refused("negotiation", e))?;
    let id = agreement.get("id").and_then(Value::as_str).filter(|id| !id.is_empty());
    let id = id.ok_or_else(|| Fault::internal("the negotiated set has no id"))?.to_owned();
    let text = within_limit(agreement.to_string())?;
    service.store.keep_negotiation(&id, text.as_bytes())?;
    Ok((id, text))
}

/// An answer, unless it is too long to be given.
pub(super) fn within_limit(text: String) -> Result<String, Fault> {
    if text.len() > ANSWER_BYTES { Err(Fault::too_costly(ANSWER_BYTES)) } else { Ok(text) }
}

/// `GET /negotiate/{id}`: a negotiated set, byte for byte as it was given.
pub(super) async fn recall(
    service: Data<Service>,
    req: HttpRequest,
    path: Path<String>,
) -> Result<HttpResponse, Fault> {
    media::answer(&req, None)?;
    let id = path.into_inner();
    let shared = Arc::clone(&service);
    let found = service.pool.run(Client::asking(&req), move |_| shared.store.negotiation(&id)).await??;
    let text = found.ok_or_else(|| Fault::not_found("no negotiated set has this id; negotiate again"))?;
    Ok(HttpResponse::Ok().content_type(content_type::JSON).body(text))
}

/// `POST /scope/{explain|normalise|covers|minimum}`
pub(super) async fn scope(
    service: Data<Service>,
    req: HttpRequest,
    path: Path<String>,
    payload: Payload,
) -> Result<HttpResponse, Fault> {
    let (verb, file) = match path.as_str() {
        "explain" => (ScopeVerb::Explain, "scope-explain-request.json"),
        "normalise" => (ScopeVerb::Normalise, "scope-normalise-request.json"),
        "covers" => (ScopeVerb::Covers, "scope-covers-request.json"),
        "minimum" => (ScopeVerb::Minimum, "scope-minimum-request.json"),
        other => {
            return Err(Fault::not_found(format!(
                "`{other}` cannot be asked of scopes; use explain, normalise, covers or minimum"
            )));
        }
    };
    let body = json_body::read(&service, &req, payload, Schema::by_file(file)).await?;
    let shared = Arc::clone(&service);
    let lane = if body.is_large { &service.large } else { &service.pool };
    let work = move |_: &Interrupt| {
        let answer = shared.parts().negotiator.scope(verb, body.value).map_err(|e| Fault::unprocessable("scope", e))?;
        within_limit(answer.to_string())
    };
    let text = lane.run(Client::asking(&req), work).await??;
    Ok(HttpResponse::Ok().content_type(content_type::JSON).body(text))
}
