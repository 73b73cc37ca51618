//! `$subset` (<https://hl7.org/fhir/R4/capabilitystatement-operation-subset.html>).

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path, Payload};
use actix_web::{HttpRequest, HttpResponse};
use fhir_accord_capability::standard::{self, SubsetError};

use super::asked::{Asked, Given};
use super::job::{self, Needs};
use super::party::Party;
use crate::http::Fault;
use crate::http::service::Service;

/// `/CapabilityStatement/$subset`: without `server` of the service's own statement.
pub(in crate::http) async fn subset(
    service: Data<Service>,
    req: HttpRequest,
    payload: Payload,
) -> Result<HttpResponse, Fault> {
    answer(service, req, payload, None).await
}

/// `/metadata/$subset`: of the service's own statement.
pub(in crate::http) async fn subset_own(
    service: Data<Service>,
    req: HttpRequest,
    payload: Payload,
) -> Result<HttpResponse, Fault> {
    answer(service, req, payload, Some(Party::Own)).await
}

/// `/CapabilityStatement/{id}/$subset`
pub(in crate::http) async fn subset_instance(
    service: Data<Service>,
    req: HttpRequest,
    path: Path<String>,
    payload: Payload,
) -> Result<HttpResponse, Fault> {
    answer(service, req, payload, Some(Party::at(path.into_inner()))).await
}

async fn answer(
    service: Data<Service>,
    req: HttpRequest,
    payload: Payload,
    instance: Option<Party>,
) -> Result<HttpResponse, Fault> {
    let mut asked = Asked::read(&service, &req, payload).await?;
    let server = Party::of_server(instance, asked.one("server")?)?;
    let types = asked.all("resource").into_iter().map(Given::text).collect::<Result<Vec<String>, Fault>>()?;
    let types: Vec<String> = types.iter().flat_map(|t| t.split(',')).map(str::to_owned).collect();
    if types.is_empty() {
        return Err(Fault::invalid("parameters", "no resource type: name at least one by the parameter `resource`"));
    }
    asked.nothing_else("server and resource")?;
    let needs = Needs { catalogue: matches!(server, Party::Instance(_)), relations: false };
    job::run(service, req, &asked, needs, move |library, definitions| {
        let statement = library.find(server, definitions)?;
        match standard::subset(&statement, &types) {
            Ok(part) => Ok((StatusCode::OK, part)),
            Err(e @ SubsetError::UnknownType(_)) => Err(Fault::invalid("parameters", e.to_string())),
            Err(e @ SubsetError::NoRest) => Err(Fault::unprocessable("no-rest", e.to_string())),
        }
    })
    .await
}
