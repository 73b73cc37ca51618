//! The body of a batch or transaction: a request in each entry (<https://hl7.org/fhir/R4/http.html#transaction>).

use serde::Deserialize;

use super::limits::BODY_BYTES;
use super::notice::Kind;

/// What an entry asks for.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Step {
    pub method: String,
    pub url: String,
    pub if_none_exist: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Entry {
    request: Option<Step>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Bundle {
    resource_type: String,
    #[serde(rename = "type")]
    kind: String,
    entry: Vec<Entry>,
}

/// The interaction, `batch` or `transaction`, with its entries: `None` for one that is not a request.
pub(super) fn read(body: &str) -> Result<(&'static str, Vec<Option<Step>>), Kind> {
    if body.len() > BODY_BYTES {
        return Err(Kind::BodyBytes);
    }
    let bundle: Bundle = serde_json::from_str(body).map_err(|_| Kind::Body)?;
    let code = match bundle.kind.as_str() {
        "batch" => "batch",
        "transaction" => "transaction",
        _ => return Err(Kind::Body),
    };
    if bundle.resource_type != "Bundle" {
        return Err(Kind::Body);
    }
    let is_request = |step: &Step| !step.method.is_empty() && !step.url.is_empty();
    Ok((code, bundle.entry.into_iter().map(|e| e.request.filter(is_request)).collect()))
}
