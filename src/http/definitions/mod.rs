//! The definitions of the loaded packages, from the store: `GET /{Type}?url=` and `GET /{Type}/{id}`.

mod bundle;
mod search;
mod stored;

use std::sync::Arc;

use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};

use super::client::Client;
use super::service::Service;
use super::{Fault, media, metadata};
use bundle::bundle;
use search::Search;
use stored::find;
pub(super) use stored::read;

fn check_kind(service: &Service, resource_type: &str) -> Result<(), Fault> {
    let name = metadata::known_type(service, resource_type)?;
    match metadata::DEFINITION_TYPES.contains(&&*name) {
        true => Ok(()),
        false => Err(Fault::not_found(format!(
            "no resources of the type `{name}` are kept here; definitions of packages are"
        ))),
    }
}

/// `GET /{Type}`
pub(super) async fn search(
    service: Data<Service>,
    req: HttpRequest,
    path: Path<String>,
) -> Result<HttpResponse, Fault> {
    let resource_type = path.into_inner();
    check_kind(&service, &resource_type)?;
    let search = Search::parse(req.query_string())?;
    let content_type = media::answer(&req)?;
    let strict = req
        .headers()
        .get("prefer")
        .and_then(|v| v.to_str().ok())
        .is_some_and(|v| v.replace(' ', "").contains("handling=strict"));
    if let (true, Some(name)) = (strict, search.ignored.first()) {
        return Err(Fault::invalid(
            "query",
            format!("parameter `{name}` is not supported; use url, version, _id, _count"),
        ));
    }
    let base = metadata::base_url(&service, &req);
    let catalogue = service.catalogue().await?;
    let shared = service.into_inner();
    let state = Arc::clone(&shared);
    let body = shared
        .pool
        .run(Client::asking(&req), move |interrupt| {
            bundle((&state, &catalogue), &resource_type, &search, &base, interrupt)
        })
        .await??;
    Ok(HttpResponse::Ok().content_type(content_type).body(body))
}

/// `GET /{Type}/{id}`
pub(super) async fn by_id(
    service: Data<Service>,
    req: HttpRequest,
    path: Path<(String, String)>,
) -> Result<HttpResponse, Fault> {
    let (resource_type, id) = path.into_inner();
    one(service, req, resource_type, id, None).await
}

/// `GET /packages/{id}/{version}/{Type}/{id}`
pub(super) async fn by_package(
    service: Data<Service>,
    req: HttpRequest,
    path: Path<(String, String, String, String)>,
) -> Result<HttpResponse, Fault> {
    let (package, version, resource_type, id) = path.into_inner();
    one(service, req, resource_type, id, Some(format!("{package}#{version}"))).await
}

async fn one(
    service: Data<Service>,
    req: HttpRequest,
    resource_type: String,
    id: String,
    package: Option<String>,
) -> Result<HttpResponse, Fault> {
    check_kind(&service, &resource_type)?;
    Search::parse(req.query_string())?;
    let content_type = media::answer(&req)?;
    let catalogue = service.catalogue().await?;
    let shared = service.into_inner();
    let state = Arc::clone(&shared);
    let name = format!("{resource_type}/{id}");
    let found = shared
        .pool
        .run(Client::asking(&req), move |interrupt| {
            find((&state, &catalogue), &resource_type, &id, package.as_deref(), interrupt)
        })
        .await??;
    let (version, text) =
        found.ok_or_else(|| Fault::not_found(format!("there is no `{name}` in the loaded packages")))?;
    let mut answer = HttpResponse::Ok().content_type(content_type).body(text);
    // In XML elements stand in the order of their own FHIR version.
    if let Some(version) = version {
        answer.extensions_mut().insert(version);
    }
    Ok(answer)
}
