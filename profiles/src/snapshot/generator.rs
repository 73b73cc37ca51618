//! The generator: fetches bases, remembers their trees, guards against circles.

use crate::definition::bare;
use crate::interrupt::Interrupt;
use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use rustc_hash::FxHashMap;
use serde_json::Value;

use super::apply::{SNAPSHOT_LIMIT, Walk};
use super::differential::{self, Change};
use super::generated::{Generated, Missing, Tree, Trees, is_logical, own_type};
use super::inherit::inherit;
use super::specialize::{Kind, specialize};
use super::tree::{DEPTH_LIMIT, Node};
use super::{DefinitionIssue, DefinitionSource, SnapshotError, SnapshotFault};

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

/// Generates snapshots, and remembers those of the bases and types that it passes.
pub struct Generator<'s> {
    source: &'s dyn DefinitionSource,
    /// By canonical as asked for.
    trees: RefCell<FxHashMap<String, Tree>>,
    /// The canonicals on the way, with versions, against circles.
    open: RefCell<Vec<String>>,
    interrupt: Interrupt,
}

/// How many definitions may wait for one another.
const CHAIN_LIMIT: usize = 64;
/// How many elements a differential may have.
const DIFFERENTIAL_LIMIT: usize = 20_000;

/// The name of a definition on the way: `url|version`.
fn name_of(definition: &Value) -> String {
    let text = |key| definition.get(key).and_then(Value::as_str).unwrap_or_default();
    format!("{}|{}", text("url"), text("version"))
}

impl<'s> Generator<'s> {
    /// A generator that knows no definition yet; it asks `source` for those that it needs.
    pub fn new(source: &'s dyn DefinitionSource) -> Generator<'s> {
        Generator { source, trees: RefCell::default(), open: RefCell::default(), interrupt: Interrupt::never() }
    }

    /// The same, broken off by this interrupt: from then on each snapshot is [`SnapshotError::BrokenOff`].
    pub fn under(self, interrupt: &Interrupt) -> Generator<'s> {
        Generator { interrupt: interrupt.clone(), ..self }
    }

    /// The snapshot of a StructureDefinition, as [`super::generate`] gives it.
    ///
    /// # Errors
    /// As for [`super::generate`].
    pub fn generate(&self, definition: &Value) -> Result<Snapshot, SnapshotError> {
        self.open.borrow_mut().push(name_of(definition));
        let generated = self.build(definition);
        self.open.borrow_mut().pop();
        let Generated { root, issues, inherited, .. } = generated?;
        Ok(Snapshot { elements: root.flatten(), issues, inherited })
    }

    /// Minimum and maximum of the elements of the definition that a canonical names, by id; empty where it is not
    /// available.
    pub(crate) fn cardinalities(&self, canonical: &str) -> FxHashMap<String, (u64, u64)> {
        let mut out = FxHashMap::default();
        if let Ok(tree) = self.tree(canonical) {
            tree.root.cardinalities(&tree.root.name, &mut out);
        }
        out
    }

    fn build_base(&self, definition: &Value) -> Tree {
        let name = name_of(definition);
        let met = self.open.borrow().iter().position(|o| *o == name);
        if let Some(at) = met {
            let by = self.open.borrow().iter().skip(at + 1).map(|n| bare(n).to_owned()).collect();
            return Err(Missing::Circular(SnapshotFault::Circular { by }.of(bare(&name))));
        }
        if let Some(first) = self.open.borrow().first().filter(|_| self.open.borrow().len() >= CHAIN_LIMIT) {
            let fault = SnapshotFault::TooDeep { limit_definitions: CHAIN_LIMIT };
            return Err(Missing::Circular(fault.of(bare(first))));
        }
        self.open.borrow_mut().push(name);
        let built = self.build(definition);
        self.open.borrow_mut().pop();
        built.map(Rc::new).map_err(|error| match error {
            SnapshotError::Unusable {
                fault: SnapshotFault::Circular { .. } | SnapshotFault::TooDeep { .. }, ..
            } => Missing::Circular(error),
            _ => Missing::Faulty(error),
        })
    }

    /// The tree of the definition that `profile` names as its base.
    fn base(&self, profile: &str, canonical: &str) -> Result<Rc<Generated>, SnapshotError> {
        self.tree(canonical).map_err(|missing| match missing {
            Missing::Circular(error) | Missing::Faulty(error) => error,
            Missing::Absent => {
                let other = canonical.contains('|').then(|| self.source.structure(bare(canonical))).flatten();
                let other = other.map(|d| d.get("version").and_then(Value::as_str).unwrap_or_default().to_owned());
                SnapshotFault::BaseAbsent { base: canonical.to_owned(), other }.of(profile)
            }
        })
    }

