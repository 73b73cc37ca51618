//! What a FHIR client and a FHIR server can do together, from their capability statements and SMART scopes. Pure and
//! synchronous: no I/O, no clock; the same inputs give the same bytes.
//!
//! [`negotiate()`] is the entry point; [`standard`] gives the same result as FHIR's own operations; [`scope`] has the
//! tools for scope strings; [`rules`] explains the rule ids.

pub mod agreement;
mod ask;
mod broken;
pub mod client;
mod compare;
mod contexts;
mod definition_head;
pub mod definitions;
mod dimension;
pub mod drift;
pub mod expectation;
mod grant;
pub mod guard;
mod hooks;
mod identity;
pub mod issue;
pub mod matrix;
mod nearest;
mod need;
mod negotiate;
pub mod observed;
mod package_definitions;
mod package_search;
mod part;
mod parties;
pub mod policy;
mod prepared;
mod profile_set;
pub mod reason;
pub mod relation;
mod rename;
mod request;
pub mod rules;
pub mod scope;
mod scope_outcome;
mod size;
pub mod standard;
mod statement;
mod succession;
mod unused;
mod weighing;
mod without;

pub use agreement::{Agreement, Change, PolicyEffect};
pub use definitions::{CodesAt, Definitions, GuideInfo, ProfileInfo, SearchParameterInfo};

pub use hooks::{Hooks, PREFETCH_LIMIT};
pub use identity::identity;
pub use negotiate::{between, negotiate};
pub use package_definitions::PackageDefinitions;
pub use part::Part;
pub use policy::Policy;
pub use prepared::Prepared;
pub use request::{NegotiateError, NegotiateRequest, Side, Terms, Weigh};
pub use weighing::PolicyScript;
