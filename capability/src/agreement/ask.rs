//! The scope string to send, as a result shows it.

use serde::Serialize;

use crate::reason::Reason;

/// The scope string to send, and how a requested string differs from it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Ask {
    /// The string; empty where nothing is needed.
    pub scope: String,
    /// What the requested string lacks.
    pub missing: Vec<AskedToken>,
    /// What the requested string asks for beyond the need.
    pub beyond: Vec<AskedToken>,
}

/// A scope in normal form, and why it is told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AskedToken {
    /// The scope.
    pub token: String,
    /// Why it is missing, or beyond.
    pub why: Reason,
}
