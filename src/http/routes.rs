//! Which address leads where. docs and `openapi.json` list the same.

use actix_web::middleware::Compress;
use actix_web::web::{ServiceConfig, delete, get, post, put, resource, route};
use actix_web::{HttpRequest, HttpResponse, Resource};

use super::{
    Fault, conformance, console, definitions, fhirpath, health, metadata, negotiate, openapi, packages, parties,
    profile_search, relations, rules, scrape, snapshot, validate, wrapper,
};

async fn get_alone() -> Result<HttpResponse, Fault> {
    Err(Fault::method("GET, HEAD"))
}

async fn post_alone() -> Result<HttpResponse, Fault> {
    Err(Fault::method("POST"))
}

async fn get_or_post() -> Result<HttpResponse, Fault> {
    Err(Fault::method("GET, HEAD, POST"))
}

async fn get_or_delete() -> Result<HttpResponse, Fault> {
    Err(Fault::method("GET, HEAD, DELETE"))
}

async fn get_put_or_delete() -> Result<HttpResponse, Fault> {
    Err(Fault::method("GET, HEAD, PUT, DELETE"))
}

async fn nowhere(req: HttpRequest) -> Result<HttpResponse, Fault> {
    let text = wrapper::elsewhere(req.path());
    Err(Fault::not_found(text.unwrap_or("nothing at this address; see GET /metadata and GET /openapi.json")))
}

/// An address that is read and posted to.
fn both(path: &str) -> Resource {
    resource(path).default_service(route().to(get_or_post))
}

/// An address that is read and deleted.
fn deleting(path: &str) -> Resource {
    resource(path).default_service(route().to(get_or_delete))
}

/// The standard operations on CapabilityStatement; they change nothing, so that GET and POST ask the same.
fn configure_conformance(config: &mut ServiceConfig) {
    use conformance::{conforms, features, implements, subset, versions};
    const INSTANCE: &str = r"/CapabilityStatement/{id:[A-Za-z0-9\-.]{1,64}}";
    config
        .service(both("/$versions").route(get().to(versions)).route(post().to(versions)))
        .service(both("/$feature-query").route(get().to(features)).route(post().to(features)))
        .service(both("/CapabilityStatement/$feature-query").route(get().to(features)).route(post().to(features)))
        .service(both("/CapabilityStatement/$implements").route(get().to(implements)).route(post().to(implements)))
        .service(both(&format!("{INSTANCE}/$implements")).route(get().to(implements)).route(post().to(implements)))
        .service(both("/metadata/$implements").route(get().to(implements)).route(post().to(implements)))
        .service(both("/CapabilityStatement/$conforms").route(get().to(conforms)).route(post().to(conforms)))
        .service(both("/CapabilityStatement/$subset").route(get().to(subset)).route(post().to(subset)))
        .service(both(&format!("{INSTANCE}/$subset")).route(get().to(subset)).route(post().to(subset)))
        .service(both("/metadata/$subset").route(get().to(subset)).route(post().to(subset)));
}

/// Parties, and what is kept of them.
fn configure_parties(config: &mut ServiceConfig) {
    const PARTY: &str = r"/parties/{id:[A-Za-z0-9\-.]{1,64}}";
    let reading = |path: &str| resource(path).default_service(route().to(get_alone));
    let posting = |path: &str| resource(path).default_service(route().to(post_alone));
    let party = resource(PARTY).default_service(route().to(get_put_or_delete));
    config
        .service(reading("/parties").route(get().to(parties::list)))
        .service(party.route(get().to(parties::one)).route(put().to(parties::put)).route(delete().to(parties::delete)))
        .service(reading(&format!("{PARTY}/history")).route(get().to(parties::history)))
        .service(posting(&format!("{PARTY}/refresh")).route(post().to(parties::refresh)));
}

