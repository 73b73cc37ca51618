//! One call: its statements are found and its answer is made apart from the workers, and given as FHIR JSON.

use std::sync::Arc;

use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use fhir_accord_capability::Definitions;
use fhir_accord_profiles::interrupt::Interrupt;
use serde_json::Value;

use super::asked::Asked;
use super::party::Library;
use crate::app::Complaint;
use crate::http::client::Client;
use crate::http::negotiate::within_limit;
use crate::http::service::Service;
use crate::http::{Fault, media, metadata};

/// What a call needs.
#[derive(Clone, Copy, Default)]
pub(super) struct Needs {
    /// Definitions of profiles are compared.
    pub(super) relations: bool,
    /// A statement is named by its id.
    pub(super) catalogue: bool,
}

/// Answers a call by `work`, which gets the statements and the definitions that a negotiation sees.
pub(super) async fn run(
    service: Data<Service>,
    req: HttpRequest,
    asked: &Asked,
    needs: Needs,
    work: impl FnOnce(&Library<'_>, &dyn Definitions) -> Result<(StatusCode, Value), Fault> + Send + 'static,
) -> Result<HttpResponse, Fault> {
    let content_type = media::answer(&req)?;
    let base = metadata::base_url(&service, &req);
    let catalogue = if needs.catalogue { Some(service.catalogue().await?) } else { None };
    let pretty = asked.pretty;
    let shared = Arc::clone(&service);
    let lane = if asked.is_large { &service.large } else { &service.negotiating };
    let answer = move |interrupt: &Interrupt| {
        let library = Library::of(&shared, &base, catalogue);
        let mut work = Some(work);
        let mut answer = None;
        let mut once = |definitions: &dyn Definitions| answer = work.take().map(|work| work(&library, definitions));
        let seen = shared.parts().negotiator.with_definitions(needs.relations, interrupt, &mut once);
        seen.map_err(|e| Fault::refused("negotiation", Complaint::new(e)))?;
        if interrupt.is_raised() {
            return Err(Fault::timeout(shared.config.limits.work_timeout_ms));
        }
        let (status, value) = answer.unwrap_or_else(|| Err(Fault::internal("nothing was answered")))?;
        Ok::<_, Fault>((status, within_limit(written(&value, pretty))?))
    };
    let (status, text) = lane.run(Client::asking(&req), answer).await??;
    Ok(HttpResponse::build(status).content_type(content_type).body(text))
}

fn written(value: &Value, pretty: bool) -> String {
    if pretty { serde_json::to_string_pretty(value).unwrap_or_default() } else { value.to_string() }
}
