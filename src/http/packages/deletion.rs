//! `DELETE /packages/{id}` and `DELETE /packages/{id}/{version}`.

use std::sync::Arc;
use std::time::Duration;

use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use serde_json::json;

use super::told::{answer, not_loaded};
use crate::http::service::{Catalogue, Service};
use crate::http::{Fault, access, work};
use crate::store::Upload;

/// `DELETE /packages/{id}/{version}`: an uploaded package, which is neither served nor kept any more.
pub(in crate::http) async fn delete(
    service: Data<Service>,
    req: HttpRequest,
    path: Path<(String, String)>,
) -> Result<HttpResponse, Fault> {
    let (id, version) = path.into_inner();
    remove(service, &req, id, Some(version)).await
}

/// `DELETE /packages/{id}`: the same for all versions that were uploaded.
pub(in crate::http) async fn delete_all(
    service: Data<Service>,
    req: HttpRequest,
    path: Path<String>,
) -> Result<HttpResponse, Fault> {
    remove(service, &req, path.into_inner(), None).await
}

async fn remove(
    service: Data<Service>,
    req: &HttpRequest,
    id: String,
    version: Option<String>,
) -> Result<HttpResponse, Fault> {
    access::admin(&service, req, "deleting is")?;
    let patience = Duration::from_millis(service.config.limits.work_timeout_ms);
    let turn = tokio::time::timeout(patience, Arc::clone(&service.uploading).lock_owned()).await;
    let turn = turn.map_err(|_| Fault::busy("an upload is being taken; try again"))?;
    let shared = Arc::clone(&service);
    // Not through the pool: it must not be given up on half-way.
    let work = move || {
        // Until it is done, whether the client waits for it or not.
        let _one_at_a_time = turn;
        work::guarded(|| remove_now(&shared, &id, version.as_deref())).and_then(|r| r)
    };
    let done = actix_web::web::block(work).await.map_err(|_| Fault::busy("the service is stopping"))?;
    let (deleted, lacking) = done?;
    Ok(answer(&json!({"deleted": deleted, "absentFor": lacking})))
}

/// Deletes the uploads of an id, or of one version. Returns their names, and those of the packages that declare a
/// dependency on one of them that is absent now.
fn remove_now(service: &Service, id: &str, version: Option<&str>) -> Result<(Vec<String>, Vec<String>), Fault> {
    let is_meant =
        |name: &str| name.split_once('#').is_some_and(|(i, v)| i == id && version.is_none_or(|version| v == version));
    let before = service.catalogue_now().unwrap_or_default();
    // An archive whose package is not known has its hash alone.
    let is_nameless = |upload: &Upload| upload.name.is_empty() && version.is_none() && upload.sha256 == id;
    let is_gone = |upload: &Upload| is_meant(&upload.name) || is_nameless(upload);
    let gone: Vec<Upload> = service.store.uploads().into_iter().filter(is_gone).collect();
    if gone.is_empty() {
        let name = version.map_or_else(|| id.to_owned(), |version| format!("{id}#{version}"));
        let engine = service.engine();
        if engine.packages().packages.iter().any(|p| is_meant(&p.name())) {
            return Err(Fault::conflict(format!(
                "the package `{name}` was not uploaded: it is part of the program or named in its settings, and cannot \
                 be deleted"
            )));
        }
        return Err(not_loaded(&name));
    }
    service.delete(&gone)?;
    let name = |upload: Upload| if upload.name.is_empty() { upload.sha256 } else { upload.name };
    let mut deleted: Vec<String> = gone.into_iter().map(name).collect();
    deleted.sort();
    tracing::info!(packages = deleted.join(", "), "packages deleted");
    let now = service.catalogue_now().unwrap_or_default();
    Ok((deleted, lacking(&before, &now)))
}

/// The packages of which more is absent now than before.
fn lacking(before: &Catalogue, now: &Catalogue) -> Vec<String> {
    let name = |id: &str, version: &str| format!("{id}#{version}");
    let lacks_more = |package: &&crate::http::service::Loaded| {
        let old = before.packages.iter().find(|p| p.id == package.id && p.version == package.version);
        old.is_some_and(|old| package.absent.iter().any(|a| !old.absent.contains(a)))
    };
    now.packages.iter().filter(lacks_more).map(|p| name(&p.id, &p.version)).collect()
}
