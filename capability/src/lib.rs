//! What a FHIR client and a FHIR server can do together, from their capability statements and SMART scopes. Pure and
//! synchronous: no I/O, no clock; the same inputs give the same bytes.
//!
//! [`negotiate()`] is the entry point; [`scope`] has the tools for scope strings; [`rules`] explains the rule ids.

pub mod agreement;
mod compare;
mod definition_head;
pub mod definitions;
mod dimension;
pub mod expectation;
mod grant;
mod identity;
pub mod issue;
mod nearest;
mod need;
mod negotiate;
mod package_definitions;
pub mod policy;
pub mod relation;
mod rename;
mod request;
pub mod rules;
pub mod scope;
mod scope_outcome;
mod statement;
mod succession;
mod weighing;

pub use agreement::{Agreement, Change, PolicyEffect};
pub use definitions::{Definitions, GuideInfo, ProfileInfo};
pub use negotiate::negotiate;
pub use package_definitions::PackageDefinitions;
pub use policy::Policy;
pub use request::{NegotiateError, NegotiateRequest, Side};
pub use weighing::PolicyScript;
