//! Definitions by their canonicals, read once.

use std::sync::{Arc, Mutex, PoisonError};

use rustc_hash::FxHashMap;
use serde_json::Value;

use super::codes::{Codes, Displays, displays, expanded};
use super::structure::Structure;
use crate::profiles::definition::Canonical;
use crate::profiles::registry::PackageGraph;
use crate::profiles::snapshot::generate;

/// What was read of definitions; for one package graph.
#[derive(Debug, Default)]
pub struct Cache {
    structures: Mutex<FxHashMap<String, Option<Arc<Structure>>>>,
    codes: Mutex<FxHashMap<String, Option<Arc<Codes>>>>,
    displays: Mutex<FxHashMap<String, Option<Arc<Displays>>>>,
}

/// The most canonicals that a cache keeps of each kind: beyond it the cache begins anew.
const KEPT: usize = 4_096;

/// The definitions of a package graph.
#[derive(Clone, Copy, Debug)]
pub struct Definitions<'g> {
    graph: &'g PackageGraph,
    cache: &'g Cache,
}

/// What `made` gives for a canonical, or gave before.
fn kept<T>(
    all: &Mutex<FxHashMap<String, Option<Arc<T>>>>,
    canonical: &str,
    make: impl FnOnce() -> Option<T>,
) -> Option<Arc<T>> {
    let lock = || all.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(known) = lock().get(canonical) {
        return known.clone();
    }
    let made = make().map(Arc::new);
    let mut all = lock();
    if all.len() >= KEPT {
        all.clear();
    }
    all.insert(canonical.to_owned(), made.clone());
    made
}

impl<'g> Definitions<'g> {
    /// The definitions of a graph, with a cache that serves this graph only.
    pub fn new(graph: &'g PackageGraph, cache: &'g Cache) -> Definitions<'g> {
        Definitions { graph, cache }
    }

    /// The StructureDefinition of a canonical, with a snapshot that is generated where it has none; `None` where it is
    /// not loaded or has no snapshot.
    pub fn structure(&self, canonical: &str) -> Option<Arc<Structure>> {
        kept(&self.cache.structures, canonical, || self.read(canonical))
    }

    /// The StructureDefinition of a type of the specification.
    pub fn of_type(&self, name: &str) -> Option<Arc<Structure>> {
        if name.is_empty() || name.contains('/') {
            return self.structure(name).filter(|s| !s.is_profile);
        }
        self.structure(&format!("http://hl7.org/fhir/StructureDefinition/{name}"))
    }

    fn read(&self, canonical: &str) -> Option<Structure> {
        let found = self.graph.resolve(&Canonical::parse(canonical), None, &["StructureDefinition"])?;
        let definition = found.definition.value();
        let elements = definition.pointer("/snapshot/element").and_then(Value::as_array);
        if let Some(elements) = elements.filter(|e| !e.is_empty()) {
            return Some(Structure::read(definition, elements));
        }
        let snapshot = generate(definition, &(self.graph, Some(found.package))).ok()?;
        Some(Structure::read(definition, &snapshot.elements))
    }

    /// The codes of a value set, as far as they are known one by one; `None` where it is not loaded.
    pub fn codes(&self, value_set: &str) -> Option<Arc<Codes>> {
        kept(&self.cache.codes, value_set, || expanded(self.graph, value_set))
    }

    /// What its code system calls a code; `None` where the system is not loaded or does not have the code.
    pub fn display(&self, system: &str, code: &str) -> Option<String> {
        kept(&self.cache.displays, system, || displays(self.graph, system))?.of(code)
    }
}
