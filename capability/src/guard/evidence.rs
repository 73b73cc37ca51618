//! What a decision asks about resources and definitions, as a port: the decision itself reads neither.

use fhir_accord_profiles::interrupt::Interrupt;
pub use fhir_accord_profiles::search::Answer as Truth;
use serde_json::Value;

/// What a validator says of a body as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Validity {
    /// It is valid.
    Valid,
    /// It has an error.
    Invalid,
    /// It cannot be determined.
    Undetermined,
}

/// What a validator says of a body.
#[derive(Clone, Debug)]
pub struct Validation {
    /// As a whole.
    pub validity: Validity,
    /// Its issues, as members of OperationOutcome.issue.
    pub issues: Vec<Value>,
}

/// Answers about resources and definitions of one FHIR version. Resources are in JSON.
pub trait Evidence: Send + Sync {
    /// Whether the FHIR version has a resource type of this name.
    fn knows_type(&self, name: &str) -> bool;

    /// Whether a resource meets a search query, `a=b&c=d` and percent-encoded.
    fn meets(&self, resource: &[u8], query: &str, interrupt: &Interrupt) -> Truth;

    /// Whether a resource is in the compartment of the patient with this id.
    fn in_compartment(&self, resource: &[u8], patient: &str, interrupt: &Interrupt) -> Truth;

    /// A reference without the server's own base in front of it; itself where that is not in front.
    fn relative<'t>(&self, reference: &'t str) -> &'t str {
        reference
    }

    /// The types that a search parameter of a type leads to; `None` where that is not known, and where it is no
    /// reference.
    fn targets(&self, resource_type: &str, parameter: &str) -> Option<Vec<String>>;

    /// Whether a type has a search parameter of this name.
    fn knows_parameter(&self, resource_type: &str, parameter: &str) -> bool;

    /// What a validator says of a body, under its type, what it claims in `meta.profile`, and this profile if any.
    fn validate(&self, body: &[u8], profile: Option<&str>, interrupt: &Interrupt) -> Validation;
}
