//! `GET /openapi.json` and the schemas by themselves, `GET /schema/{file}`.

use std::sync::LazyLock;

use actix_web::HttpResponse;
use actix_web::web::Path;
use serde_json::{Map, Value};

use super::{Fault, content_type};
use crate::schema;

/// Addresses and answers; the schemas are put in.
const FRAME: &str = include_str!("openapi.json");

/// The OpenAPI 3.1 document of the service.
pub fn document() -> Value {
    let mut document: Value = serde_json::from_str(FRAME).unwrap_or_default();
    if let Some(version) = document.pointer_mut("/info/version") {
        *version = env!("CARGO_PKG_VERSION").into();
    }
    if let Some(Value::Object(schemas)) = document.pointer_mut("/components/schemas") {
        let mut all: Map<String, Value> =
            schema::published().map(|(name, _, schema)| (name.to_owned(), schema)).collect();
        all.append(schemas);
        *schemas = all;
    }
    document
}

static TEXT: LazyLock<String> = LazyLock::new(|| document().to_string());

/// `GET /openapi.json`
pub(super) async fn openapi() -> HttpResponse {
    HttpResponse::Ok().content_type(content_type::JSON).body(TEXT.as_str())
}

/// `GET /schema/{file}`
pub(super) async fn one(path: Path<String>) -> Result<HttpResponse, Fault> {
    let found = schema::published().find(|(_, file, _)| *file == path.as_str());
    let (_, _, schema) =
        found.ok_or_else(|| Fault::not_found("no schema with this name; GET /openapi.json contains all of them"))?;
    Ok(HttpResponse::Ok().content_type("application/schema+json").body(schema.to_string()))
}
