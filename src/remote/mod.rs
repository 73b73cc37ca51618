//! What is on other machines: package registries, and what FHIR servers say of themselves. Timeouts, bounded retries
//! and limits on everything.
//!
//! Nothing goes online unless its caller asks: `accord package add`, `accord health`, or `--fetch`.

pub mod authority;
mod client;
mod document;
mod download;
pub mod fetch;
pub mod guard;
pub mod health;
mod http;
mod json_document;
mod names;
pub mod otlp;
pub mod reach;
pub mod registry;
pub mod server_documents;
pub mod server_url;
pub mod terminology;
#[cfg(test)]
mod tests;
pub mod trust;
pub mod upstream;
pub mod watched;