/// The addresses of HL7's validator-wrapper.
fn configure_wrapper(config: &mut ServiceConfig) {
    let reading = |path: &str| resource(path).default_service(route().to(get_alone));
    config
        .service(resource("/validate").default_service(route().to(post_alone)).route(post().to(wrapper::validate)))
        .service(reading("/validator/version").route(get().to(wrapper::version)))
        .service(reading("/version").route(get().to(wrapper::version)))
        .service(reading("/versions").route(get().to(wrapper::versions)))
        .service(reading("/ig").route(get().to(wrapper::guides)))
        .service(reading("/igVersions/{id}").route(get().to(wrapper::guides_named)))
        .service(reading("/profiles").route(get().to(wrapper::profiles)))
        .service(reading("/profiles-by-ig").route(get().to(wrapper::profiles_by_guide)))
        .service(reading("/resources").route(get().to(wrapper::resources)));
}

/// What a supervisor asks: it is answered on an address and a thread of its own, too.
pub(super) fn configure_health(config: &mut ServiceConfig) {
    let reading = |path: &str| resource(path).default_service(route().to(get_alone));
    config
        .service(reading("/health/live").route(get().to(health::live)))
        .service(reading("/health/ready").route(get().to(health::ready)))
        .service(reading("/metrics").route(get().to(scrape::metrics)));
}

/// All addresses of the service.
pub(super) fn configure(config: &mut ServiceConfig) {
    configure_conformance(config);
    configure_health(config);
    configure_parties(config);
    configure_wrapper(config);
    let reading = |path: &str| resource(path).default_service(route().to(get_alone));
    let posting = |path: &str| resource(path).default_service(route().to(post_alone));
    config
        .service(reading("/").route(get().to(console::page)).wrap(Compress::default()))
        .service(reading("/console/{file}").route(get().to(console::file)).wrap(Compress::default()))
        .service(reading("/profile-search").route(get().to(profile_search::list)))
        .service(posting("/StructureDefinition/$snapshot").route(post().to(snapshot::snapshot)))
        .service(posting("/$validate").route(post().to(validate::system)))
        .service(posting("/{type:[A-Z][A-Za-z]+}/$validate").route(post().to(validate::of_type)))
        .service(
            posting(r"/{type:[A-Z][A-Za-z]+}/{id:[A-Za-z0-9\-.]{1,64}}/$validate")
                .route(post().to(validate::of_instance)),
        )
        .service(posting("/$fhirpath").route(post().to(fhirpath::evaluate)))
        .service(reading("/metadata").route(get().to(metadata::metadata)))
        .service(reading("/openapi.json").route(get().to(openapi::openapi)))
        .service(reading("/rules").route(get().to(rules::list)))
        .service(reading("/schema/{file}").route(get().to(openapi::one)))
        .service(both("/packages").route(get().to(packages::list)).route(post().to(packages::upload)))
        .service(
            deleting("/packages/{id}").route(get().to(packages::versions)).route(delete().to(packages::delete_all)),
        )
        .service(
            deleting("/packages/{id}/{version}").route(get().to(packages::one)).route(delete().to(packages::delete)),
        )
        .service(
            reading(r"/packages/{package}/{version}/{type:[A-Z][A-Za-z]+}/{id:[A-Za-z0-9\-.]{1,64}}")
                .route(get().to(definitions::by_package)),
        )
        .service(both("/negotiate").route(get().to(negotiate::list)).route(post().to(negotiate::negotiate)))
        .service(posting("/negotiate/matrix").route(post().to(negotiate::matrix)))
        .service(deleting("/negotiate/{id}").route(get().to(negotiate::recall)).route(delete().to(negotiate::delete)))
        .service(reading("/negotiate/{id}/drift").route(get().to(negotiate::drift)))
        .service(posting("/satisfies").route(post().to(relations::satisfies)))
        .service(posting("/diff").route(post().to(relations::diff)))
        .service(posting("/generate").route(post().to(relations::generate)))
        .service(posting("/scope/{verb}").route(post().to(negotiate::scope)))
        .service(reading("/{type:[A-Z][A-Za-z]+}").route(get().to(definitions::search)))
        .service(reading(r"/{type:[A-Z][A-Za-z]+}/{id:[A-Za-z0-9\-.]{1,64}}").route(get().to(definitions::by_id)))
        .default_service(route().to(nowhere));
}
