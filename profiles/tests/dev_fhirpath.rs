#![allow(clippy::unwrap_used, clippy::panic)]
#[path = "../../tests/conformance/fhirpath.rs"]
mod fhirpath;
