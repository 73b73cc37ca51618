//! `$conforms` (<https://hl7.org/fhir/R4/capabilitystatement-operation-conforms.html>).

use actix_web::http::StatusCode;
use actix_web::web::{Data, Payload};
use actix_web::{HttpRequest, HttpResponse};
use fhir_accord_capability::standard::{self, Conforms, Mode};

use super::asked::Asked;
use super::job::{self, Needs};
use super::party::Party;
use crate::http::Fault;
use crate::http::service::Service;

/// `/CapabilityStatement/$conforms`: `left` and `right` are canonicals or, which the specification does not have,
/// resources; without one of them the service's own statement is meant.
pub(in crate::http) async fn conforms(
    service: Data<Service>,
    req: HttpRequest,
    payload: Payload,
) -> Result<HttpResponse, Fault> {
    let mut asked = Asked::read(&service, &req, payload).await?;
    let (left, right) = (asked.one("left")?, asked.one("right")?);
    if left.is_none() && right.is_none() {
        return Err(Fault::invalid("parameters", "nothing to compare: name statements by `left` and `right`"));
    }
    let party = |name, given: Option<_>| given.map_or(Ok(Party::Own), |given| Party::of(name, given));
    let (left, right) = (party("left", left)?, party("right", right)?);
    let mode = match asked.one("mode")? {
        None => Mode::ServerServer,
        Some(given) => {
            let code = given.text()?;
            Mode::parse(&code).ok_or_else(|| {
                let code: String = code.chars().take(100).collect();
                Fault::invalid("mode", format!("unknown mode `{code}`; expected server/server or client/server"))
            })?
        }
    };
    asked.nothing_else("left, right and mode")?;
    let needs = Needs { relations: true, catalogue: false };
    job::run(service, req, &asked, needs, move |library, definitions| {
        let (left, right) = (library.find(left, definitions)?, library.find(right, definitions)?);
        let answer = standard::conforms(&left, &right, mode, definitions);
        match answer.map_err(|e| Fault::unprocessable("no-statement", e.to_string()))? {
            Conforms::Compared(parameters) => Ok((StatusCode::OK, parameters)),
            Conforms::Missing(outcome) => Ok((StatusCode::UNPROCESSABLE_ENTITY, outcome)),
        }
    })
    .await
}
