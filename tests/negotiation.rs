//! Negotiation: edge cases by name, golden counts, every server against every client.
#![allow(clippy::unwrap_used, clippy::panic)]

#[path = "negotiation/support.rs"]
mod support;

#[path = "negotiation/all_pairs.rs"]
mod all_pairs;
#[path = "negotiation/command_line.rs"]
mod command_line;
#[path = "negotiation/edge_cases.rs"]
mod edge_cases;
#[path = "negotiation/golden.rs"]
mod golden;
#[path = "negotiation/guides.rs"]
mod guides;
#[path = "negotiation/policy_script.rs"]
mod policy_script;
#[path = "negotiation/properties.rs"]
mod properties;
#[path = "negotiation/small_print.rs"]
mod small_print;
