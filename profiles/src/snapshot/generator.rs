//! The generator: fetches bases, remembers their trees, guards against circles.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use rustc_hash::FxHashMap;
use serde_json::Value;

use super::apply::Walk;
use super::differential;
use super::specialize::specialize;
use super::tree::Node;
use super::{DefinitionIssue, DefinitionSource, Snapshot, SnapshotError};

/// A definition's tree, and what was wrong on the way to it.
#[derive(Debug)]
pub(super) struct Generated {
    pub(super) root: Node,
    issues: Vec<DefinitionIssue>,
}

/// Generates snapshots, and remembers those of the bases and types that it passes.
pub struct Generator<'s> {
    source: &'s dyn DefinitionSource,
    /// By canonical as asked for; `None` stands for what cannot be had.
    trees: RefCell<FxHashMap<String, Option<Rc<Generated>>>>,
    /// The canonicals on the way, against circles.
    open: RefCell<Vec<String>>,
}

/// Why a tree is not to be had.
pub(super) enum Missing {
    Absent,
    Circular,
}

impl<'s> Generator<'s> {
    pub fn new(source: &'s dyn DefinitionSource) -> Generator<'s> {
        Generator { source, trees: RefCell::default(), open: RefCell::default() }
    }

    /// The snapshot of a StructureDefinition, as [`super::generate`] gives it.
    ///
    /// # Errors
    /// As for [`super::generate`].
    pub fn generate(&self, definition: &Value) -> Result<Snapshot, SnapshotError> {
        let url = definition.get("url").and_then(Value::as_str).unwrap_or_default().to_owned();
        self.open.borrow_mut().push(url);
        let generated = self.build(definition);
        self.open.borrow_mut().pop();
        let Generated { root, issues } = generated?;
        Ok(Snapshot { elements: root.flatten(), issues })
    }

    /// The tree of the definition that a canonical names: its published snapshot, else a generated one.
    pub(super) fn tree(&self, canonical: &str) -> Result<Rc<Generated>, Missing> {
        if let Some(known) = self.trees.borrow().get(canonical) {
            return known.clone().ok_or(Missing::Absent);
        }
        let fetched = self.source.structure(canonical);
        if let Some(root) = fetched.as_ref().and_then(Node::from_snapshot) {
            let generated = Rc::new(Generated { root, issues: Vec::new() });
            self.trees.borrow_mut().insert(canonical.to_owned(), Some(Rc::clone(&generated)));
            return Ok(generated);
        }
        let built = match fetched {
            Some(definition) => self.build_base(canonical, &definition)?,
            None => None,
        };
        self.trees.borrow_mut().insert(canonical.to_owned(), built.clone());
        built.ok_or(Missing::Absent)
    }

    fn build_base(&self, canonical: &str, definition: &Arc<Value>) -> Result<Option<Rc<Generated>>, Missing> {
        let url = canonical.split_once('|').map_or(canonical, |(url, _)| url);
        if self.open.borrow().iter().any(|o| o == url) {
            return Err(Missing::Circular);
        }
        self.open.borrow_mut().push(url.to_owned());
        let built = self.build(definition);
        self.open.borrow_mut().pop();
        match built {
            Ok(generated) => Ok(Some(Rc::new(generated))),
            Err(SnapshotError::Circular { .. }) => Err(Missing::Circular),
            Err(_) => Ok(None),
        }
    }

    /// The tree of a definition from its differential.
    fn build(&self, definition: &Value) -> Result<Generated, SnapshotError> {
        let text = |key| definition.get(key).and_then(Value::as_str);
        if text("resourceType") != Some("StructureDefinition") {
            return Err(SnapshotError::NotAStructureDefinition);
        }
        let elements = definition.get("differential").and_then(|d| d.get("element")).and_then(Value::as_array);
        let Some(elements) = elements else {
            let root = Node::from_snapshot(&Arc::new(definition.clone())).ok_or(SnapshotError::NotAStructureDefinition)?;
            return Ok(Generated { root, issues: Vec::new() });
        };
        let profile = text("url").or(text("id")).unwrap_or_default();
        let base = match text("baseDefinition") {
            Some(base) => Some(self.tree(base).map_err(|missing| match missing {
                Missing::Absent => SnapshotError::BaseAbsent { profile: profile.to_owned(), base: base.to_owned() },
                Missing::Circular => SnapshotError::Circular { profile: profile.to_owned() },
            })?),
            None => None,
        };
        let (change, stray) = differential::read(elements);
        let mut walk = Walk::new(self, profile, base.as_ref().map(|b| &b.root));
        walk.report_stray(&stray);
        let root = match &base {
            Some(base) if text("derivation") != Some("specialization") => {
                let mut root = base.root.clone();
                walk.constrain(&mut root, &change);
                root
            }
            _ => specialize(&mut walk, base.as_ref().map(|b| &b.root), &change, text("type")).ok_or(SnapshotError::NotAStructureDefinition)?,
        };
        Ok(Generated { root, issues: walk.issues })
    }
}
