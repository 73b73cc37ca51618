//! A negotiation between two parties: what was asked, of which statements, and what drifted since.

use fhir_accord_capability::drift::Drift;
use fhir_accord_capability::identity;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::record::instant;
use super::remembered::{BYTES_LIMIT, bytes, forget};

/// What stands for the patient of a token response.
const PATIENT: &str = "a patient";

/// What the ids of negotiations between parties begin with: they stay the same when statements change.
pub const BETWEEN: &str = "between-";

/// What is kept of a negotiation between parties beside its result.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LinkNotes {
    /// Who requires.
    pub client: Endpoint,
    /// Who offers.
    pub server: Endpoint,
    /// The body of the request, with the parties by their ids.
    pub request: Value,
    /// When the result was made, in seconds since 1970.
    pub at: u64,
    /// What a matrix tells of the result.
    pub summary: Value,
    /// What drifted, the oldest first.
    pub drift: Vec<Value>,
    /// How many older drifts are remembered no longer.
    pub forgotten: usize,
}

/// A party as a result saw it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Endpoint {
    /// Its id.
    pub party: String,
    /// The hash of its documents then.
    pub sha256: String,
}

/// The parties that the sides of a request name: client and server; `None` where a side is none.
pub fn parties_of(body: &Value) -> [Option<&str>; 2] {
    ["client", "server"].map(|side| body.get(side)?.get("party")?.as_str())
}

/// The id of the negotiation of a request between parties, however its members are ordered.
pub fn id_of(request: &Value) -> String {
    format!("{BETWEEN}{}", identity(&mut [("between", request)]))
}

/// The request without what is secret in a token response: only its scopes and whether there is a patient are read,
/// and a request that is kept must not keep tokens.
pub fn without_token(mut request: Value) -> Value {
    if let Some(response) = request.pointer_mut("/policy/tokenResponse").and_then(Value::as_object_mut) {
        response.retain(|name, value| matches!(name.as_str(), "scope" | "patient") && !value.is_null());
        if let Some(patient) = response.get_mut("patient") {
            *patient = PATIENT.into();
        }
    }
    request
}

/// The request with the documents of both parties in the place of their ids. What the request says itself is stronger
/// than what a party says.
pub fn resolved(request: &Value, client: &Value, server: &Value) -> Value {
    let mut body = request.clone();
    let Some(members) = body.as_object_mut() else { return body };
    for (side, documents) in [("client", client), ("server", server)] {
        members.insert(side.to_owned(), documents.get("statement").cloned().unwrap_or_default());
    }
    for (name, documents) in [("smart", server), ("scope", client), ("flow", client), ("clientType", client)] {
        let is_said = members.get(name).is_some_and(|value| !value.is_null());
        if let Some(value) = documents.get(name).filter(|_| !is_said) {
            members.insert(name.to_owned(), value.clone());
        }
    }
    body
}

/// What a matrix tells of a result, by the names that the cells of a matrix have.
pub fn summary(result: &Value) -> Value {
    json!({
        "verdict": result.get("verdict"),
        "fhirVersion": result.pointer("/fhirVersion/chosen"),
        "types": result.pointer("/summary/types"),
        "shall": result.pointer("/summary/shall"),
        "counts": result.get("counts"),
    })
}

impl LinkNotes {
    /// Takes over what was kept of an older result, and notes what drifted since; up to `limit` drifts are remembered,
    /// and no more than 4 MiB of them. Of a drift that is longer by itself the counts are.
    pub fn follow(&mut self, older: LinkNotes, old: &Value, new: &Value, limit: usize) {
        (self.drift, self.forgotten) = (older.drift, older.forgotten);
        let side = |from: &Endpoint, to: &Endpoint| json!({"party": to.party, "from": from.sha256, "to": to.sha256});
        let drift = Drift::between(old, new);
        let is_same = self.client == older.client && self.server == older.server;
        if is_same && drift.is_empty() {
            return;
        }
        let mut entry = json!({
            "at": instant(self.at),
            "client": side(&older.client, &self.client),
            "server": side(&older.server, &self.server),
        });
        if let (Some(members), Ok(Value::Object(drift))) = (entry.as_object_mut(), serde_json::to_value(drift)) {
            members.extend(drift);
        }
        if bytes(&entry) > BYTES_LIMIT {
            let lists = entry.as_object_mut().into_iter().flat_map(|members| members.values_mut());
            lists.filter_map(Value::as_array_mut).for_each(Vec::clear);
        }
        self.drift.push(entry);
        self.forgotten += forget(&mut self.drift, limit);
    }
}

#[cfg(test)]
#[path = "link_tests.rs"]
mod tests;
