//! What a policy's script changed.

use serde::Serialize;

use crate::expectation::Weight;

/// What a policy's script changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PolicyEffect {
    /// The name of the script.
    pub file: String,
    /// The findings with another weight, in the order in which they were weighed.
    pub changes: Vec<Change>,
}

/// A finding to which the script gave another weight than the statements do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Change {
    /// `interaction`, `search`, `profile` and so on.
    pub dimension: &'static str,
    /// Null at the system level.
    #[serde(rename = "type")]
    pub resource_type: Option<String>,
    /// The code, name or canonical of the item; empty for a statement as a whole.
    pub item: String,
    /// `satisfied`, `unmet` or `unknown`.
    pub state: &'static str,
    /// The weight that the statements give.
    pub from: Weight,
    /// The weight that the script gives.
    pub to: Weight,
    /// The reason that the script gives.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub because: Option<String>,
}
