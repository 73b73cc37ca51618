//! The codes of value sets, and what code systems call them.

use std::sync::Arc;

use serde_json::Value;

use crate::profiles::definition::Canonical;
use crate::profiles::registry::PackageGraph;
use crate::profiles::terminology::{CodeSystemTable, TerminologySource, code_system, expand};

/// The most codes of a value set that are kept.
const MOST_CODES: usize = 2_000;
/// The longest definition of a value set or a code system that is read for its codes, in bytes.
const MOST_BYTES: usize = 4 << 20;

/// A code of a value set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Code {
    /// The url of its code system.
    pub system: String,
    /// The code.
    pub code: String,
    /// What it is called.
    pub display: Option<String>,
}

/// The codes of a value set.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Codes {
    /// Those that are known one by one and in use, up to a bound.
    pub codes: Vec<Code>,
    /// Whether there are no others.
    pub is_whole: bool,
}

/// The terminology of a package graph. Supplements add names, and no codes: they are left out.
struct Source<'g>(&'g PackageGraph);

impl Source<'_> {
    fn find(&self, canonical: &Canonical, resource_type: &str) -> Option<Arc<Value>> {
        let found = self.0.resolve(canonical, None, &[resource_type])?.definition;
        (found.text().len() <= MOST_BYTES).then(|| Arc::clone(found.value()))
    }
}

impl TerminologySource for Source<'_> {
    fn value_set(&self, canonical: &Canonical) -> Option<Arc<Value>> {
        self.find(canonical, "ValueSet")
    }

    fn code_system(&self, canonical: &Canonical) -> Option<Arc<Value>> {
        self.find(canonical, "CodeSystem")
    }

    fn supplements(&self, _: &str) -> Vec<Arc<Value>> {
        Vec::new()
    }
}

/// The codes of a value set; `None` where it is not loaded.
pub(super) fn expanded(graph: &PackageGraph, value_set: &str) -> Option<Codes> {
    let source = Source(graph);
    let definition = source.value_set(&Canonical::parse(value_set))?;
    let expansion = expand(&definition, &source);
    let in_use = expansion.codes.iter().filter(|c| !c.inactive && !c.is_abstract);
    let is_whole = expansion.is_certain() && expansion.open.is_empty() && expansion.codes.len() <= MOST_CODES;
    let codes = in_use
        .take(MOST_CODES)
        .map(|c| Code { system: c.system.clone(), code: c.code.clone(), display: c.display.clone() })
        .collect();
    Some(Codes { codes, is_whole })
}

/// What a code system calls its codes; `None` where it is not loaded.
pub(super) fn displays(graph: &PackageGraph, system: &str) -> Option<Displays> {
    let definition = Source(graph).code_system(&Canonical::parse(system))?;
    Some(Displays(code_system(&definition)))
}

/// What a code system calls its codes.
#[derive(Debug)]
pub(super) struct Displays(CodeSystemTable);

impl Displays {
    /// What it calls a code.
    pub fn of(&self, code: &str) -> Option<String> {
        self.0.find(code)?.display.clone().filter(|d| !d.is_empty())
    }
}
