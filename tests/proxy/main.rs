//! The proxy over real TCP, between a client and an upstream server of the test's own, with a gate of the test's own.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

mod answers;
mod attacks;
mod failures;
mod forwarding;
mod introspection;
mod issuer;
mod keys;
mod program;
mod shadow;
mod smuggling;
mod streaming;
mod support;
mod tokens;
mod upstream;
mod writes;
