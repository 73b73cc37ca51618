//! `/parties`: clients and servers whose statements the service keeps, or fetches again and again.

mod apart;
mod keeping;
mod refreshing;
mod shape;
mod tending;

use std::sync::Arc;

use actix_web::http::header;
use actix_web::web::{Data, Path, Payload};
use actix_web::{HttpRequest, HttpResponse};
use fhir_accord_profiles::interrupt::Interrupt;
use serde_json::{Value, json};

use super::client::Client;
use super::service::{Service, unless_damaged};
use super::{Fault, access, content_type, json_body, media, paged};
use crate::app::Complaint;
use crate::parties::{LEAST_SECONDS, Notes, Source, USUAL_SECONDS};
use crate::remote::server_url::ServerUrl;
use crate::schema::Schema;

use apart::{answer, apart};
pub(super) use refreshing::refresh;
pub(super) use tending::{fetch_due, renew_outdated};

/// `PUT /parties/{id}`: keeps the documents of the body, or where they are to be fetched; on disk when it is answered.
pub(super) async fn put(
    service: Data<Service>,
    req: HttpRequest,
    path: Path<String>,
    payload: Payload,
) -> Result<HttpResponse, Fault> {
    access::party_writer(&service, &req)?;
    let id = path.into_inner();
    let body = json_body::read(&service, &req, payload, Schema::by_file("party-request.json")).await?.value;
    let source = source(&service, &body)?;
    let (shared, own) = (Arc::clone(&service), id.clone());
    let place = service.parties.place()?;
    let (is_new, notes) = apart(place, move || shared.put_party(&own, source, &body)).await?;
    let told = shape::party(&service, &id, &notes);
    let mut builder = if is_new { HttpResponse::Created() } else { HttpResponse::Ok() };
    let location = (header::LOCATION, format!("/parties/{id}"));
    Ok(builder.content_type(content_type::JSON).insert_header(location).body(told.to_string()))
}

/// Where a body says that documents come from.
///
/// # Errors
/// 422 where its URL may not be asked.
fn source(service: &Service, body: &Value) -> Result<Source, Fault> {
    let text = |name: &str| body.get(name).and_then(Value::as_str).map(str::to_owned);
    let url = text("url");
    if let Some(url) = &url {
        let refuse = |text: String| Fault::refused("party-url", Complaint::at("/url", text));
        let server = ServerUrl::parse(url).map_err(refuse)?;
        if let Some(why) = service.parties.reach.refused_server(&server) {
            return Err(refuse(format!("this URL is not asked: {why}")));
        }
    }
    let seconds = body.get("refreshSeconds").and_then(Value::as_u64).unwrap_or(USUAL_SECONDS);
    let refresh_seconds = if url.is_none() || seconds == 0 { 0 } else { seconds.max(LEAST_SECONDS) };
    Ok(Source { title: text("title"), url, refresh_seconds })
}

/// `GET /parties`: the parties, in the order of their ids.
pub(super) async fn list(service: Data<Service>, req: HttpRequest) -> Result<HttpResponse, Fault> {
    media::json(&req)?;
    let asked = paged::read(req.query_string(), &[])?;
    let shared = Arc::clone(&service);
    let work = move |_: &Interrupt| -> Result<Value, Fault> {
        let mut page = shared.store.parties(asked.after.as_deref(), asked.count + 1);
        let next = paged::cut(&mut page, asked.count);
        let next = next.map(|(id, _)| format!("/parties?count={}&after={id}", asked.count));
        let mut parties = Vec::with_capacity(page.len());
        for (id, _) in &page {
            // It may have gone in between, or be damaged.
            if let Some(notes) = unless_damaged(id, shared.party_notes(id))? {
                parties.push(shape::party(&shared, id, &notes));
            }
        }
        Ok(json!({"total": shared.store.counts().parties, "parties": parties, "next": next}))
    };
    Ok(answer(&service.pool.run(Client::asking(&req), work).await??))
}

/// Reads a party, and answers with what `tell` makes of it.
async fn told(
    service: &Data<Service>,
    req: &HttpRequest,
    id: String,
    tell: impl FnOnce(&Service, &str, &Notes, Value) -> Value + Send + 'static,
) -> Result<HttpResponse, Fault> {
    media::json(req)?;
    let shared = Arc::clone(service);
    let work = move |_: &Interrupt| -> Result<String, Fault> {
        let (notes, documents) = shared.party(&id)?.ok_or_else(Fault::party_unknown)?;
        Ok(tell(&shared, &id, &notes, documents).to_string())
    };
    let text = service.pool.run(Client::asking(req), work).await??;
    Ok(HttpResponse::Ok().content_type(content_type::JSON).body(text))
}

/// `GET /parties/{id}`: a party with its documents.
pub(super) async fn one(service: Data<Service>, req: HttpRequest, path: Path<String>) -> Result<HttpResponse, Fault> {
    let tell = |service: &Service, id: &str, notes: &Notes, documents: Value| {
        let mut told = shape::party(service, id, notes);
        if let Some(members) = told.as_object_mut() {
            members.insert("documents".to_owned(), documents);
        }
        told
    };
    told(&service, &req, path.into_inner(), tell).await
}

/// `GET /parties/{id}/history`: the statements of a party, the newest first.
pub(super) async fn history(
    service: Data<Service>,
    req: HttpRequest,
    path: Path<String>,
) -> Result<HttpResponse, Fault> {
    told(&service, &req, path.into_inner(), |_, id, notes, _| shape::history(id, notes)).await
}

/// `DELETE /parties/{id}`: the party is kept no longer; negotiations with it stay.
pub(super) async fn delete(
    service: Data<Service>,
    req: HttpRequest,
    path: Path<String>,
) -> Result<HttpResponse, Fault> {
    access::party_writer(&service, &req)?;
    let (shared, id) = (Arc::clone(&service), path.into_inner());
    match apart(service.parties.place()?, move || Ok(shared.delete_party(&id)?)).await? {
        true => Ok(HttpResponse::NoContent().finish()),
        false => Err(Fault::party_unknown()),
    }
}
