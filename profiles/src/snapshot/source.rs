//! Where base definitions come from: the port, and its implementation over a package graph.

use std::sync::Arc;

use serde_json::Value;

use crate::definition::Canonical;
use crate::registry::PackageGraph;

/// Gives the StructureDefinitions that a snapshot is built from.
pub trait DefinitionSource {
    /// The StructureDefinition that `canonical` (a url, perhaps with `|version`) names; it may lack a snapshot.
    fn structure(&self, canonical: &str) -> Option<Arc<Value>>;
}

/// A package graph, asked by one of its packages (its index; `None`: by the graph as a whole).
impl DefinitionSource for (&PackageGraph, Option<usize>) {
    fn structure(&self, canonical: &str) -> Option<Arc<Value>> {
        let found = self.0.resolve(&Canonical::parse(canonical), self.1, &["StructureDefinition"])?;
        Some(Arc::clone(found.definition.value()))
    }
}

impl<F: Fn(&str) -> Option<Arc<Value>>> DefinitionSource for F {
    fn structure(&self, canonical: &str) -> Option<Arc<Value>> {
        self(canonical)
    }
}
