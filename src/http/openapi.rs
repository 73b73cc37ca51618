//! `GET /openapi.json` and the schemas by themselves, `GET /schema/{file}`.

mod common;

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
        let names: Vec<(&str, &str)> = schema::published().map(|(name, file, _)| (file, name)).collect();
        let mut all: Map<String, Value> = schema::published()
            .map(|(name, _, mut schema)| {
                at_home(&mut schema, name, &names);
                (name.to_owned(), schema)
            })
            .collect();
        all.append(schemas);
        *schemas = all;
    }
    common::complete(&mut document);
    document
}

/// Makes a schema one of the document's components: what it refers to, in itself or in another file, is there by the
/// names of the components, and it no longer says that it stands at an address of its own.
fn at_home(schema: &mut Value, name: &str, names: &[(&str, &str)]) {
    match schema {
        Value::Object(members) => {
            members.retain(|key, _| key != "$id" && key != "$schema");
            for (key, value) in members.iter_mut() {
                let found = value.as_str().filter(|_| key == "$ref").map(|target| {
                    let (file, pointer) = target.split_once('#').unwrap_or((target, ""));
                    let of = names.iter().find(|(f, _)| *f == file).map_or(name, |(_, n)| n);
                    format!("#/components/schemas/{of}{pointer}")
                });
                match found {
                    Some(target) => *value = target.into(),
                    None => at_home(value, name, names),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| at_home(item, name, names)),
        _ => {}
    }
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
