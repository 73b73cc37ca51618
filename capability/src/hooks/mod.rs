//! A CDS Hooks discovery document as a client (<https://cds-hooks.hl7.org/2.0/#discovery>): its prefetch templates are
//! requests that the CDS client, which holds the data, is to answer. They become a client's statement; a negotiation of
//! that statement tells of each template whether it would be answered.

mod answer;
mod prefetch;
mod template;

use serde_json::{Value, json};

use crate::agreement::{Agreement, HookAnswer};
use crate::client::{Part, Place, Recorder, Request};
use crate::identity::identity;
use crate::policy::TokenResponse;
use crate::request::NegotiateRequest;
use prefetch::{Needed, Prefetch};

/// The prefetch templates of one document.
pub const PREFETCH_LIMIT: usize = 10_000;

/// The services of a discovery document, as a client.
///
/// ```
/// use fhir_accord_capability::Hooks;
/// use serde_json::json;
///
/// let document = json!({"services": [{"id": "greeter", "hook": "patient-view", "description": "greets",
///     "prefetch": {"patient": "Patient/{{context.patientId}}"}}]});
/// assert!(Hooks::is_discovery(&document));
/// let hooks = Hooks::read(&document)?;
/// assert_eq!(hooks.statement()["rest"][0]["resource"][0]["interaction"][0]["code"], "read");
/// # Ok::<(), String>(())
/// ```
#[derive(Debug)]
pub struct Hooks {
    statement: Value,
    prefetches: Vec<Prefetch>,
}

impl Hooks {
    /// Whether a document is one of discovery: no FHIR resource, and with `services`.
    pub fn is_discovery(value: &Value) -> bool {
        value.get("resourceType").is_none() && value.get("services").is_some_and(Value::is_array)
    }

    /// Reads a document. Tokens in templates stand for values, which do not matter; a template that cannot be read is
    /// kept, with why.
    ///
    /// # Errors
    /// A message where the document has more than [`PREFETCH_LIMIT`] templates.
    pub fn read(document: &Value) -> Result<Hooks, String> {
        let mut client = Recorder::new(None);
        let source = client.source("prefetch templates");
        let mut prefetches = Vec::new();
        for service in document.get("services").and_then(Value::as_array).into_iter().flatten() {
            let text = |name: &str| service.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
            for (key, template) in service.get("prefetch").and_then(Value::as_object).into_iter().flatten() {
                if prefetches.len() >= PREFETCH_LIMIT {
                    return Err(format!("more than {PREFETCH_LIMIT} prefetch templates; name fewer services"));
                }
                let place = Place::new(source, Part::Entry(prefetches.len() as u64 + 1));
                let query = template.as_str().map_or_else(|| template.to_string(), str::to_owned);
                let (needs, note) = read(template, &mut client, place);
                prefetches.push(Prefetch {
                    service: text("id"),
                    hook: text("hook"),
                    key: key.clone(),
                    query,
                    needs,
                    note,
                });
            }
        }
        let mut statement = client.statement();
        if let Some(members) = statement.as_object_mut() {
            // The id of the negotiation follows from the whole document, not only from what its templates need.
            members.insert("id".to_owned(), identity(&mut [("discovery", document)]).into());
            members.insert("title".to_owned(), json!("CDS Hooks services"));
        }
        Ok(Hooks { statement, prefetches })
    }

    /// The CapabilityStatement of the client that the templates make.
    pub fn statement(&self) -> &Value {
        &self.statement
    }

    /// Takes the scopes of a request for those that are granted, unless its policy knows what is: what a service is
    /// called with in `fhirAuthorization.scope` is what its access token grants
    /// (<https://cds-hooks.hl7.org/2.0/#passing-the-access-token-to-the-cds-service>).
    pub fn grant(&self, request: &mut NegotiateRequest) {
        if request.scope.is_some() && request.policy.token_response.is_none() {
            request.policy.token_response = Some(TokenResponse { scope: request.scope.clone(), patient: None });
        }
    }

    /// Whether each template would be answered, in the order of the document; `agreement` is one of the statement.
    pub fn answers(&self, agreement: &Agreement) -> Vec<HookAnswer> {
        let rows = answer::rows(agreement);
        self.prefetches.iter().map(|p| answer::answer(p, &rows)).collect()
    }
}

/// What a template needs, and what of it is not stated or cannot be read.
fn read(template: &Value, client: &mut Recorder, place: Place) -> (Vec<Needed>, Option<String>) {
    let Some(text) = template.as_str() else {
        return (Vec::new(), Some("the template is not a text".to_owned()));
    };
    let target = match template::filled(text) {
        Ok(target) => target,
        Err(why) => return (Vec::new(), Some(why)),
    };
    let request = Request { method: "GET", target: &target, ..Request::default() };
    client.request(&request, place);
    let mut alone = Recorder::new(None);
    let source = alone.source("the template");
    alone.request(&request, Place::new(source, Part::Whole));
    let needs: Vec<Needed> = alone.rows().map(|row| (row.resource_type, row.item)).collect();
    let mut notices = alone.notices();
    if needs.is_empty() && notices.is_empty() {
        notices.push("the template asks for nothing".to_owned());
    }
    (needs, (!notices.is_empty()).then(|| notices.join("; ")))
}

#[cfg(test)]
mod tests;
