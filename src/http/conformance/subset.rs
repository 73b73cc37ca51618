//! `$subset` (<https://hl7.org/fhir/R4/capabilitystatement-operation-subset.html>).

use actix_web::http::StatusCode;
use actix_web::web::{Data, Payload};
use actix_web::{HttpRequest, HttpResponse};
use fhir_accord_capability::standard::{self, SubsetError};

use super::asked::{Asked, Given};
use super::job::{self, Needs};
use super::party::Party;
use crate::http::Fault;
use crate::http::service::Service;

/// `/CapabilityStatement/$subset`, `/CapabilityStatement/{id}/$subset`, `/metadata/$subset`: of the statement that the
/// address names, else of that of `server`, else of the service's own.
pub(in crate::http) async fn subset(
    service: Data<Service>,
    req: HttpRequest,
    payload: Payload,
) -> Result<HttpResponse, Fault> {
    let mut asked = Asked::read(&service, &req, payload).await?;
    let server = Party::of_server(Party::at_address(&req), asked.one("server")?)?;
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
