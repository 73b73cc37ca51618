//! The tree that is built: a node with its value and its children by name, the children of one name together. A
//! primitive may have both. JSON is written from it at the end, in the order of the definitions.

use serde_json::Value;

use crate::instance::NameId;
use crate::model::{Model, TypeId};
use crate::plan::rows::NONE;
use crate::plan::{Handle, ImageSet, ValueKind};

/// A simple value.
#[derive(Clone, PartialEq, Debug)]
pub(super) enum Scalar {
    /// A JSON string.
    Text(String),
    /// A JSON number, as it is written.
    Number(String),
    /// A JSON boolean.
    Bool(bool),
}

/// A node, or the parts of one that are asked for.
#[derive(Clone, PartialEq, Debug, Default)]
pub(super) struct Tree {
    /// The type; of a part that is asked for it may be unknown.
    pub type_id: TypeId,
    pub value: Option<Scalar>,
    /// By the names that an instance writes.
    pub children: Vec<(NameId, Vec<Tree>)>,
    /// What is written as it stands, whatever else is here.
    pub exact: Option<Value>,
}

impl Tree {
    /// A string.
    pub fn text(text: &str) -> Tree {
        Tree { value: Some(Scalar::Text(text.to_owned())), ..Tree::default() }
    }

    /// What is written exactly so.
    pub fn exactly(value: &Value) -> Tree {
        Tree { exact: Some(value.clone()), ..Tree::default() }
    }

    /// A node with these children, each alone under its name.
    pub fn of(children: Vec<(NameId, Tree)>) -> Tree {
        Tree { children: children.into_iter().map(|(n, t)| (n, vec![t])).collect(), ..Tree::default() }
    }

    /// Whether nothing is here.
    pub fn is_empty(&self) -> bool {
        self.value.is_none() && self.exact.is_none() && self.children.iter().all(|(_, all)| all.is_empty())
    }

    /// The children of a name.
    pub fn all(&self, name: NameId) -> &[Tree] {
        self.children.iter().find(|(n, _)| *n == name).map_or(&[], |(_, all)| all)
    }

    /// The first child of a name.
    pub fn child(&self, name: NameId) -> Option<&Tree> {
        self.all(name).first()
    }

    /// The text of the first child of a name.
    pub fn child_text(&self, name: NameId) -> Option<&str> {
        match self.child(name)? {
            Tree { exact: Some(Value::String(text)), .. } | Tree { value: Some(Scalar::Text(text)), .. } => Some(text),
            _ => None,
        }
    }

    /// Adds a child behind those of its name.
    pub fn push(&mut self, name: NameId, child: Tree) {
        match self.children.iter_mut().find(|(n, _)| *n == name) {
            Some((_, all)) => all.push(child),
            None => self.children.push((name, vec![child])),
        }
    }

    /// Takes the children of a name away.
    pub fn remove(&mut self, name: NameId) -> Vec<Tree> {
        match self.children.iter().position(|(n, _)| *n == name) {
            Some(at) => self.children.remove(at).1,
            None => Vec::new(),
        }
    }

    /// The tree of a fixed value or pattern.
    pub fn of_value(set: &ImageSet, value: Handle) -> Option<Tree> {
        let row = set.value(value)?;
        let text = || set.str(value.layer, row.text).to_owned();
        let scalar = match row.kind() {
            ValueKind::Object => None,
            ValueKind::String => Some(Scalar::Text(text())),
            ValueKind::Number => Some(Scalar::Number(text())),
            ValueKind::True => Some(Scalar::Bool(true)),
            ValueKind::False => Some(Scalar::Bool(false)),
        };
        let mut tree = Tree { value: scalar, ..Tree::default() };
        let mut at = row.first_child;
        while let Some(child) = set.layer(value.layer).value(at).filter(|_| at != NONE) {
            tree.push(child.name, Tree::of_value(set, Handle { layer: value.layer, row: at })?);
            at = child.next;
        }
        Some(tree)
    }

