//! The service: FHIR's `$validate`, `$fhirpath`, the definitions of the loaded packages, negotiation, health. One file
//! a job.

mod body;
mod conformance;
mod content_type;
mod definitions;
mod fault;
mod fhirpath;
mod health;
mod json_body;
mod media;
mod metadata;
mod mode;
mod negotiate;
mod openapi;
mod packages;
mod parameters;
mod query;
mod relations;
mod routes;
mod rules;
mod server;
mod service;
mod snapshot;
mod stored_snapshots;
mod trace;
mod validate;
mod work;

pub use fault::{FAULT_SYSTEM, Fault, POINTER_EXTENSION};
pub use metadata::{DEFINITION_TYPES, statement};
pub use openapi::document;
pub use server::{Running, start};
pub use service::{Catalogue, Loaded, Service};
pub use trace::REQUEST_ID;
