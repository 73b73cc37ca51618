//! What is known of every instance of A at a node: fixed values and patterns, of the node itself or of one above it.

use super::value::Values;
use crate::instance::NameId;
use crate::plan::{Handle, PlanNode};

/// Some node at the path is like this.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Fact {
    pub path: Vec<NameId>,
    pub known: Known,
}

/// What is known of a node.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Known {
    /// It equals the value (`fixed`), or holds it as a pattern.
    Value { value: Handle, fixed: bool },
    /// Its code, or one of its codings, is in this value set.
    Codes(Handle),
}

impl Fact {
    /// A fact about the value at a path.
    pub fn value(path: Vec<NameId>, value: Handle, fixed: bool) -> Fact {
        Fact { path, known: Known::Value { value, fixed } }
    }

    /// The value that the node itself equals (`true`) or holds.
    pub fn own_value(&self) -> Option<(Handle, bool)> {
        self.value_at(&[])
    }

    /// The value that the node at a path equals (`true`) or holds.
    pub fn value_at(&self, path: &[NameId]) -> Option<(Handle, bool)> {
        match self.known {
            Known::Value { value, fixed } if self.path == path => Some((value, fixed)),
            _ => None,
        }
    }

    /// The value set that has a code of the node at a path.
    pub fn codes_at(&self, path: &[NameId]) -> Option<Handle> {
        match self.known {
            Known::Codes(value_set) if self.path == path => Some(value_set),
            _ => None,
        }
    }
}

/// The values of the node itself, of its facts.
pub fn own_values(facts: &[Fact]) -> impl Iterator<Item = (Handle, bool)> {
    facts.iter().filter_map(Fact::own_value)
}

/// The facts of a node: those given, and those that its plan demands.
pub fn at_node(node: &PlanNode, given: &[Fact]) -> Vec<Fact> {
    let mut facts = given.to_vec();
    for v in &node.values {
        let fact = Fact::value(Vec::new(), v.value, v.fixed);
        if !facts.contains(&fact) {
            facts.push(fact);
        }
    }
    facts
}

/// The facts about the entries of a child; `single`: there is one entry at most, so what holds for some holds for it.
pub fn below(values: Values<'_>, facts: &[Fact], name: NameId, single: bool) -> Vec<Fact> {
    let mut out = Vec::new();
    for f in facts {
        match f.path.split_first() {
            Some((first, rest)) if *first == name && single => {
                out.push(Fact { path: rest.to_vec(), known: f.known });
            }
            Some(_) => {}
            None => {
                let Known::Value { value, fixed } = f.known else { continue };
                let entries: Vec<Handle> = values.children(value).filter(|c| values.name(*c) == name).collect();
                // Of a fixed list with one entry every entry is that one.
                if single || (fixed && entries.len() == 1) {
                    out.extend(entries.into_iter().map(|value| Fact::value(Vec::new(), value, fixed)));
                }
            }
        }
    }
    out
}

/// How many entries of a child the facts promise.
pub fn promised(values: Values<'_>, facts: &[Fact], name: NameId) -> u32 {
    let of_fact = |f: &Fact| match (f.path.first(), f.known) {
        (Some(first), _) => u32::from(*first == name),
        (None, Known::Value { value, fixed }) => {
            let count = values.children(value).filter(|c| values.name(*c) == name).count() as u32;
            if fixed { count } else { count.min(1) }
        }
        (None, Known::Codes(_)) => 0,
    };
    facts.iter().map(of_fact).max().unwrap_or(0)
}

/// The most entries of a child that the facts allow: a fixed value holds exactly its parts.
pub fn allowed(values: Values<'_>, facts: &[Fact], name: NameId) -> u32 {
    let exact = own_values(facts).filter(|(value, fixed)| *fixed && values.is_object(*value));
    exact
        .map(|(value, _)| values.children(value).filter(|c| values.name(*c) == name).count() as u32)
        .min()
        .unwrap_or(u32::MAX)
}
