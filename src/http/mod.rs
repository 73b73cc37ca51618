//! The service: FHIR's `$validate`, `$fhirpath`, the definitions of the loaded packages, negotiation, health. One file
//! a job.

mod access;
mod body;
mod client;
mod conformance;
mod content_type;
mod cors;
mod definitions;
mod descriptors;
mod fault;
mod fhirpath;
mod head;
mod health;
mod health_server;
mod json_body;
mod listen;
mod media;
mod metadata;
mod metrics;
mod mode;
mod negotiate;
mod openapi;
mod packages;
mod parameters;
mod query;
mod relations;
mod routes;
mod rules;
mod scrape;
mod server;
mod service;
mod signals;
mod snapshot;
mod stored_snapshots;
mod trace;
mod validate;
mod wire;
mod work;
mod xml;

pub use fault::{FAULT_SYSTEM, Fault, POINTER_EXTENSION};
pub use metadata::{DEFINITION_TYPES, statement};
pub use openapi::document;
pub use server::{Running, start};
pub use service::{Catalogue, Clock, Loaded, Service, Stopping};
pub use signals::heed_reload;
pub use trace::REQUEST_ID;
