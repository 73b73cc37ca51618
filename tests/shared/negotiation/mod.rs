//! Negotiation over published guides and real servers' statements.

pub mod all_pairs;
pub mod golden;
pub mod guides;
pub mod named;
pub mod properties;
mod support;
