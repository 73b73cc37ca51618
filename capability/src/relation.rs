//! How two profiles of a type relate, as whoever compares definitions tells it. Plain data: nothing is decided here.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Whether every instance of one profile is valid for another.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Validity {
    /// By a proof over both definitions.
    Proven,
    /// Of the instances that conditions select; of others not.
    Partial,
    /// By a witness.
    Refuted,
    /// It cannot be determined.
    #[default]
    Unknown,
}

/// How much of what one profile is used for the instances of another serve.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Coverage {
    /// All of it.
    All,
    /// The part that conditions select.
    Part,
    /// None of it: no instance is in both.
    None,
    /// It cannot be determined.
    #[default]
    Unknown,
}

/// How the instances of a profile relate to another profile of the same type. The default says that nothing is known.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Relation {
    /// Whether its instances are valid for the other.
    pub validity: Validity,
    /// The conditions that together select the instances of a partial validity.
    pub conditions: Vec<String>,
    /// How much of the other's use its instances serve.
    pub coverage: Coverage,
    /// The conditions that together select the part that is served.
    pub covered: Vec<String>,
    /// Demands of the other profile that are not proven, as `min of Patient.identifier`: the first of them.
    pub open: Vec<String>,
    /// How many demands are not proven.
    pub open_count: usize,
    /// What its instances would also have to meet to be valid for the other, as `Patient.identifier: at least 1`: the
    /// first demands.
    pub bridge: Vec<String>,
    /// How many demands the whole bridge has.
    pub bridge_count: usize,
    /// An instance that is valid for the one and not for the other.
    pub witness: Option<Value>,
}

impl Relation {
    /// Of a profile and itself.
    pub fn same() -> Relation {
        Relation { validity: Validity::Proven, coverage: Coverage::All, ..Relation::default() }
    }

    /// Whether nothing was compared.
    pub fn is_silent(&self) -> bool {
        self.validity == Validity::Unknown && self.coverage == Coverage::Unknown && self.open_count == 0
    }
}
