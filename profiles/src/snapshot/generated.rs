//! The trees of definitions, and the port through which a walk asks for those of types and profiles.

use std::rc::Rc;

use serde_json::Value;

use super::tree::Node;
use super::{DefinitionIssue, SnapshotError};

/// A definition's tree, and what was wrong on the way to it.
#[derive(Debug)]
pub(super) struct Generated {
    pub(super) root: Node,
    /// The canonical, where the definition makes a type of its own; empty for a profile.
    pub(super) own_type: String,
    pub(super) issues: Vec<DefinitionIssue>,
    /// Whether it is a logical model, or a profile on one.
    pub(super) logical: bool,
    /// What was wrong with its bases.
    pub(super) inherited: Vec<DefinitionIssue>,
}

impl Generated {
    pub(super) fn published(root: Node, definition: &Value) -> Generated {
        let (own_type, logical) = (own_type(definition), is_logical(definition));
        Generated { root, own_type, logical, issues: Vec::new(), inherited: Vec::new() }
    }
}

pub(super) fn is_logical(definition: &Value) -> bool {
    definition.get("kind").and_then(Value::as_str) == Some("logical")
}

/// The canonical of a definition that is no profile on another.
pub(super) fn own_type(definition: &Value) -> String {
    let text = |key| definition.get(key).and_then(Value::as_str);
    text("url").filter(|_| text("derivation") != Some("constraint")).unwrap_or_default().to_owned()
}

/// A tree, or why there is none.
pub(super) type Tree = Result<Rc<Generated>, Missing>;

/// Why there is no tree.
#[derive(Clone, Debug)]
pub(super) enum Missing {
    /// No package has the definition.
    Absent,
    /// It is on the way already.
    Circular(SnapshotError),
    /// It is loaded and cannot be used.
    Faulty(SnapshotError),
}

/// Gives a walk the definitions that it enters on its way.
pub(super) trait Trees {
    /// The tree of the definition that a canonical names: its published snapshot, else a generated one.
    fn tree(&self, canonical: &str) -> Tree;

    /// Whether the walk is to be broken off.
    fn is_broken_off(&self) -> bool;

    /// The type that a canonical's definition is about.
    fn type_of(&self, canonical: &str) -> Option<String>;

    /// The canonicals that a definition is derived from, or made to comply with; `None` where it is not loaded.
    fn parents(&self, canonical: &str) -> Option<Vec<String>>;
}