    /// Whether both can be in one node of a type: no simple value differs.
    pub fn agrees(&self, model: &Model, type_id: TypeId, other: &Tree) -> bool {
        if self.exact.is_some() || other.exact.is_some() {
            return self.exact == other.exact;
        }
        if let (Some(a), Some(b)) = (&self.value, &other.value)
            && a != b
        {
            return false;
        }
        other.children.iter().all(|(name, wanted)| {
            let (own, child) = (self.all(*name), model.child(type_id, *name));
            if child.is_some_and(|c| c.is_list()) {
                return true;
            }
            let below = child.map_or(TypeId::UNKNOWN, |c| c.type_id);
            match (own.first(), wanted.first()) {
                (Some(a), Some(b)) => a.agrees(model, below, b),
                _ => true,
            }
        })
    }

    /// Whether all of the other is in this one; of a list each entry in some entry.
    pub fn holds(&self, other: &Tree) -> bool {
        let same = match (&self.value, &other.value) {
            (_, None) => true,
            (Some(a), Some(b)) => a == b,
            (None, Some(_)) => false,
        };
        same && other
            .children
            .iter()
            .all(|(name, wanted)| wanted.iter().all(|w| self.all(*name).iter().any(|own| own.holds(w))))
    }

    /// Lays the parts of another over this one: those that a list's entries can take go there, others become entries of
    /// their own. Where both have a simple value, the first stays; gives whether nothing differed.
    pub fn overlay(&mut self, model: &Model, type_id: TypeId, other: &Tree) -> bool {
        if self.exact.is_some() {
            return false;
        }
        if other.exact.is_some() {
            *self = other.clone();
            return true;
        }
        let mut agreed = match (&self.value, &other.value) {
            (None, value) => {
                self.value.clone_from(value);
                true
            }
            (_, None) => true,
            (Some(a), Some(b)) => a == b,
        };
        for (name, wanted) in &other.children {
            let child = model.child(type_id, *name);
            let below = child.map_or(TypeId::UNKNOWN, |c| c.type_id);
            let is_list = child.is_some_and(|c| c.is_list());
            let mut taken: Vec<usize> = Vec::new();
            for w in wanted {
                let own = match self.children.iter_mut().find(|(n, _)| n == name) {
                    Some((_, own)) => own,
                    None => {
                        self.push(*name, w.clone());
                        taken.push(0);
                        continue;
                    }
                };
                let free = |i: &usize| !taken.contains(i);
                let held = (0..own.len()).filter(free).find(|i| own.get(*i).is_some_and(|o| o.holds(w)));
                let fits = |i: &usize| !is_list || own.get(*i).is_some_and(|o| o.agrees(model, below, w));
                match held.or_else(|| (0..own.len()).filter(free).find(fits)) {
                    Some(i) => {
                        taken.push(i);
                        if let Some(o) = own.get_mut(i) {
                            agreed &= o.overlay(model, below, w);
                        }
                    }
                    None if is_list => {
                        taken.push(own.len());
                        own.push(w.clone());
                    }
                    None => agreed = false,
                }
            }
        }
        agreed
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const A: NameId = NameId::CODE;
    const B: NameId = NameId::SYSTEM;

    fn code(code: &str) -> Tree {
        Tree::of(vec![(A, Tree::text(code))])
    }

    #[test]
    fn parts_are_laid_over_one_another() {
        let model = Model::default();
        let mut tree = code("x");
        assert!(tree.overlay(&model, TypeId::UNKNOWN, &Tree::of(vec![(B, Tree::text("http://a.test"))])));
        assert_eq!(tree.child_text(A), Some("x"));
        assert_eq!(tree.child_text(B), Some("http://a.test"));
        assert!(tree.holds(&code("x")) && !tree.holds(&code("y")) && !code("x").holds(&tree));
    }

    #[test]
    fn the_first_of_two_values_stays() {
        let model = Model::default();
        let mut tree = code("x");
        assert!(!tree.agrees(&model, TypeId::UNKNOWN, &code("y")));
        assert!(!tree.overlay(&model, TypeId::UNKNOWN, &code("y")));
        assert_eq!(tree, code("x"));
    }
}
