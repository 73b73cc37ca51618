//! `$versions` (<https://hl7.org/fhir/R4/capabilitystatement-operation-versions.html>): a client that does not know
//! which version to speak is answered in plain JSON or XML, too.

use actix_web::http::header;
use actix_web::web::{Data, Payload};
use actix_web::{HttpRequest, HttpResponse};
use fhir_accord_capability::standard;
use fhir_accord_profiles::definition::FhirVersion;

use super::asked::Asked;
use crate::http::service::Service;
use crate::http::{Fault, content_type};

/// A form of the answer.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Form {
    FhirJson,
    FhirXml,
    Json,
    Xml,
}

/// `/$versions`
pub(in crate::http) async fn versions(
    service: Data<Service>,
    req: HttpRequest,
    payload: Payload,
) -> Result<HttpResponse, Fault> {
    let asked = Asked::read(&service, &req, payload).await?;
    asked.nothing_else("_format")?;
    let form = match asked.format.as_deref() {
        Some(format) => named(format).ok_or_else(|| refused(format))?,
        None => accepted(&req)?,
    };
    let engine = service.engine();
    let name = |version: FhirVersion| version.number().rsplit_once('.').map_or("", |(version, _)| version);
    let version = name(engine.evaluator().set().fhir_version());
    let here = FhirVersion::ALL.into_iter().filter(|v| engine.of_version(*v).is_some());
    let versions: Vec<&str> = here.map(name).collect();
    let (content_type, text) = match form {
        Form::FhirJson => (content_type::FHIR_JSON, standard::versions(&versions, version).to_string()),
        Form::Json => (content_type::JSON, standard::versions_json(&versions, version).to_string()),
        Form::FhirXml => ("application/fhir+xml; charset=utf-8", standard::versions_xml(&versions, version, true)),
        Form::Xml => ("application/xml; charset=utf-8", standard::versions_xml(&versions, version, false)),
    };
    Ok(HttpResponse::Ok().content_type(content_type).body(text))
}

/// The form that a value of `_format` asks for.
fn named(format: &str) -> Option<Form> {
    match format {
        "json" | "application/fhir+json" | "application/fhir json" => Some(Form::FhirJson),
        "xml" | "application/fhir+xml" | "application/fhir xml" => Some(Form::FhirXml),
        "application/json" | "text/json" => Some(Form::Json),
        "application/xml" | "text/xml" => Some(Form::Xml),
        _ => None,
    }
}

/// The first form that is accepted.
fn accepted(req: &HttpRequest) -> Result<Form, Fault> {
    let accepts = req.headers().get_all(header::ACCEPT).filter_map(|v| v.to_str().ok());
    let ranges: Vec<&str> = accepts.flat_map(|v| v.split(',')).map(str::trim).collect();
    if ranges.is_empty() {
        return Ok(Form::FhirJson);
    }
    let found = ranges.iter().find_map(|range| {
        let mut parts = range.split(';').map(str::trim);
        let name = parts.next().unwrap_or_default().to_ascii_lowercase();
        let is_refused = parts.filter_map(|p| p.strip_prefix("q=")).any(|q| q.parse::<f32>().is_ok_and(|q| q <= 0.0));
        match name.as_str() {
            _ if is_refused => None,
            "*/*" | "application/*" => Some(Form::FhirJson),
            "json" | "xml" => None,
            name => named(name),
        }
    });
    found.ok_or_else(|| refused(&ranges.join(", ")))
}

fn refused(asked: &str) -> Fault {
    let asked: String = asked.chars().take(200).collect();
    Fault::not_acceptable(format!(
        "format `{asked}` is not supported; ask for JSON or XML, plain or FHIR, as `application/fhir+json`"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::test::TestRequest;

    #[test]
    fn forms_follow_accept() {
        let form = |text: &str| {
            let req = TestRequest::default().insert_header(("accept", text)).to_http_request();
            accepted(&req).map_err(|f| f.status().as_u16())
        };
        assert_eq!(form("application/json"), Ok(Form::Json));
        assert_eq!(form("application/fhir+json;q=0, application/xml"), Ok(Form::Xml));
        assert_eq!(form("text/html, */*;q=0.8"), Ok(Form::FhirJson));
        assert_eq!(form("application/fhir+xml; fhirVersion=3.0"), Ok(Form::FhirXml));
        assert_eq!(form("text/html"), Err(406));
        assert_eq!(accepted(&TestRequest::default().to_http_request()).ok(), Some(Form::FhirJson));
        assert_eq!(named("json"), Some(Form::FhirJson));
        assert_eq!(named("yaml"), None);
    }
}
