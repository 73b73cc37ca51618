//! FHIR profile validation and capability negotiation.

pub use fhir_accord_capability as capability;
pub use fhir_accord_profiles as profiles;

pub mod app;
pub mod card;
pub mod cli;
pub mod config;
pub mod difference;
pub mod fhirpath;
pub mod guard;
pub mod http;
pub mod images;
pub mod observed;
pub mod packages;
pub mod page;
pub mod parties;
pub mod printable;
pub mod proxy;
pub mod relations;
pub mod remote;
pub mod render;
pub mod resources;
pub mod schema;
pub mod scripts;
pub mod settle;
pub mod store;
pub mod telemetry;
pub mod terminology;
pub mod token;
mod wording;