    /// The tree of a definition from its differential.
    fn build(&self, definition: &Value) -> Result<Generated, SnapshotError> {
        let text = |key| definition.get(key).and_then(Value::as_str);
        if text("resourceType") != Some("StructureDefinition") {
            return Err(SnapshotError::NotAStructureDefinition);
        }
        let elements = definition.get("differential").and_then(|d| d.get("element")).and_then(Value::as_array);
        let profile = text("url").or(text("id")).unwrap_or_default();
        let dstu2 = definition.get("base").is_some();
        let published =
            if elements.is_none() || dstu2 { Node::from_snapshot(&Arc::new(definition.clone())) } else { None };
        if let Some(root) = published {
            return Ok(Generated::published(root, definition));
        }
        if dstu2 && text("baseDefinition").is_none() {
            return Err(SnapshotFault::Dstu2.of(profile));
        }
        if elements.is_none() && text("baseDefinition").is_none() {
            return Err(SnapshotError::NotAStructureDefinition);
        }
        let elements = elements.map_or(&[][..], Vec::as_slice);
        if elements.len() > DIFFERENTIAL_LIMIT {
            return Err(SnapshotFault::TooLarge { limit_elements: DIFFERENTIAL_LIMIT }.of(profile));
        }
        let base = text("baseDefinition").map(|base| self.base(profile, base)).transpose()?;
        let own = text("type").map(|t| t.rsplit('/').next().unwrap_or(t));
        if let (Some(base), Some(of), Some("constraint")) = (&base, own, text("derivation"))
            && *base.root.name != *of
        {
            let fault = SnapshotFault::OtherType { of: of.to_owned(), base: base.root.name.to_string() };
            return Err(fault.of(profile));
        }
        let (change, stray) = differential::read(elements);
        let mut walk = Walk::new(self, profile, base.as_deref());
        walk.report_stray(&stray);
        let root = lay(&mut walk, base.as_deref(), &change, definition);
        if self.is_broken_off() {
            return Err(SnapshotError::BrokenOff);
        }
        let root = root?;
        if walk.room == 0 || root.depth() > 2 * DEPTH_LIMIT {
            return Err(SnapshotFault::TooLarge { limit_elements: SNAPSHOT_LIMIT }.of(profile));
        }
        let inherited = base.iter().flat_map(|b| b.inherited.iter().chain(&b.issues)).cloned().collect();
        let logical = is_logical(definition) || base.as_ref().is_some_and(|b| b.logical);
        Ok(Generated { root, own_type: own_type(definition), logical, issues: walk.issues, inherited })
    }
}

/// The tree of a definition: its differential laid over its base.
fn lay(
    walk: &mut Walk<'_>,
    base: Option<&Generated>,
    change: &Change<'_>,
    definition: &Value,
) -> Result<Node, SnapshotError> {
    let text = |key| definition.get(key).and_then(Value::as_str);
    let logical = is_logical(definition);
    let mut root = match base {
        Some(base) if text("derivation") != Some("specialization") => {
            let mut root = base.root.clone();
            inherit(&mut root, &base.own_type);
            walk.constrain(&mut root, change);
            root
        }
        _ => {
            walk.specializes = true;
            let kind = Kind { name: text("type"), logical };
            specialize(walk, base.map(|b| &b.root), change, &kind).ok_or(SnapshotError::NotAStructureDefinition)?
        }
    };
    if logical || base.is_some_and(|b| b.logical) {
        walk.settle_groups(&mut root);
    }
    walk.inherit_obligations(&mut root, definition);
    Ok(root)
}

impl Trees for Generator<'_> {
    fn is_broken_off(&self) -> bool {
        self.interrupt.is_raised()
    }

    fn tree(&self, canonical: &str) -> Tree {
        if let Some(known) = self.trees.borrow().get(canonical) {
            return known.clone();
        }
        let tree = match self.source.structure(canonical) {
            Some(definition) => match Node::from_snapshot(&definition) {
                Some(root) => Ok(Rc::new(Generated::published(root, &definition))),
                None => self.build_base(&definition),
            },
            None => Err(Missing::Absent),
        };
        // Whether a way leads in a circle depends on where it began, and what was broken off is nothing.
        if !matches!(tree, Err(Missing::Circular(_))) && !self.is_broken_off() {
            self.trees.borrow_mut().insert(canonical.to_owned(), tree.clone());
        }
        tree
    }

    fn type_of(&self, canonical: &str) -> Option<String> {
        self.source.structure(canonical)?.get("type")?.as_str().map(str::to_owned)
    }

    fn parents(&self, canonical: &str) -> Option<Vec<String>> {
        const IMPOSED: &str = "http://hl7.org/fhir/StructureDefinition/structuredefinition-imposeProfile";
        let definition = self.source.structure(canonical)?;
        let base = definition.get("baseDefinition").and_then(Value::as_str);
        let extensions = definition.get("extension").and_then(Value::as_array).into_iter().flatten();
        let imposed = extensions
            .filter(|e| e.get("url").and_then(Value::as_str) == Some(IMPOSED))
            .filter_map(|e| e.get("valueCanonical")?.as_str());
        Some(base.into_iter().chain(imposed).map(|c| bare(c).to_owned()).collect())
    }
}
