//! Negotiation over published guides and real servers' statements.

pub mod all_pairs;
#[path = "../../negotiation/found.rs"]
mod found;
pub mod golden;
pub mod guides;
pub mod named;
pub mod properties;
pub mod standard;
mod support;
