//! `GET /packages` and `POST /packages`.

use std::sync::Arc;
use std::time::Duration;

use actix_web::http::header;
use actix_web::web::{Data, Path, Payload};
use actix_web::{HttpRequest, HttpResponse};
use serde_json::{Value, json};

use super::body::{self, Body};
use super::service::{Catalogue, FillError, Loaded, Service};
use super::{Fault, content_type};
use crate::app::AppError;
use crate::packages::embedded;
use crate::packages::hash::sha256_hex;

fn tell(package: &Loaded) -> Value {
    json!({
        "id": package.id,
        "version": package.version,
        "fhirVersion": package.fhir_version,
        "sha256": package.sha256,
        "dependencies": package.dependencies,
        "absent": package.absent,
        "uploaded": package.uploaded,
    })
}

/// `GET /packages`
pub(super) async fn list(service: Data<Service>) -> Result<HttpResponse, Fault> {
    let catalogue = service.catalogue().await?;
    let packages: Vec<Value> = catalogue.packages.iter().map(tell).collect();
    Ok(HttpResponse::Ok().content_type(content_type::JSON).body(json!({"packages": packages}).to_string()))
}

/// `GET /packages/{id}/{version}`
pub(super) async fn one(service: Data<Service>, path: Path<(String, String)>) -> Result<HttpResponse, Fault> {
    let (id, version) = path.into_inner();
    let catalogue = service.catalogue().await?;
    let package = catalogue.packages.iter().find(|p| p.id == id && p.version == version);
    let package = package.ok_or_else(|| {
        Fault::not_found(format!("the package `{id}#{version}` is not loaded; GET /packages lists those that are"))
    })?;
    Ok(HttpResponse::Ok().content_type(content_type::JSON).body(tell(package).to_string()))
}

/// Lets nobody in without the admin token.
fn authorise(service: &Service, req: &HttpRequest) -> Result<(), Fault> {
    let Some(token) = &service.config.admin_token else {
        return Err(Fault::forbidden(
            "uploads are switched off; start the service with an admin token to switch them on",
        ));
    };
    let given = req.headers().get(header::AUTHORIZATION).and_then(|v| v.to_str().ok()).and_then(|v| v.split_once(' '));
    match given {
        Some((scheme, text)) if scheme.eq_ignore_ascii_case("bearer") && token.is(text.trim()) => Ok(()),
        _ => Err(Fault::unauthorised()),
    }
}

/// Only archives.
fn check_media(req: &HttpRequest) -> Result<(), Fault> {
    let given = req.headers().get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let name = given.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    match name.as_str() {
        "application/gzip"
        | "application/x-gzip"
        | "application/tar+gzip"
        | "application/x-tgz"
        | "application/x-compressed-tar"
        | "application/octet-stream"
        | "" => Ok(()),
        other => Err(Fault::media_type(format!(
            "content type `{other}` is not supported; send the package's archive (.tgz) as `application/gzip`"
        ))),
    }
}

/// `POST /packages`: the archive (`.tgz`) of a package, served from then on, and after a restart.
pub(super) async fn upload(service: Data<Service>, req: HttpRequest, payload: Payload) -> Result<HttpResponse, Fault> {
    authorise(&service, &req)?;
    check_media(&req)?;
    let limits = &service.config.limits;
    let body =
        body::read(&req, payload, limits.upload_bytes, Duration::from_millis(limits.body_timeout_ms), &service.budget)
            .await?;
    if !body.starts_with(&[0x1f, 0x8b]) {
        return Err(Fault::unprocessable("package", "the body is not a gzip archive; send the package's .tgz"));
    }
    let _one_at_a_time =
        service.uploading.try_lock().map_err(|_| Fault::busy("another upload is being taken; try again"))?;
    let before = service.catalogue().await?;
    let shared = Arc::clone(&service);
    // Not through the pool: an upload may take longer than the work of a request, and must not be given up on half-way.
    let taken =
        actix_web::web::block(move || super::work::guarded(|| take(&shared, &before, &body)).and_then(|r| r)).await;
    let (created, package) = taken.map_err(|_| Fault::busy("the service is stopping"))??;
    let mut builder = if created { HttpResponse::Created() } else { HttpResponse::Ok() };
    let location = format!("/packages/{}/{}", package.id, package.version);
    Ok(builder
        .content_type(content_type::JSON)
        .insert_header((header::LOCATION, location))
        .body(tell(&package).to_string()))
}

/// Loads the archive along with the other packages, stores it and serves it. Returns whether it is new.
fn take(service: &Service, before: &Catalogue, archive: &Body) -> Result<(bool, Loaded), Fault> {
    let hash = sha256_hex(archive);
    if let Some(package) = before.packages.iter().find(|p| p.sha256 == hash || embedded_as(p, &hash)) {
        return Ok((false, package.clone()));
    }
    let (hash, path) = service.store.put_archive(archive)?;
    let result = add(service, before, &hash, path);
    if result.is_err() {
        service.store.drop_archive(&hash)?;
    }
    result.map(|package| (true, package))
}

/// Whether a loaded package is the embedded one that was made from this archive.
fn embedded_as(package: &Loaded, hash: &str) -> bool {
    embedded::list().iter().any(|e| e.source_sha256 == hash && e.sha256 == package.sha256)
}

fn add(service: &Service, before: &Catalogue, hash: &str, path: std::path::PathBuf) -> Result<Loaded, Fault> {
    let mut paths: Vec<std::path::PathBuf> = service.store.uploads().into_iter().map(|u| u.path).collect();
    paths.push(path);
    let refuse = |e: AppError| Fault::unprocessable("package", format!("the package cannot be loaded: {e}"));
    let parts = service.loader.load(&paths).map_err(refuse)?;
    let package = parts.engine.packages().packages.iter().find(|p| p.sha256 == hash);
    let name = package
        .map(|p| p.name())
        .ok_or_else(|| Fault::unprocessable("package", "the archive contains no package that could be loaded"))?;
    if before.rank(&name).is_some() {
        return Err(Fault::conflict(format!(
            "the package `{name}` is loaded with another content; packages do not change, upload another version"
        )));
    }
    service.store.keep_upload(hash, &name)?;
    if let Err(error) = service.take(parts) {
        service.store.forget_upload(hash)?;
        return Err(match error {
            FillError::Store(error) => error.into(),
            FillError::App(error) => refuse(error),
        });
    }
    let now = service.catalogue_now().unwrap_or_default();
    tracing::info!(package = name, sha256 = hash, "package uploaded");
    now.packages
        .iter()
        .find(|p| p.sha256 == hash)
        .cloned()
        .ok_or_else(|| Fault::internal("the uploaded package got lost"))
}
