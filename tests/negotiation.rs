//! Negotiation: edge cases by name, over small statements. Those over published ones are in
//! `tests/shared/negotiation/`.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

#[path = "negotiation/found.rs"]
mod found;
#[path = "negotiation/support.rs"]
mod support;

#[path = "negotiation/bounds.rs"]
mod bounds;
#[path = "negotiation/client.rs"]
mod client;
#[path = "negotiation/command_line.rs"]
mod command_line;
#[path = "negotiation/edge_cases.rs"]
mod edge_cases;
#[path = "negotiation/engine.rs"]
mod engine;
#[path = "negotiation/joint/mod.rs"]
mod joint;
#[path = "negotiation/many_alike.rs"]
mod many_alike;
#[path = "negotiation/matrix.rs"]
mod matrix;
#[path = "negotiation/policy_script.rs"]
mod policy_script;
#[path = "negotiation/size.rs"]
mod size;
#[path = "negotiation/small_print/mod.rs"]
mod small_print;
#[path = "negotiation/structure.rs"]
mod structure;
#[path = "negotiation/told.rs"]
mod told;
