//! `/negotiate`, and `POST /scope/{verb}`.

mod between;
mod kept;
mod made;
mod matrix;

use std::sync::Arc;

use actix_web::http::header;
use actix_web::web::{Bytes, Data, Path, Payload};
use actix_web::{HttpRequest, HttpResponse};
use fhir_accord_profiles::interrupt::Interrupt;
use serde_json::Value;

use super::client::Client;
use super::service::Service;
use super::{Fault, access, content_type, json_body};
use crate::app::ScopeVerb;
use crate::parties::parties_of;
use crate::schema::Schema;

pub(super) use between::drift;
pub(super) use kept::{delete, list, recall};
use made::Made;
pub(super) use made::within_limit;
pub(super) use matrix::matrix;

/// `POST /negotiate`: the negotiated set, kept under its id where the request carries the admin token, else held until
/// it expires.
pub(super) async fn negotiate(
    service: Data<Service>,
    req: HttpRequest,
    payload: Payload,
) -> Result<HttpResponse, Fault> {
    let keeps = access::is_admin(&service, &req)?;
    let body = json_body::read(&service, &req, payload, Schema::by_file("negotiate-request.json")).await?;
    let is_between = parties_of(&body.value).iter().any(Option::is_some);
    if is_between {
        access::party_writer(&service, &req)?;
    }
    let shared = Arc::clone(&service);
    // What parties say may be large, however short the request is.
    let lane = if body.is_large || is_between { &service.large } else { &service.negotiating };
    let made = lane.run(Client::asking(&req), move |interrupt| match is_between {
        true => between::make(&shared, body.value, interrupt),
        false => run(&shared, body.value, keeps, interrupt),
    });
    let made = made.await??;
    let mut builder = HttpResponse::Ok();
    if let Some(until) = made.until {
        builder.insert_header((header::EXPIRES, until.http_date()));
    }
    Ok(builder
        .content_type(content_type::JSON)
        .insert_header((header::CONTENT_LOCATION, format!("/negotiate/{}", made.id)))
        .body(made.text))
}

/// Negotiates. Where it `keeps` the result, that is on disk when this returns; else it is held until it expires, and
/// says so, unless the same is kept already.
fn run(service: &Service, body: Value, keeps: bool, interrupt: &Interrupt) -> Result<Made, Fault> {
    let agreement = service.parts().negotiator.negotiate(body, interrupt);
    if interrupt.is_raised() {
        return Err(Fault::timeout(service.config.limits.work_timeout_ms));
    }
    let mut agreement = agreement.map_err(|e| Fault::refused("negotiation", e))?;
    let id = agreement.get("id").and_then(Value::as_str).filter(|id| !id.is_empty());
    let id = id.ok_or_else(|| Fault::internal("the negotiated set has no id"))?.to_owned();
    let text = within_limit(agreement.to_string())?;
    if keeps {
        service.store.keep_negotiation(&id, text.as_bytes())?;
        service.held.forget(&id);
    } else if service.store.negotiation(&id).ok().flatten().is_none_or(|kept| kept != text.as_bytes()) {
        let until = service.held.until();
        if let Some(members) = agreement.as_object_mut() {
            members.insert("expires".to_owned(), until.to_string().into());
        }
        let text = Bytes::copy_from_slice(within_limit(agreement.to_string())?.as_bytes());
        service.held.put(&id, text.clone(), until);
        return Ok(Made { id, text, until: Some(until) });
    }
    Ok(Made { id, text: text.into(), until: None })
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
