//! The service over real TCP, in this process, on an ephemeral port.
#![allow(clippy::unwrap_used, clippy::panic)]

mod definitions;
mod fhirpath;
mod hostile;
mod killed;
mod media;
mod negotiate;
mod openapi;
mod packages;
mod process;
mod support;
mod validate;
mod work;
