//! `$versions` (<https://hl7.org/fhir/R4/capabilitystatement-operation-versions.html>): a client that does not know
//! which version to speak is answered in plain JSON or XML, too.

use actix_web::web::{Data, Payload};
use actix_web::{HttpRequest, HttpResponse};
use fhir_accord_capability::standard;
use fhir_accord_profiles::definition::FhirVersion;

use super::asked::Asked;
use crate::http::media::{self, Form};
use crate::http::service::Service;
use crate::http::{Fault, content_type};

/// `/$versions`
pub(in crate::http) async fn versions(
    service: Data<Service>,
    req: HttpRequest,
    payload: Payload,
) -> Result<HttpResponse, Fault> {
    let asked = Asked::read(&service, &req, payload).await?;
    asked.nothing_else("_format")?;
    let form = media::wanted(req.headers(), req.query_string())?;
    let engine = service.engine();
    let name = |version: FhirVersion| version.number().rsplit_once('.').map_or("", |(version, _)| version);
    let version = name(engine.evaluator().set().fhir_version());
    let here = FhirVersion::ALL.into_iter().filter(|v| engine.of_version(*v).is_some());
    let versions: Vec<&str> = here.map(name).collect();
    let (content_type, text) = match form {
        Form::Json(content_type::JSON) => (content_type::JSON, standard::versions_json(&versions, version).to_string()),
        Form::Xml(plain @ (content_type::XML | content_type::TEXT_XML)) => {
            (plain, standard::versions_xml(&versions, version))
        }
        _ => (content_type::FHIR_JSON, standard::versions(&versions, version).to_string()),
    };
    Ok(HttpResponse::Ok().content_type(content_type).body(text))
}
