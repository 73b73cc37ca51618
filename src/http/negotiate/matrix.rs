//! `POST /negotiate/matrix`: clients beside many servers, in one request.

use std::sync::Arc;

use actix_web::web::{Data, Payload};
use actix_web::{HttpRequest, HttpResponse};
use fhir_accord_profiles::interrupt::Interrupt;

use super::made::within_limit;
use crate::http::client::Client;
use crate::http::service::Service;
use crate::http::{Fault, content_type, json_body};
use crate::schema::Schema;

/// Every client with every server: what `accord matrix --format json` writes. Nothing is kept.
///
/// # Errors
/// 422 where a side is no statement, a guide is not loaded or a bound is exceeded; 503 where the time is up.
pub(in crate::http) async fn matrix(
    service: Data<Service>,
    req: HttpRequest,
    payload: Payload,
) -> Result<HttpResponse, Fault> {
    let body = json_body::read(&service, &req, payload, Schema::by_file("matrix-request.json")).await?;
    let shared = Arc::clone(&service);
    let work = move |interrupt: &Interrupt| {
        let made = shared.parts().negotiator.matrix(body.value, interrupt);
        if interrupt.is_raised() {
            return Err(Fault::timeout(shared.config.limits.work_timeout_ms));
        }
        within_limit(made.map_err(|e| Fault::refused("negotiation", e))?.to_string())
    };
    // Many negotiations are large work, however short the request is.
    let text = service.large.run(Client::asking(&req), work).await??;
    Ok(HttpResponse::Ok().content_type(content_type::JSON).body(text))
}
