//! A party is fetched because somebody asks for it.

use std::sync::Arc;

use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};

use super::apart::{answer, apart};
use super::{shape, tending};
use crate::http::service::Service;
use crate::http::{Fault, access, media};
use crate::parties::{Busy, Job, Notes};
use crate::store::Bounds;

/// `POST /parties/{id}/refresh`: fetches a party now, and answers when that has ended.
pub(in crate::http) async fn refresh(
    service: Data<Service>,
    req: HttpRequest,
    path: Path<String>,
) -> Result<HttpResponse, Fault> {
    access::party_writer(&service, &req)?;
    media::json(&req)?;
    let id = path.into_inner();
    let place = service.parties.place()?;
    let job = service.parties.book.begin(&id).map_err(|busy| match busy {
        Busy::Unknown => Fault::party_unknown(),
        Busy::NoUrl => Fault::conflict("this party has no URL; its documents are those that were put"),
        Busy::Running => Fault::busy("this party is being fetched; try again"),
        Busy::Full => Fault::busy("as many parties are being fetched as may be at once; try again"),
    })?;
    let shared = Arc::clone(&service);
    let notes = apart(place, move || refreshed(&shared, &job)).await?;
    Ok(answer(&shape::party(&service, &id, &notes)))
}

/// Fetches a party whose fetch was begun; its notes then.
fn refreshed(service: &Service, job: &Job) -> Result<Notes, Fault> {
    match tending::fetch_now(service, job) {
        Ok(_) => {}
        Err(Some((_, "store-full"))) => return Err(Fault::full()),
        Err(Some((_, "party-limit"))) => {
            let limits = &service.config.limits;
            return Err(Fault::party_limit(Bounds { sets: limits.parties, bytes: limits.party_bytes }));
        }
        Err(Some((_, "store"))) => return Err(Fault::internal("the store failed; see the log of the service")),
        Err(Some((_, "internal"))) => {
            return Err(Fault::internal("the fetch broke off by a fault of the service; please report what led to it"));
        }
        Err(Some((document, kind))) => return Err(Fault::party_unread(document, kind)),
        Err(None) => return Err(Fault::conflict("the party was put anew, or deleted, while it was fetched")),
    }
    service.party_notes(&job.id)?.ok_or_else(Fault::party_unknown)
}
