//! `GET /health/live` and `GET /health/ready`.

use actix_web::HttpResponse;
use actix_web::web::Data;
use serde_json::{Value, json};

use super::content_type;
use super::service::Service;

fn answer(ready: bool, status: &Value) -> HttpResponse {
    let mut builder = if ready { HttpResponse::Ok() } else { HttpResponse::ServiceUnavailable() };
    builder.content_type(content_type::JSON).insert_header(("cache-control", "no-store")).body(status.to_string())
}

/// The process answers.
pub(super) async fn live() -> HttpResponse {
    answer(true, &json!({"status": "live"}))
}

/// The packages are loaded, the store holds their definitions, and the service is not being stopped; what the store
/// holds, and what of it was damaged.
pub(super) async fn ready(service: Data<Service>) -> HttpResponse {
    let (ready, status) = match (service.catalogue_now(), service.trouble_now()) {
        (Some(_), _) if service.stopping().has_begun() => (false, "stopping"),
        (Some(_), _) => (true, "ready"),
        (None, Some(fault)) => (false, fault.name()),
        (None, None) => (false, "loading"),
    };
    let counts = service.counts_now();
    let store = json!({
        "engine": counts.engine.to_string(),
        "negotiations": counts.negotiations,
        "parties": counts.parties,
        "damagedPlaces": counts.damaged_places,
        "damagedBytes": counts.damaged_bytes,
        "setAside": counts.set_aside,
    });
    answer(ready, &json!({"status": status, "store": store}))
}
