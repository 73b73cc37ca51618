//! CDS Hooks services as the client of a negotiation.

use fhir_accord_capability::Hooks;
use serde_json::Value;

use super::Complaint;

/// The CDS Hooks services that are the client of a body, which becomes the statement that they make.
///
/// # Errors
/// A complaint about the client, where the document has too many prefetch templates.
pub fn hooks_in(body: &mut Value) -> Result<Option<Hooks>, Complaint> {
    let Some(client) = body.get_mut("client").filter(|c| Hooks::is_discovery(c)) else { return Ok(None) };
    let hooks = Hooks::read(client).map_err(|e| Complaint::at("/client", e))?;
    *client = hooks.statement().clone();
    Ok(Some(hooks))
}
