//! The generator: fetches bases, remembers their trees, guards against circles.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use rustc_hash::FxHashMap;
use serde_json::Value;

use super::apply::{SNAPSHOT_LIMIT, Walk};
use super::check::unversioned;
use super::differential;
use super::inherit::inherit;
use super::specialize::{Kind, specialize};
use super::tree::{DEPTH_LIMIT, Node};
use super::{DefinitionIssue, DefinitionSource, Snapshot, SnapshotError};

/// A definition's tree, and what was wrong on the way to it.
#[derive(Debug)]
pub(super) struct Generated {
    pub(super) root: Node,
    /// The canonical, where the definition makes a type of its own; empty for a profile.
    pub(super) own_type: String,
    issues: Vec<DefinitionIssue>,
}

/// The canonical of a definition that is no profile on another.
fn own_type(definition: &Value) -> String {
    let text = |key| definition.get(key).and_then(Value::as_str);
    text("url").filter(|_| text("derivation") != Some("constraint")).unwrap_or_default().to_owned()
}

/// Generates snapshots, and remembers those of the bases and types that it passes.
pub struct Generator<'s> {
    source: &'s dyn DefinitionSource,
    /// By canonical as asked for; `None` stands for what cannot be had.
    trees: RefCell<FxHashMap<String, Option<Rc<Generated>>>>,
    /// The canonicals on the way, against circles.
    open: RefCell<Vec<String>>,
}

/// How many definitions may wait for one another.
const CHAIN_LIMIT: usize = 64;
/// How many elements a differential may have.
const DIFFERENTIAL_LIMIT: usize = 20_000;

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
        let Generated { root, issues, .. } = generated?;
        Ok(Snapshot { elements: root.flatten(), issues })
    }

    /// The tree of the definition that a canonical names: its published snapshot, else a generated one.
    pub(super) fn tree(&self, canonical: &str) -> Result<Rc<Generated>, Missing> {
        if let Some(known) = self.trees.borrow().get(canonical) {
            return known.clone().ok_or(Missing::Absent);
        }
        let fetched = self.source.structure(canonical);
        if let Some(root) = fetched.as_ref().and_then(Node::from_snapshot) {
            let own_type = fetched.as_ref().map(|d| own_type(d)).unwrap_or_default();
            let generated = Rc::new(Generated { root, own_type, issues: Vec::new() });
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

    /// The type that a canonical's definition is about.
    pub(super) fn type_of(&self, canonical: &str) -> Option<String> {
        self.source.structure(canonical)?.get("type")?.as_str().map(str::to_owned)
    }

    /// The canonicals that a definition is derived from, or made to comply with; `None` where it is not here.
    pub(super) fn parents(&self, canonical: &str) -> Option<Vec<String>> {
        const IMPOSED: &str = "http://hl7.org/fhir/StructureDefinition/structuredefinition-imposeProfile";
        let definition = self.source.structure(canonical)?;
        let base = definition.get("baseDefinition").and_then(Value::as_str);
        let extensions = definition.get("extension").and_then(Value::as_array).into_iter().flatten();
        let imposed = extensions.filter(|e| e.get("url").and_then(Value::as_str) == Some(IMPOSED)).filter_map(|e| e.get("valueCanonical")?.as_str());
        Some(base.into_iter().chain(imposed).map(|c| unversioned(c).to_owned()).collect())
    }

    fn build_base(&self, canonical: &str, definition: &Arc<Value>) -> Result<Option<Rc<Generated>>, Missing> {
        let url = unversioned(canonical);
        if self.open.borrow().iter().any(|o| o == url) || self.open.borrow().len() >= CHAIN_LIMIT {
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
        let profile = text("url").or(text("id")).unwrap_or_default();
        let dstu2 = definition.get("base").is_some();
        let published = if elements.is_none() || dstu2 { Node::from_snapshot(&Arc::new(definition.clone())) } else { None };
        if let Some(root) = published {
            return Ok(Generated { root, own_type: own_type(definition), issues: Vec::new() });
        }
        if dstu2 {
            return Err(SnapshotError::Dstu2 { profile: profile.to_owned() });
        }
        if elements.is_none() && text("baseDefinition").is_none() {
            return Err(SnapshotError::NotAStructureDefinition);
        }
        let elements = elements.map_or(&[][..], Vec::as_slice);
        if elements.len() > DIFFERENTIAL_LIMIT {
            return Err(SnapshotError::TooLarge { profile: profile.to_owned(), limit_elements: DIFFERENTIAL_LIMIT });
        }
        let base = match text("baseDefinition") {
            Some(base) => Some(self.tree(base).map_err(|missing| match missing {
                Missing::Absent => SnapshotError::BaseAbsent { profile: profile.to_owned(), base: base.to_owned() },
                Missing::Circular => SnapshotError::Circular { profile: profile.to_owned() },
            })?),
            None => None,
        };
        let (change, stray) = differential::read(elements);
        let mut walk = Walk::new(self, profile, base.as_deref());
        walk.report_stray(&stray);
        let root = match &base {
            Some(base) if text("derivation") != Some("specialization") => {
                let mut root = base.root.clone();
                inherit(&mut root, &base.own_type);
                walk.constrain(&mut root, &change);
                root
            }
            _ => {
                let kind = Kind { name: text("type"), logical: text("kind") == Some("logical") };
                specialize(&mut walk, base.as_ref().map(|b| &b.root), &change, &kind).ok_or(SnapshotError::NotAStructureDefinition)?
            }
        };
        if walk.room == 0 || root.depth() > 2 * DEPTH_LIMIT {
            return Err(SnapshotError::TooLarge { profile: profile.to_owned(), limit_elements: SNAPSHOT_LIMIT });
        }
        Ok(Generated { root, own_type: own_type(definition), issues: walk.issues })
    }
}
