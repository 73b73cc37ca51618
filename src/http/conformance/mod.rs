//! The standard operations on CapabilityStatement (<https://hl7.org/fhir/R4/capabilitystatement-operations.html>):
//! `$implements`, `$conforms`, `$subset`, `$versions`, and `$feature-query`. Their answers are made by
//! [`crate::capability::standard`]; here is what they are asked, and of which statements.

mod asked;
mod conforms;
mod features;
mod implements;
mod job;
mod party;
mod subset;
mod versions;

pub(super) use conforms::conforms;
pub(super) use features::features;
pub(super) use implements::implements;
pub(super) use subset::subset;
pub(super) use versions::versions;
