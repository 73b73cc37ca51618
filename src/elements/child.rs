//! The members that an object may have, by all structures that have a say.

use super::cache::Definitions;
use super::element::{Binding, Element};
use super::way::{Spot, Way, chosen};

/// A member that an object may have: of a choice one for each type.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Child {
    /// The name in an instance.
    pub name: String,
    /// The name of the element: for a choice `value[x]`.
    pub element: String,
    /// The name of its type; empty where it has none of its own.
    pub code: String,
    /// Whether it is an array in JSON.
    pub is_list: bool,
    /// How often it occurs at least.
    pub min: u64,
    /// How often it occurs at most; `None`: any number of times.
    pub max: Option<u64>,
    /// Whether a profile marks it as must support.
    pub must_support: bool,
}

/// The lower of two maxima.
fn lower(a: Option<u64>, b: Option<u64>) -> Option<u64> {
    match (a, b) {
        (Some(a), Some(b)) => Some(a.min(b)),
        (a, b) => a.or(b),
    }
}

impl Definitions<'_> {
    /// The members that an object may have, in the order of their definition; `inside` is where its way ends.
    pub fn children(&self, inside: &[Spot]) -> Vec<Child> {
        let Some((first, others)) = inside.split_first() else { return Vec::new() };
        let of = |spot: &Spot| -> Vec<Element> {
            spot.structure.children(spot.at).filter_map(|at| spot.structure.elements.get(at).cloned()).collect()
        };
        let others: Vec<Vec<Element>> = others.iter().map(of).collect();
        let mut all = Vec::new();
        for element in of(first) {
            for (name, code) in names(&element) {
                if let Some(child) = child(&element, name, code, &others) {
                    all.push(child);
                }
            }
        }
        all
    }

    /// The bindings that a code in a member has: those of the member, and of the coded elements that it is part of.
    pub fn bindings(&self, way: &Way, member: &[Spot]) -> Vec<Binding> {
        let is_coded = |step: &&Vec<Spot>| {
            let elements = step.iter().filter_map(Spot::element);
            elements
                .flat_map(|e| &e.types)
                .any(|t| matches!(&*t.code, "Coding" | "CodeableConcept" | "CodeableReference" | "Quantity"))
        };
        let around = way.steps.iter().rev().take_while(is_coded).flatten();
        let mut all: Vec<Binding> = Vec::new();
        for binding in member.iter().chain(around).filter_map(|s| s.element()?.binding.clone()) {
            if !all.contains(&binding) {
                all.push(binding);
            }
        }
        all.sort_by_key(|b| rank(&b.strength));
        all
    }
}

/// The strongest first.
fn rank(strength: &str) -> usize {
    ["required", "extensible", "preferred"].iter().position(|s| *s == strength).unwrap_or(3)
}

/// The names of an element in an instance, each with its type.
fn names(element: &Element) -> Vec<(String, String)> {
    let code = |i: usize| element.types.get(i).map(|t| t.code.clone()).unwrap_or_default();
    match element.is_choice() {
        true => element.types.iter().map(|t| (chosen(element.name(), &t.code), t.code.clone())).collect(),
        false => vec![(element.name().to_owned(), code(0))],
    }
}

/// The member, with what the other structures say of it; `None` where one of them prohibits it.
fn child(element: &Element, name: String, code: String, others: &[Vec<Element>]) -> Option<Child> {
    let is_list = element.base_max.is_none_or(|max| max > 1);
    let mut child = Child {
        element: element.name().to_owned(),
        is_list,
        min: element.min,
        max: element.max,
        must_support: element.must_support,
        name,
        code,
    };
    for structure in others {
        let of_this = structure.iter().filter(|e| e.name() == child.element || e.name() == child.name);
        for e in of_this {
            let is_refused = e.is_choice() && !e.types.is_empty() && !e.types.iter().any(|t| t.code == child.code);
            if is_refused {
                return None;
            }
            child.min = child.min.max(e.min);
            child.max = lower(child.max, e.max);
            child.must_support |= e.must_support;
        }
    }
    (child.max != Some(0)).then_some(child)
}
