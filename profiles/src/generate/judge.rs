//! The port to a judge of instances, and what it says.

use crate::issue::{RuleId, Verdict};
use crate::judge::Weight;
use crate::plan::Handle;

/// Judges an instance by one profile. The walk implements it, so that nothing here can see the walk.
pub trait Judge {
    /// What the walk says of an instance, as JSON, under the root element of a structure.
    fn judge(&mut self, json: &str, profile: Handle) -> Judged;
}

/// What was said of an instance.
#[derive(Clone, Debug)]
pub struct Judged {
    /// Valid, invalid, or open.
    pub verdict: Verdict,
    /// The errors and the open questions, in the order of the text.
    pub faults: Vec<JudgedFault>,
}

/// One error or open question about an instance.
#[derive(Clone, Debug)]
pub struct JudgedFault {
    /// The rule that found it.
    pub rule: RuleId,
    /// An error or a question.
    pub weight: Weight,
    /// The way from the root to the node, the root itself left out.
    pub path: Vec<PathStep>,
    /// The key of the constraint, the name of the child, or what else the rule tells.
    pub detail: FaultDetail,
    /// The element rows that demand it.
    pub handles: Vec<Handle>,
}

/// One name on the way down to a node.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PathStep {
    /// The name as the instance writes it (`valueQuantity`).
    pub name: String,
    /// The place among the entries of a list, from 0; `None` where the element is no list.
    pub index: Option<u32>,
}

/// What a fault is about, beside its node.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum FaultDetail {
    /// Nothing more than the rule says.
    None,
    /// A child that is missing or too much, by its name.
    Child(String),
    /// A slice, by its element row.
    Slice(Handle),
    /// A constraint, by its layer and row.
    Constraint {
        /// The layer of the constraint's row.
        layer: u32,
        /// Its row.
        row: u32,
        /// `ElementDefinition.constraint.key`.
        key: String,
    },
    /// Anything else, as text.
    Text(String),
}
