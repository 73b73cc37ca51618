//! What is loaded, as the validator-wrapper and its predecessor list it.

use actix_web::HttpResponse;
use actix_web::web::{Data, Path};
use fhir_accord_profiles::definition::FhirVersion;
use fhir_accord_profiles::plan::ImageSet;
use fhir_accord_profiles::release::resource_types;
use serde_json::{Map, Value, json};

use crate::app::Engine;
use crate::http::service::Service;
use crate::http::{Fault, content_type};

fn answer(value: &Value) -> HttpResponse {
    HttpResponse::Ok().content_type(content_type::JSON).body(value.to_string())
}

/// `GET /validator/version`, and `GET /version` of the older wrapper
pub(in crate::http) async fn version() -> HttpResponse {
    let version = env!("CARGO_PKG_VERSION");
    answer(&json!({"wrapperVersion": version, "coreVersion": version, "validator": "accord"}))
}

/// `GET /versions`: the FHIR versions.
pub(in crate::http) async fn versions(service: Data<Service>) -> HttpResponse {
    let engine = service.engine();
    let here = FhirVersion::ALL.into_iter().filter(|v| engine.of_version(*v).is_some());
    answer(&json!({"versions": here.map(FhirVersion::number).collect::<Vec<_>>()}))
}

/// `GET /ig`: the loaded packages.
pub(in crate::http) async fn guides(service: Data<Service>) -> HttpResponse {
    answer(&json!({"packageInfo": packages(&*service.engine(), |_| true)}))
}

/// `GET /igVersions/{id}`: the loaded versions of a package.
pub(in crate::http) async fn guides_named(service: Data<Service>, id: Path<String>) -> Result<HttpResponse, Fault> {
    let found = packages(&*service.engine(), |known| known == id.as_str());
    if found.is_empty() {
        return Err(Fault::not_found(format!(
            "no version of the package `{id}` is loaded; GET /ig lists the packages"
        )));
    }
    Ok(answer(&json!({"packageInfo": found})))
}

fn packages(engine: &dyn Engine, is_wanted: impl Fn(&str) -> bool) -> Vec<Value> {
    let all = engine.packages().packages.iter().map(|p| &p.manifest).filter(|m| is_wanted(&m.id));
    let told = all.map(|m| {
        let version = m.fhir_version.map(FhirVersion::number);
        json!({"id": m.id, "version": m.version, "fhirVersion": version, "url": Value::Null})
    });
    told.collect()
}

/// The profiles by package, each with its version.
fn by_package(set: &ImageSet) -> impl Iterator<Item = (String, Vec<String>)> {
    set.layers().iter().enumerate().map(|(layer, image)| {
        let mut profiles: Vec<String> = set.all_profiles(layer).map(|element| set.canonical_of(element)).collect();
        profiles.sort();
        (image.package(), profiles)
    })
}

/// `GET /profiles`: URLs.
pub(in crate::http) async fn profiles(service: Data<Service>) -> HttpResponse {
    let engine = service.engine();
    let bare = |profile: String| profile.split('|').next().unwrap_or_default().to_owned();
    let mut all: Vec<String> = by_package(engine.loaded().set()).flat_map(|(_, all)| all).map(bare).collect();
    all.sort();
    all.dedup();
    answer(&json!(all))
}

/// `GET /profiles-by-ig`: canonicals by package.
pub(in crate::http) async fn profiles_by_guide(service: Data<Service>) -> HttpResponse {
    let engine = service.engine();
    let all = by_package(engine.loaded().set()).filter(|(_, profiles)| !profiles.is_empty());
    answer(&Value::Object(all.map(|(package, profiles)| (package, json!(profiles))).collect::<Map<_, _>>()))
}

/// `GET /resources`: the resource types.
pub(in crate::http) async fn resources(service: Data<Service>) -> HttpResponse {
    let version = service.engine().loaded().set().fhir_version();
    answer(&json!(resource_types(version).collect::<Vec<_>>()))
}
