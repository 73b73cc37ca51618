//! Negotiated sets by their ids: read, listed, deleted.

use std::sync::Arc;

use actix_web::http::header;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use fhir_accord_profiles::interrupt::Interrupt;
use serde_json::{Value, json};

use super::between;
use crate::http::client::Client;
use crate::http::service::{Held, Service};
use crate::http::{Fault, access, content_type, media, paged, work};
use crate::parties::BETWEEN;
use crate::store::StoreError;

/// `GET /negotiate/{id}`: a negotiated set, byte for byte as it was given.
pub(in crate::http) async fn recall(
    service: Data<Service>,
    req: HttpRequest,
    path: Path<String>,
) -> Result<HttpResponse, Fault> {
    media::json(&req)?;
    let id = path.into_inner();
    let is_expired = match service.held.find(&id) {
        Held::Here(text, until) => {
            let expires = (header::EXPIRES, until.http_date());
            return Ok(HttpResponse::Ok().content_type(content_type::JSON).insert_header(expires).body(text));
        }
        Held::Expired => true,
        Held::Unknown => false,
    };
    let shared = Arc::clone(&service);
    let found = service.pool.run(Client::asking(&req), move |_| shared.store.negotiation(&id)).await??;
    match found {
        Some(text) => Ok(HttpResponse::Ok().content_type(content_type::JSON).body(text)),
        None if is_expired => Err(Fault::negotiation_expired()),
        None => Err(Fault::negotiation_unknown()),
    }
}

/// `GET /negotiate`: the sets that are kept, in the order of their ids; of a party, what a matrix tells of them.
pub(in crate::http) async fn list(service: Data<Service>, req: HttpRequest) -> Result<HttpResponse, Fault> {
    media::json(&req)?;
    let asked = paged::read(req.query_string(), &["client", "server"])?;
    if asked.others.iter().any(Option::is_some) {
        return between::matrix(&service, &asked);
    }
    let paged::Asked { count, after, .. } = asked;
    let shared = Arc::clone(&service);
    // One more tells whether there is another page.
    let work = move |_: &Interrupt| {
        (shared.store.negotiations(after.as_deref(), count + 1), shared.store.counts().negotiations)
    };
    let (mut page, total) = service.pool.run(Client::asking(&req), work).await?;
    let next = paged::cut(&mut page, count).map(|(id, _)| format!("/negotiate?count={count}&after={id}"));
    let sets: Vec<Value> = page.iter().map(|(id, bytes)| json!({"id": id, "bytes": bytes})).collect();
    let answer = json!({"total": total, "negotiations": sets, "next": next});
    Ok(HttpResponse::Ok().content_type(content_type::JSON).body(answer.to_string()))
}

/// `DELETE /negotiate/{id}`: the set is neither kept nor held any more.
pub(in crate::http) async fn delete(
    service: Data<Service>,
    req: HttpRequest,
    path: Path<String>,
) -> Result<HttpResponse, Fault> {
    let id = path.into_inner();
    if id.starts_with(BETWEEN) {
        access::party_writer(&service, &req)?;
    } else {
        access::admin(&service, &req, "deleting is")?;
    }
    let held = service.held.find(&id);
    let shared = Arc::clone(&service);
    let forget = move || {
        work::guarded(|| -> Result<bool, StoreError> {
            let _one = id.starts_with(BETWEEN).then(|| shared.parties.writing());
            let was_kept = shared.store.forget_negotiation(&id)?;
            shared.parties.book.unlink(&id);
            Ok(was_kept | shared.held.forget(&id))
        })
    };
    let done = actix_web::web::block(forget).await.map_err(|_| Fault::busy("the service is stopping"))?;
    match done.and_then(|forgotten| forgotten.map_err(Fault::from))? {
        true => Ok(HttpResponse::NoContent().finish()),
        false if held == Held::Expired => Err(Fault::negotiation_expired()),
        false => Err(Fault::negotiation_unknown()),
    }
}
