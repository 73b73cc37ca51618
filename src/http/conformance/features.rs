//! `$feature-query` of the Application Feature Framework
//! (<https://build.fhir.org/ig/HL7/capstmt/specification.html>), in the two versions that `FeatureQuery` tells apart.
//! `server` and `resource`, which the framework does not have, name the statement that is asked; without them it is the
//! service's own.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Payload};
use actix_web::{HttpRequest, HttpResponse};
use fhir_accord_capability::standard::{self, FEATURES_LIMIT, FeatureQuery};

use super::asked::{Asked, Given};
use super::job::{self, Needs};
use super::party::Party;
use crate::http::Fault;
use crate::http::service::Service;

/// `/$feature-query` and `/CapabilityStatement/$feature-query`
pub(in crate::http) async fn features(
    service: Data<Service>,
    req: HttpRequest,
    payload: Payload,
) -> Result<HttpResponse, Fault> {
    let mut asked = Asked::read(&service, &req, payload).await?;
    let statement = match (asked.one("server")?, asked.one("resource")?) {
        (Some(_), Some(_)) => {
            return Err(Fault::invalid("parameters", "both `server` and `resource` name a statement; give one"));
        }
        (Some(given), None) => Party::of("server", given)?,
        (None, Some(given)) => Party::of("resource", given)?,
        (None, None) => Party::Own,
    };
    let in_address = asked.all("param").into_iter().map(|g| FeatureQuery::parse(&g.text()?).map_err(refused));
    let mut queries = in_address.collect::<Result<Vec<FeatureQuery>, Fault>>()?;
    for given in asked.all("feature") {
        queries.push(query(given)?);
    }
    asked.nothing_else("param or feature, server and resource")?;
    if queries.is_empty() {
        return Err(Fault::invalid(
            "parameters",
            "no feature: ask by `param=feature@context(value)` in the address, or by the parameter `feature`",
        ));
    }
    if queries.len() > FEATURES_LIMIT {
        return Err(Fault::invalid("parameters", format!("more than {FEATURES_LIMIT} features; ask for less at once")));
    }
    job::run(service, req, &asked, Needs::default(), move |library, definitions| {
        let statement = library.find(statement, definitions)?;
        let answer = standard::feature_query(&statement, &queries, definitions);
        Ok((StatusCode::OK, answer.map_err(|e| Fault::unprocessable("no-statement", e.to_string()))?))
    })
    .await
}

/// The query of a parameter `feature`: its parts or, in an address, its text.
fn query(given: Given) -> Result<FeatureQuery, Fault> {
    match &given.whole {
        Some(parameter) => FeatureQuery::from_parameter(parameter).map_err(refused),
        None => FeatureQuery::parse(&given.text()?).map_err(refused),
    }
}

fn refused(text: String) -> Fault {
    Fault::invalid("feature", text)
}
