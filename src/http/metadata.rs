//! `GET /metadata`: what this service can do, as a CapabilityStatement
//! (<https://hl7.org/fhir/R4/capabilitystatement.html>).

use actix_web::http::header;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use fhir_accord_profiles::definition::FhirVersion;
use fhir_accord_profiles::model::TypeKind;
use fhir_accord_profiles::plan::ImageSet;
use fhir_accord_profiles::release::resource_types;
use serde_json::{Map, Value, json};

use super::query::pairs;
use super::service::Service;
use super::{Fault, media};

/// The date of the statement; changed when what it says changes.
const DATE: &str = "2026-11-30";

/// The types of definitions, which packages bring and the store keeps.
pub const DEFINITION_TYPES: &[&str] = &[
    "CapabilityStatement",
    "CodeSystem",
    "CompartmentDefinition",
    "ConceptMap",
    "GraphDefinition",
    "ImplementationGuide",
    "MessageDefinition",
    "NamingSystem",
    "OperationDefinition",
    "Questionnaire",
    "SearchParameter",
    "StructureDefinition",
    "StructureMap",
    "ValueSet",
];

/// The type that an address names.
///
/// # Errors
/// 404 where the FHIR version that is served has no such type, or no instance can have it.
pub(super) fn known_type(service: &Service, name: &str) -> Result<String, Fault> {
    let engine = service.engine();
    let set = engine.evaluator().set();
    let model = set.model();
    let elsewhere = || FhirVersion::ALL.into_iter().any(|v| resource_types(v).any(|known| known == name));
    match model.find(name).and_then(|t| model.kind(t)) {
        Some(TypeKind::Resource) => Ok(name.to_owned()),
        _ if elsewhere() => Ok(name.to_owned()),
        _ => Err(Fault::not_found(format!("`{name}` is not a resource type of FHIR {}", set.fhir_version().name()))),
    }
}

/// `GET /metadata`
pub(super) async fn metadata(service: Data<Service>, req: HttpRequest) -> Result<HttpResponse, Fault> {
    let query = pairs(req.query_string())?;
    let content_type = media::answer(&req)?;
    let statement = statement(&base_url(&service, &req), service.engine().evaluator().set());
    let pretty = query.iter().any(|(n, v)| n == "_pretty" && v == "true");
    let text =
        if pretty { serde_json::to_string_pretty(&statement).unwrap_or_default() } else { statement.to_string() };
    Ok(HttpResponse::Ok().content_type(content_type).body(text))
}

/// The address of the service, as its clients see it.
pub(super) fn base_url(service: &Service, req: &HttpRequest) -> String {
    if let Some(base) = &service.config.base_url {
        return base.clone();
    }
    let fit = |host: &&str| {
        let is_fit = |c: char| c.is_ascii_alphanumeric() || ".-:[]_".contains(c);
        !host.is_empty() && host.chars().all(is_fit)
    };
    // What a client says of proxies counts only where one of them is asking.
    let proxied = req.peer_addr().is_some_and(|a| service.config.trusted_proxies.has(a.ip()));
    let info = proxied.then(|| req.connection_info());
    let host = match &info {
        Some(info) => Some(info.host()),
        None => req.headers().get(header::HOST).and_then(|h| h.to_str().ok()).or_else(|| req.uri().host()),
    };
    let told = ["x-forwarded-proto", "forwarded"].iter().any(|name| req.headers().contains_key(*name));
    let scheme = match &info {
        Some(info) if told && info.scheme() == "https" => "https",
        Some(_) if told => "http",
        _ if service.config.tls.is_some() => "https",
        _ => "http",
    };
    format!("{scheme}://{}", host.filter(fit).unwrap_or("localhost"))
}

