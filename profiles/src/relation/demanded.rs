//! Which codes a profile demands at an element: what every instance has, or one of what. A query for codes is held
//! against it.

use super::prover::Prover;
use crate::generate::all_members;
use crate::instance::NameId;
use crate::model::Role;
use crate::plan::{BindingStrength, Handle, PlanChild, PlanNode, Plans, Variant};

/// Bound on the codes of a value set that are told.
const CODES: usize = 300;

/// A code with its system, where one is known.
pub type Code = (Option<String>, String);

/// What a profile says of the codes at an element.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum DemandedCodes {
    /// It cannot be told.
    Unknown,
    /// It says nothing.
    Any,
    /// Every instance has each of these.
    All(Vec<Code>),
    /// An instance that has the element has one of these.
    OneOf(Vec<Code>),
}

/// What a profile (its root element) says of the codes at an element, named by its path from the resource.
pub fn demanded_codes(plans: &Plans, profile: Handle, path: &[&str]) -> DemandedCodes {
    let prover = Prover::new(plans);
    let Some(type_id) = prover.common_type(profile, profile) else { return DemandedCodes::Unknown };
    let root = plans.node(type_id, &[profile]);
    let Some((last, lead)) = path.split_last() else { return DemandedCodes::Unknown };
    let mut node = root;
    for name in lead {
        let Some((child, variant)) = prover.only(&node, name) else { return DemandedCodes::Unknown };
        node = plans.variant(child, variant);
    }
    match prover.only(&node, last) {
        Some((child, _)) => prover.at(child),
        None => DemandedCodes::Unknown,
    }
}

impl Prover<'_> {
    /// The child of this name with its only type.
    fn only<'n>(&self, node: &'n PlanNode, name: &str) -> Option<(&'n PlanChild, &'n Variant)> {
        let is_it = |c: &&PlanChild| self.model().names().text(c.name) == name;
        let child = node.children.iter().find(is_it)?;
        match &*child.variants {
            [one] => Some((child, one)),
            _ => None,
        }
    }

    fn at(&self, child: &PlanChild) -> DemandedCodes {
        let Some(variant) = child.variants.first() else { return DemandedCodes::Unknown };
        let mut all = Vec::new();
        let required = child.slicings.iter().flat_map(|s| &s.slices).filter(|s| s.min > 0);
        let mut choices: Vec<Handle> = Vec::new();
        for slice in required {
            let entry = self.plans().sliced(child, variant, variant.type_id, &[slice.element]);
            all.extend(self.codes(&entry));
            choices.extend(required_sets(&entry));
        }
        let plain = self.plans().variant(child, variant);
        all.extend(self.codes(&plain));
        choices.extend(required_sets(&plain));
        if !all.is_empty() {
            all.dedup();
            return DemandedCodes::All(all);
        }
        match choices.first() {
            None => DemandedCodes::Any,
            Some(set) => {
                let Some(members) = all_members(self.set(), *set, CODES) else { return DemandedCodes::Unknown };
                let of = |system: String| Some(system).filter(|s| !s.is_empty());
                DemandedCodes::OneOf(members.into_iter().map(|(system, code)| (of(system), code)).collect())
            }
        }
    }

    /// The codes that entries of a node always have.
    fn codes(&self, node: &PlanNode) -> Vec<Code> {
        let values = self.values();
        let coding = |c: Handle| {
            let part = |name| values.part(c, name).map(str::to_owned);
            Some((part(NameId::SYSTEM), part(NameId::CODE)?))
        };
        let mut out: Vec<Code> = Vec::new();
        for v in &node.values {
            match self.model().role(node.type_id) {
                Role::CodeableConcept => {
                    let codings = values.children(v.value).filter(|c| values.name(*c) == NameId::CODING);
                    out.extend(codings.filter_map(coding));
                }
                r if r.is_primitive() => out.push((None, values.text(v.value).to_owned())),
                _ => out.extend(coding(v.value)),
            }
        }
        if out.is_empty() {
            out.extend(self.coding_of(node));
            out.extend(self.codings_of(node));
        }
        out
    }

    /// The codes of the codings that a concept always has.
    fn codings_of(&self, node: &PlanNode) -> Vec<Code> {
        let Some((child, variant)) = node.child(NameId::CODING) else { return Vec::new() };
        let required = child.slicings.iter().flat_map(|s| &s.slices).filter(|s| s.min > 0);
        let sliced = required.map(|s| self.plans().sliced(child, variant, variant.type_id, &[s.element]));
        let mut out: Vec<Code> = sliced.flat_map(|entry| self.codes(&entry)).collect();
        if child.min > 0 {
            out.extend(self.codes(&self.plans().variant(child, variant)));
        }
        out
    }

    /// The code of a coding whose system and code are fixed one by one.
    fn coding_of(&self, node: &PlanNode) -> Option<Code> {
        let fixed = |name: NameId| {
            let (child, variant) = node.child(name)?;
            let entry = self.plans().variant(child, variant);
            entry.values.first().map(|v| self.values().text(v.value).to_owned())
        };
        Some((fixed(NameId::SYSTEM), fixed(NameId::CODE)?))
    }
}

fn required_sets(node: &PlanNode) -> impl Iterator<Item = Handle> {
    node.bindings.iter().filter(|b| b.strength == BindingStrength::Required).filter_map(|b| b.value_set)
}
