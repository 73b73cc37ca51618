//! `POST /packages`.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use actix_web::http::header;
use actix_web::web::{Data, Payload};
use actix_web::{HttpRequest, HttpResponse};

use super::told;
use crate::app::{AppError, Complaint, PackageFaults, Parts};
use crate::http::body::{self, Body};
use crate::http::service::{Catalogue, FAULTS, FillError, Loaded, Service};
use crate::http::{Fault, access, content_type, work};
use crate::packages::hash::sha256_hex;
use crate::packages::reading::Limits;
use crate::packages::{Located, embedded};

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
pub(in crate::http) async fn upload(
    service: Data<Service>,
    req: HttpRequest,
    payload: Payload,
) -> Result<HttpResponse, Fault> {
    access::admin(&service, &req, "uploading is")?;
    check_media(&req)?;
    let limits = &service.config.limits;
    let body =
        body::read(&req, payload, limits.upload_bytes, Duration::from_millis(limits.body_timeout_ms), &service.budget)
            .await?;
    if !body.starts_with(&[0x1f, 0x8b]) {
        return Err(Fault::unprocessable("package", "the body is not a gzip archive; send the package's .tgz"));
    }
    let turn = Arc::clone(&service.uploading).try_lock_owned();
    let turn = turn.map_err(|_| Fault::busy("another upload is being taken; try again"))?;
    let before = service.catalogue().await?;
    let shared = Arc::clone(&service);
    // Not through the pool: an upload may take longer than the work of a request, and must not be given up on half-way.
    let work = move || {
        // Until it is done, whether the client waits for it or not.
        let _one_at_a_time = turn;
        work::guarded(|| take(&shared, &before, &body)).and_then(|r| r)
    };
    let taken = actix_web::web::block(work).await;
    let (created, package) = taken.map_err(|_| Fault::busy("the service is stopping"))??;
    let mut builder = if created { HttpResponse::Created() } else { HttpResponse::Ok() };
    let location = format!("/packages/{}/{}", package.id.replace('/', "%2F"), package.version);
    Ok(builder
        .content_type(content_type::JSON)
        .insert_header((header::LOCATION, location))
        .body(told::whole(&package).to_string()))
}

/// Loads the archive along with the other packages, stores it and serves it. Returns whether it is new.
fn take(service: &Service, before: &Catalogue, archive: &Body) -> Result<(bool, Loaded), Fault> {
    let hash = sha256_hex(archive);
    if let Some(package) = before.packages.iter().find(|p| p.sha256 == hash || embedded_as(p, &hash)) {
        return Ok((false, package.clone()));
    }
    let put = service.store.put_archive(archive);
    if put.is_err() {
        // What may be in its place already is not acknowledged, and must not be found at the next start.
        let _ = service.store.drop_archive(&hash);
    }
    let (hash, path) = put?;
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

fn add(service: &Service, before: &Catalogue, hash: &str, path: PathBuf) -> Result<Loaded, Fault> {
    // One that could not be loaded at the start keeps no other out.
    let is_loaded = |sha256: &str| before.packages.iter().any(|p| p.sha256 == sha256);
    let uploads = service.store.uploads().into_iter().filter(|u| is_loaded(&u.sha256));
    let paths: Vec<PathBuf> = uploads.map(|u| u.path).chain([path]).collect();
    let refuse = |e: AppError| Fault::unprocessable("package", format!("the package cannot be loaded: {e}"));
    let parts = service.loader.load(&paths).map_err(refuse)?;
    let set = parts.engine.packages();
    let number = set.packages.iter().position(|p| p.sha256 == hash);
    let package = number.and_then(|n| set.packages.get(n));
    let package = package
        .ok_or_else(|| Fault::unprocessable("package", "the archive contains no package that could be loaded"))?;
    let name = package.name();
    if before.rank(&name).is_some() {
        return Err(Fault::conflict(format!(
            "the package `{name}` is loaded with another content; packages do not change, upload another version"
        )));
    }
    let absent = number.and_then(|n| set.absent.get(n)).is_some_and(|absent| !absent.is_empty());
    let faults = usable(&parts, package, absent)?;
    // One that could not be loaded at the start was acknowledged once, and stays.
    let was_kept = service.store.uploads().iter().any(|upload| upload.sha256 == hash && !upload.name.is_empty());
    service.store.keep_upload(hash, &name)?;
    if let Err(error) = service.take(parts) {
        if !was_kept {
            service.store.take_back_upload(hash)?;
        }
        return Err(match error {
            FillError::Store(error) => error.into(),
            FillError::App(error) => refuse(error),
        });
    }
    let now = service.catalogue_now().unwrap_or_default();
    tracing::info!(package = name, sha256 = hash, faults, "package uploaded");
    now.packages
        .iter()
        .find(|p| p.sha256 == hash)
        .cloned()
        .ok_or_else(|| Fault::internal("the uploaded package got lost"))
}

/// Looks at the definitions of a package. It is of no use where it has none, and where each of its
/// StructureDefinitions is at fault so that it is left open what it demands, unless a dependency is missing: that may
/// be the reason, and may still come. Returns how many faults there are.
///
/// # Errors
/// 422 with the faults where the package is of no use.
fn usable(parts: &Parts, package: &Located, lacks_dependency: bool) -> Result<usize, Fault> {
    let name = package.name();
    let faults = parts.engine.faults_of(package, FAULTS);
    let loaded = package.load(&Limits::default());
    let loaded = loaded.map_err(|e| Fault::unprocessable("package", format!("the package cannot be loaded: {e}")))?;
    let refused = |text: String| {
        let PackageFaults { count, listed, .. } = &faults;
        let more = count - listed.len();
        let text = if more > 0 { format!("{text} ({more} more faults not shown)") } else { text };
        Fault::unusable("package-unusable", text, listed.iter().map(told::complaint).collect::<Vec<Complaint>>())
    };
    if loaded.definitions.is_empty() {
        return Err(refused(format!("the package `{name}` has no definitions that can be read")));
    }
    let PackageFaults { structures, faulty, count, .. } = faults;
    if structures > 0 && faulty == structures && !lacks_dependency {
        return Err(refused(format!("no StructureDefinition of the package `{name}` can be used")));
    }
    Ok(count)
}
