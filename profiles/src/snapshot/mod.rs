//! Differential to snapshot (<https://hl7.org/fhir/R4/profiling.html#snapshot>).
//!
//! The base's snapshot becomes a tree of elements, children and slices; the differential, a tree too, is laid over it.
//! Children of datatypes, of profiles on them and of content references are put in where the differential goes there.
//! The tree written out again, with paths and ids made anew, is the snapshot. A fault of the differential is a
//! [`DefinitionIssue`]; the rest of the snapshot stands.

mod apply;
mod canonical;
mod check;
mod choice;
mod differential;
mod element;
mod expand;
mod generated;
mod generator;
mod group;
mod inherit;
mod issue;
mod merge;
mod obligation;
mod slice;
mod source;
mod specialize;
#[cfg(test)]
mod tests;
mod tree;

pub use generator::{Generator, Snapshot};
pub use issue::{DefinitionIssue, Problem, SnapshotError, SnapshotFault};
pub use source::DefinitionSource;

use serde_json::{Value, json};

/// The snapshot of one StructureDefinition, generated from its differential even where it holds a snapshot.
///
/// A definition without a differential gives its snapshot back. To generate many, keep a [`Generator`]: it remembers
/// the bases.
///
/// # Errors
/// [`SnapshotError`] where `definition` is not a StructureDefinition, or its base is not loaded or refers back to it.
pub fn generate(definition: &Value, source: &dyn DefinitionSource) -> Result<Snapshot, SnapshotError> {
    Generator::new(source).generate(definition)
}

/// Puts a snapshot with these elements into a StructureDefinition, in front of the differential, in place of the one
/// that it has.
pub fn put(definition: &mut Value, elements: Vec<Value>) {
    let Some(members) = definition.as_object_mut() else { return };
    members.shift_remove("snapshot");
    let place = members.keys().position(|k| k == "differential").unwrap_or(members.len());
    members.shift_insert(place, "snapshot".to_owned(), json!({ "element": elements }));
}
