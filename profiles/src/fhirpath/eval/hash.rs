//! Hashes that agree with equality, so that sets of items need no pairwise comparison.

use std::hash::{Hash, Hasher};

use rustc_hash::{FxHashMap, FxHasher};

use super::path::is_present;
use super::{Eval, Logic};
use crate::fhirpath::item::Item;
use crate::instance::Node;
use crate::model::TypeId;

fn hash_of(value: impl Hash) -> u64 {
    let mut hasher = FxHasher::default();
    value.hash(&mut hasher);
    hasher.finish()
}

impl<'t> Eval<'_, 't> {
    /// Equal items have equal hashes.
    fn hash(&mut self, item: &Item<'t>) -> u64 {
        match self.system(item) {
            Some(Item::Node(node, t)) => self.hash_node(node, t, 0),
            Some(value) => hash_value(&value),
            None => match item {
                Item::Node(node, t) => self.hash_node(*node, *t, 0),
                _ => 0,
            },
        }
    }

    fn hash_node(&mut self, node: Node<'t>, t: TypeId, depth: u32) -> u64 {
        if depth > 20 || self.spend(0, 1).is_err() {
            return 1;
        }
        let mut sum: u64 = 7;
        for child in node.children().filter(|c| is_present(*c)) {
            let child_type = self.context.typing.model().type_of_child(t, child);
            let value = match self.system(&Item::Node(child, child_type)) {
                Some(Item::Node(n, u)) => self.hash_node(n, u, depth + 1),
                Some(value) => hash_value(&value),
                None => 3,
            };
            sum = sum.wrapping_add(hash_of((child.name_text(), value)));
        }
        sum
    }
}

fn hash_value(value: &Item<'_>) -> u64 {
    if let Some(d) = super::equality::as_decimal(value) {
        return hash_of((2, d.normalize()));
    }
    match value {
        Item::Bool(b) => hash_of((1, b)),
        Item::Str(_) | Item::Text(_) => hash_of((3, value.as_str())),
        Item::Temporal(t) => hash_of((4, t.key())),
        // Units convert into each other and into plain numbers: their hash cannot tell them apart.
        Item::Quantity(_) => 5,
        Item::Type(t) => hash_of((6, &t.name)),
        _ => 7,
    }
}

/// The items met so far, each once.
#[derive(Default)]
pub(super) struct Seen<'t> {
    items: Vec<Item<'t>>,
    by_hash: FxHashMap<u64, Vec<u32>>,
}

/// Up to this many items are compared one by one.
const LINEAR: usize = 6;

impl<'t> Seen<'t> {
    fn matches(&self, eval: &mut Eval<'_, 't>, item: &Item<'t>, among: impl Iterator<Item = usize>) -> bool {
        for i in among {
            if let Some(other) = self.items.get(i)
                && eval.equal(other, item) == Logic::True
            {
                return true;
            }
        }
        false
    }

    /// Whether an equal item was met.
    pub(super) fn contains(&self, eval: &mut Eval<'_, 't>, item: &Item<'t>) -> bool {
        if self.by_hash.is_empty() {
            return self.matches(eval, item, 0..self.items.len());
        }
        let hash = eval.hash(item);
        match self.by_hash.get(&hash) {
            Some(list) => {
                self.matches(eval, item, list.iter().map(|i| *i as usize))
                    || hash != 5 && self.quantity_matches(eval, item)
            }
            None => self.quantity_matches(eval, item),
        }
    }

    /// A plain number may equal a quantity, whose hash is another.
    fn quantity_matches(&self, eval: &mut Eval<'_, 't>, item: &Item<'t>) -> bool {
        let number = matches!(item, Item::Quantity(_) | Item::Integer(_) | Item::Long(_) | Item::Decimal(_));
        number
            && self.items.iter().any(|i| matches!(i, Item::Quantity(_)))
            && self.matches(eval, item, 0..self.items.len())
    }

    /// Keeps an item; `false` where an equal one is here already.
    pub(super) fn insert(&mut self, eval: &mut Eval<'_, 't>, item: &Item<'t>) -> bool {
        if self.contains(eval, item) {
            return false;
        }
        self.items.push(item.clone());
        if self.items.len() > LINEAR {
            let from = if self.by_hash.is_empty() { 0 } else { self.items.len() - 1 };
            for (i, item) in self.items.iter().enumerate().skip(from) {
                let hash = eval.hash(item);
                self.by_hash.entry(hash).or_default().push(i as u32);
            }
        }
        true
    }
}
