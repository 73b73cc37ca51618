//! The command line as a user meets it: the built binary, its output and its exit codes.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

mod commands;
mod diff;
mod exit;
mod faulty;
mod format;
mod hostile;
mod policy;
mod readme;
mod scripting;
mod service;
mod support;
mod xml;
