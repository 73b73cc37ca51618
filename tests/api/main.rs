//! The service over real TCP, in this process, on an ephemeral port.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

mod attacks;
mod conformance;
mod console;
mod definitions;
mod deletion;
mod fhirpath;
mod full_disk;
mod guard;
mod held;
mod hostile;
mod killed;
mod malformed;
mod media;
mod negotiate;
mod onslaught;
mod openapi;
mod operating;
mod packages;
mod parties;
mod process;
mod program;
mod project;
mod relations;
mod snapshot;
mod support;
mod telemetry;
mod tls;
mod tokens;
mod unusable;
mod validate;
mod versions;
mod wire;
mod work;
mod wrapper;
mod xml;
