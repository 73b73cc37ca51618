//! Capability, scope and profile together: what cannot be used although each axis allows it by itself.

mod asking;
mod narrowed;
mod rows;
mod searching;

use fhir_accord::app::Known;
use fhir_accord::capability::agreement::{Agreement, Kind, Row};
use fhir_accord::capability::policy::TokenResponse;
use fhir_accord::capability::{NegotiateRequest, Side, negotiate};
use serde_json::{Value, json};

use crate::support::{to_json, validator};

pub const US_CORE: &str = "http://hl7.org/fhir/us/core/StructureDefinition/";
pub const COMBINATION: &str =
    "http://hl7.org/fhir/StructureDefinition/capabilitystatement-search-parameter-combination";

/// Negotiates over the embedded packages; the result has the published shape.
pub fn embedded(client: Value, server: Value, change: impl FnOnce(&mut NegotiateRequest)) -> Agreement {
    let mut request = NegotiateRequest::new(Side::Statement(client), Side::Statement(server));
    change(&mut request);
    let known = Known::open(&[], &[]).unwrap();
    let agreement = negotiate(&request, &known.session()).unwrap();
    let shape = validator("negotiate-result");
    let errors: Vec<String> = shape.iter_errors(&to_json(&agreement)).map(|e| e.to_string()).collect();
    assert!(errors.is_empty(), "{errors:?}");
    agreement
}

/// An entry of Observation that names a profile, with reading and searching.
pub fn observations(profile: &str) -> Value {
    json!([{"type": "Observation", "supportedProfile": [format!("{US_CORE}{profile}")],
        "interaction": [{"code": "read"}, {"code": "search-type"}],
        "searchParam": [{"name": "category", "type": "token"}]}])
}

pub fn granted(scope: &str) -> impl FnOnce(&mut NegotiateRequest) {
    let response = TokenResponse { scope: Some(scope.to_owned()), patient: Some("1".to_owned()) };
    move |r| {
        r.scope = Some("launch/patient patient/Observation.rs".to_owned());
        r.policy.token_response = Some(response);
    }
}

pub fn only(agreement: &Agreement, kind: Kind) -> &Row {
    agreement.resources[0].row(kind, 0).unwrap()
}
