//! `/packages`: what is loaded, uploads, deletions.

mod deletion;
mod told;
mod upload;

use actix_web::HttpResponse;
use actix_web::web::{Data, Path};
use serde_json::{Value, json};

use super::Fault;
use super::service::Service;

pub(super) use deletion::{delete, delete_all};
use told::{answer, not_loaded};
pub(super) use upload::upload;

/// `GET /packages`
pub(super) async fn list(service: Data<Service>) -> Result<HttpResponse, Fault> {
    let catalogue = service.catalogue().await?;
    let packages: Vec<Value> = catalogue.packages.iter().map(told::brief).collect();
    Ok(answer(&json!({"packages": packages})))
}

/// `GET /packages/{id}`: the loaded versions of a package.
pub(super) async fn versions(service: Data<Service>, path: Path<String>) -> Result<HttpResponse, Fault> {
    let id = path.into_inner();
    let catalogue = service.catalogue().await?;
    let packages: Vec<Value> = catalogue.packages.iter().filter(|p| p.id == id).map(told::brief).collect();
    if packages.is_empty() { Err(not_loaded(&id)) } else { Ok(answer(&json!({"packages": packages}))) }
}

/// `GET /packages/{id}/{version}`
pub(super) async fn one(service: Data<Service>, path: Path<(String, String)>) -> Result<HttpResponse, Fault> {
    let (id, version) = path.into_inner();
    let catalogue = service.catalogue().await?;
    let package = catalogue.packages.iter().find(|p| p.id == id && p.version == version);
    let package = package.ok_or_else(|| not_loaded(&format!("{id}#{version}")))?;
    Ok(answer(&told::whole(package)))
}
