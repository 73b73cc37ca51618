//! `GET /health/live` and `GET /health/ready`.

use actix_web::HttpResponse;
use actix_web::web::Data;
use serde_json::json;

use super::content_type;
use super::service::Service;

fn answer(ready: bool, status: &str) -> HttpResponse {
    let mut builder = if ready { HttpResponse::Ok() } else { HttpResponse::ServiceUnavailable() };
    builder
        .content_type(content_type::JSON)
        .insert_header(("cache-control", "no-store"))
        .body(json!({"status": status}).to_string())
}

/// The process answers.
pub(super) async fn live() -> HttpResponse {
    answer(true, "live")
}

/// The packages are loaded and the store holds their definitions.
pub(super) async fn ready(service: Data<Service>) -> HttpResponse {
    match service.catalogue_now() {
        Some(_) => answer(true, "ready"),
        None => answer(false, "loading"),
    }
}
