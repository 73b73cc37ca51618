//! Differential to snapshot (https://hl7.org/fhir/R4/profiling.html#snapshot).
//!
//! The base's snapshot becomes a tree of elements, children and slices; the differential, a tree too, is laid over it.
//! Children of datatypes, of profiles on them and of content references are put in where the differential goes there.
//! The tree written out again, with paths and ids made anew, is the snapshot. A fault of the differential is a
//! [`DefinitionIssue`]; the rest of the snapshot stands.

mod apply;
mod check;
mod choice;
mod differential;
mod element;
mod expand;
mod generator;
mod inherit;
mod issue;
mod merge;
mod slice;
mod source;
mod specialize;
#[cfg(test)]
mod tests;
mod tree;

pub use generator::Generator;
pub use issue::{DefinitionIssue, Problem, SnapshotError};
pub use source::DefinitionSource;

use serde_json::Value;

/// A generated snapshot.
#[derive(Clone, Debug, PartialEq)]
pub struct Snapshot {
    /// Complete ElementDefinitions, in the order of a depth-first walk; slices follow the element that they divide.
    pub elements: Vec<Value>,
    /// What was wrong with the differential.
    pub issues: Vec<DefinitionIssue>,
    /// What was wrong with those of its bases whose snapshots had to be generated.
    pub inherited: Vec<DefinitionIssue>,
}

/// The snapshot of one StructureDefinition, generated from its differential even where it holds a snapshot.
///
/// A definition without a differential gives its snapshot back. To generate many, keep a [`Generator`]: it remembers
/// the bases.
///
/// # Errors
/// [`SnapshotError`] where `definition` is no StructureDefinition, or its base is absent or leads back to it.
pub fn generate(definition: &Value, source: &dyn DefinitionSource) -> Result<Snapshot, SnapshotError> {
    Generator::new(source).generate(definition)
}
