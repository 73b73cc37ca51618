//! What a FHIR client and a FHIR server can do together, from their capability statements and SMART scopes. Pure and
//! synchronous: no I/O, no clock; the same inputs give the same bytes.
//!
//! [`negotiate()`] is the entry point; [`scope`] has the tools for scope strings; [`rules`] explains the rule ids.

pub mod agreement;
mod ask;
mod broken;
pub mod client;
mod compare;
mod contexts;
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
mod package_search;
mod parties;
pub mod policy;
mod profile_set;
pub mod reason;
pub mod relation;
mod rename;
mod request;
pub mod rules;
pub mod scope;
mod scope_outcome;
mod statement;
mod succession;
mod unused;
mod weighing;

pub use agreement::{Agreement, Change, PolicyEffect};
pub use definitions::{CodesAt, Definitions, GuideInfo, ProfileInfo, SearchParameterInfo};
pub use negotiate::negotiate;
pub use package_definitions::PackageDefinitions;
pub use policy::Policy;
pub use request::{NegotiateError, NegotiateRequest, Side, Weigh};
pub use weighing::PolicyScript;
