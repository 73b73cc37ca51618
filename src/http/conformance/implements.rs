//! `$implements` (<https://hl7.org/fhir/R4/capabilitystatement-operation-implements.html>).

use actix_web::http::StatusCode;
use actix_web::web::{Data, Payload};
use actix_web::{HttpRequest, HttpResponse};
use fhir_accord_capability::standard;

use super::asked::Asked;
use super::job::{self, Needs};
use super::party::Party;
use crate::http::Fault;
use crate::http::service::Service;

/// `/CapabilityStatement/$implements`, `/CapabilityStatement/{id}/$implements`, `/metadata/$implements`: the server's
/// statement is the one that the address names, else that of `server`, else the service's own.
pub(in crate::http) async fn implements(
    service: Data<Service>,
    req: HttpRequest,
    payload: Payload,
) -> Result<HttpResponse, Fault> {
    let mut asked = Asked::read(&service, &req, payload).await?;
    let server = Party::of_server(Party::at_address(&req), asked.one("server")?)?;
    let client = match (asked.one("client")?, asked.one("resource")?) {
        (Some(_), Some(_)) => {
            return Err(Fault::invalid("parameters", "both `client` and `resource` name the client; give one"));
        }
        (Some(given), None) => Party::of("client", given)?,
        (None, Some(given)) if given.resource.is_none() => {
            return Err(Fault::invalid(
                "parameters",
                "parameter `resource` has no resource; name a canonical by `client`",
            ));
        }
        (None, Some(given)) => Party::of("resource", given)?,
        (None, None) => {
            return Err(Fault::invalid(
                "parameters",
                "no client: name its statement by the parameter `client`, or send it as the body or as `resource`",
            ));
        }
    };
    asked.nothing_else("server, client and resource")?;
    let needs = Needs { catalogue: matches!(server, Party::Instance(_)), relations: false };
    job::run(service, req, &asked, needs, move |library, definitions| {
        let (client, server) = (library.find(client, definitions)?, library.find(server, definitions)?);
        let answer = standard::implements(&client, &server, definitions);
        let answer = answer.map_err(|e| Fault::unprocessable("no-statement", e.to_string()))?;
        let status = if answer.matches { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
        Ok((status, answer.outcome))
    })
    .await
}
