//! Operations (<https://hl7.org/fhir/R4/operations.html>).

use super::access::Reason;
use super::judge::{Draft, Judge};
use super::refusal::refused;
use crate::scope::Permission;

impl Judge<'_> {
    /// SMART defines no scope for operations: the negotiation's policy decides.
    pub(super) fn operation(&self, name: Option<&str>, operation: &str, draft: &mut Draft) -> Result<(), Reason> {
        let own = self.negotiated.level(name).and_then(|l| l.operations.get(operation));
        let Some(standing) = own.filter(|s| s.usable) else {
            let text =
                format!("the negotiation does not list the operation `${operation}`, or says that it cannot be used");
            return Err(refused("operation-not-negotiated", text));
        };
        if !standing.by_policy {
            let text = "SMART defines no scope for operations, and the policy of the negotiation gives none for";
            return Err(refused("operation-undefined", format!("{text} `${operation}`")));
        }
        if standing.is_free {
            draft.judges_answer = self.freely("*", Permission::Read).is_none();
            return Ok(());
        }
        // Which letters the policy names is not part of a negotiated set: all of them are enough.
        let Some(scope) = self.grants.carries_all(name.unwrap_or("*")) else {
            let text = format!("`${operation}` needs a scope with all permissions and without limits");
            return Err(refused("insufficient-scope", text));
        };
        draft.scope = Some(scope.to_string());
        // What an operation gives need not be of the type that it is called on.
        draft.judges_answer = self.freely("*", Permission::Read).is_none();
        Ok(())
    }
}
