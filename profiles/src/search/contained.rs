//! What references inside a resource lead to.

use std::borrow::Cow;
use std::cell::OnceCell;

use rustc_hash::FxHashMap;

use crate::fhirpath::{Ports, Resolved};
use crate::instance::{NameId, Node};

/// The resources that a resource contains, by their ids; they are gathered when the first is asked for.
pub(super) struct Contained<'t> {
    root: Node<'t>,
    /// `None`: several have the id.
    by_id: OnceCell<FxHashMap<Cow<'t, str>, Option<Node<'t>>>>,
}

impl<'t> Contained<'t> {
    /// Those of a resource.
    pub fn of(root: Node<'t>) -> Contained<'t> {
        Contained { root, by_id: OnceCell::new() }
    }

    /// What a reference leads to, seen from the node that holds it: a contained resource, or the one that contains it.
    /// Everything else is unknown.
    pub fn find(&self, reference: &str, from: Node<'_>) -> Resolved<'t> {
        let Some(id) = reference.strip_prefix('#') else { return Resolved::Unknown };
        if !self.is_container_of(from) {
            return Resolved::Unknown;
        }
        if id.is_empty() {
            return Resolved::Found(self.root);
        }
        match self.by_id.get_or_init(|| by_id(self.root)).get(id) {
            Some(Some(found)) => Resolved::Found(*found),
            Some(None) => Resolved::Unknown,
            None => Resolved::Nothing,
        }
    }

    /// Whether the next resource around a node that is not contained itself is this one: in a Bundle it is that of an
    /// entry.
    fn is_container_of(&self, from: Node<'_>) -> bool {
        let mut around = std::iter::successors(Some(from), |n| n.parent());
        let is_container = |n: &Node<'_>| n.child(NameId::RESOURCE_TYPE).is_some() && n.name() != NameId::CONTAINED;
        around.find(is_container).is_some_and(|n| n.index() == self.root.index())
    }
}

fn by_id<'t>(root: Node<'t>) -> FxHashMap<Cow<'t, str>, Option<Node<'t>>> {
    let mut all: FxHashMap<Cow<'t, str>, Option<Node<'t>>> = FxHashMap::default();
    for node in root.children_named(NameId::CONTAINED) {
        if let Some(id) = node.child_text(NameId::ID) {
            all.entry(id).and_modify(|known| *known = None).or_insert(Some(node));
        }
    }
    all
}

impl<'p, 't: 'p> Ports<'p> for Contained<'t> {
    fn resolve(&self, reference: &str, from: Node<'p>) -> Resolved<'p> {
        self.find(reference, from)
    }
}
