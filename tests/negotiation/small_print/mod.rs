//! Sentence by sentence where two good engineers would answer differently.

mod grants;
mod profiles;
mod search;
mod statements;
mod verdicts;

use fhir_accord::capability::agreement::Agreement;
use fhir_accord::capability::{NegotiateRequest, Side, negotiate};
use serde_json::{Value, json};

use crate::support::nothing;

fn with(client: Value, server: Value, change: impl FnOnce(&mut NegotiateRequest)) -> Agreement {
    let mut request = NegotiateRequest::new(Side::Statement(client), Side::Statement(server));
    change(&mut request);
    negotiate(&request, &nothing()).unwrap()
}

fn observation(interactions: Value) -> Value {
    json!([{"type": "Observation", "interaction": interactions}])
}
