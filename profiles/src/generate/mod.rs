//! Instances from profiles: the smallest, the fullest, and those at the limits of what a profile allows
//! (<https://hl7.org/fhir/R4/profiling.html>). Pure and deterministic: the same plans, wishes and seed give the same
//! bytes.
//!
//! A node is built along its plan: fixed values and patterns are laid over one another, slices are met by what tells
//! them, codes come from the compiled value sets. Whether the result is valid is for the port [`Judge`] to say; where
//! an invariant fails, a bounded search over the elements that it names looks for a change that mends it.

mod ask;
mod boundary;
mod build;
mod chance;
mod code_set;
mod codeable_reference;
mod coded;
mod concept;
mod draft;
mod entries;
mod entry;
mod fill;
mod instances;
mod judge;
mod named;
mod node;
mod primitive;
mod reference;
mod remedies;
mod repair;
mod resource;
mod slices;
mod tree;
mod tree_json;
mod wish;

pub use build::Generator;
pub(crate) use code_set::all_members;
pub use judge::{FaultDetail, Judge, Judged, JudgedFault, PathStep};
pub use wish::{Step, Want, Wish};

pub use crate::issue::Verdict;
pub use crate::judge::Weight;

use serde_json::Value;

/// Which instances of a profile.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// The smallest.
    Minimal,
    /// Those with every must-support element and every slice that is must-support or required.
    Full,
    /// Those at the limits of what is allowed: cardinalities, choice types, slices, codes.
    Boundary,
}

/// An instance, judged.
#[derive(Clone, Debug)]
pub struct Instance {
    /// The resource, its members in the order of their definitions.
    pub value: Value,
    /// What the judge said of it under the profile.
    pub judged: Judged,
    /// The wishes by which it was built, beside the kind's own.
    pub wishes: Vec<Wish>,
}

/// The instances of a profile, and what could not be built.
#[derive(Clone, Debug, Default)]
pub struct Generated {
    /// Valid instances, each once, in the order in which they were found.
    pub instances: Vec<Instance>,
    /// What was left out of them, and why there are not as many as were asked for; each once.
    pub unbuildable: Vec<Unbuildable>,
}

/// Why something could not be built.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Unbuildable {
    /// The id of the element definition (`Patient.extension:race`).
    pub element: String,
    /// Lower case, no full stop.
    pub reason: String,
}

impl std::fmt::Display for Unbuildable {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "`{}`: {}", self.element, self.reason)
    }
}

impl std::error::Error for Unbuildable {}