/// The operations of a type; of the system without one.
fn operations(of_type: Option<&str>) -> Value {
    let feature_query = "http://hl7.org/fhir/uv/application-feature/OperationDefinition/feature-query";
    let on_statements =
        |name: &str| (name.to_owned(), format!("http://hl7.org/fhir/OperationDefinition/CapabilityStatement-{name}"));
    let mut all = vec![("validate".to_owned(), "http://hl7.org/fhir/OperationDefinition/Resource-validate".to_owned())];
    match of_type {
        Some("CapabilityStatement") => {
            all.extend(["implements", "conforms", "subset"].map(on_statements));
            all.push(("feature-query".to_owned(), feature_query.to_owned()));
        }
        Some("StructureDefinition") => {
            let definition = "http://hl7.org/fhir/OperationDefinition/StructureDefinition-snapshot";
            all.push(("snapshot".to_owned(), definition.to_owned()));
        }
        Some(_) => {}
        None => {
            all.push(on_statements("versions"));
            all.push(("feature-query".to_owned(), feature_query.to_owned()));
        }
    }
    all.into_iter().map(|(name, definition)| json!({"name": name, "definition": definition})).collect()
}

fn resource(name: &str) -> Value {
    let mut out = Map::new();
    out.insert("type".into(), name.into());
    if DEFINITION_TYPES.contains(&name) {
        let parameter = |n: &str, t: &str, d: &str| json!({"name": n, "type": t, "documentation": d});
        out.insert("interaction".into(), json!([{"code": "read"}, {"code": "search-type"}]));
        out.insert("versioning".into(), "no-version".into());
        out.insert(
            "searchParam".into(),
            json!([
                {"name": "_id", "definition": "http://hl7.org/fhir/SearchParameter/Resource-id", "type": "token"},
                parameter("url", "uri", "the canonical url, with or without its version"),
                parameter("version", "token", "the business version"),
            ]),
        );
    }
    out.insert("operation".into(), operations(Some(name)));
    Value::Object(out)
}

/// The CapabilityStatement of the service at this address, which validates by these definitions.
pub fn statement(base_url: &str, set: &ImageSet) -> Value {
    let version = env!("CARGO_PKG_VERSION");
    json!({
        "resourceType": "CapabilityStatement",
        "id": "accord",
        "url": format!("{base_url}/metadata"),
        "version": version,
        "name": "Accord",
        "title": "Accord",
        "status": "active",
        "experimental": false,
        "date": DATE,
        "kind": "instance",
        "software": {"name": "Accord", "version": version},
        "implementation": {"description": "profile validation and capability negotiation", "url": base_url},
        "fhirVersion": set.fhir_version().number(),
        "format": ["application/fhir+json", "json", "application/fhir+xml", "xml"],
        "rest": [{
            "mode": "server",
            "documentation": "Validates resources against the profiles of the loaded packages and keeps none of \
             them; gives the definitions of the packages; compares the statements of systems.",
            "resource": set.model().resource_types().into_iter().map(resource).collect::<Vec<_>>(),
            "operation": operations(None),
        }],
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::{App, Settings};
    use crate::packages::embedded;
    use fhir_accord_profiles::registry::Definition;

    #[test]
    fn the_types_are_those_of_the_core_package() {
        let core = embedded::list().iter().find(|e| e.manifest.id == "hl7.fhir.r4.core").unwrap().load().unwrap();
        let is = |d: &Definition, name: &str, value: &str| d.value()[name] == value;
        let resources = core.definitions.iter().filter(|d| {
            d.resource_type == "StructureDefinition"
                && is(d, "kind", "resource")
                && is(d, "derivation", "specialization")
        });
        let mut types: Vec<&str> =
            resources.filter(|d| d.value()["abstract"] == false).map(|d| d.value()["type"].as_str().unwrap()).collect();
        types.sort_unstable();
        let app = App::open(&Settings::default()).unwrap();
        let statement = statement("http://test.example", app.set());
        let told: Vec<&str> =
            statement["rest"][0]["resource"].as_array().unwrap().iter().map(|r| r["type"].as_str().unwrap()).collect();
        assert_eq!(told, types);
        assert_eq!(statement["fhirVersion"], "4.0.1");
        assert!(DEFINITION_TYPES.iter().all(|t| told.contains(t)));
    }
}
