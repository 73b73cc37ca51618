//! Whether some coding of a node is always one of a value set.

use super::codes::{Inclusion, has, inclusion};
use super::fact::{self, Fact};
use super::prover::Prover;
use crate::instance::NameId;
use crate::model::Role;
use crate::plan::{BindingStrength, Handle, PlanNode};

impl Prover<'_> {
    /// Whether a coding that is always there has a code of a value set.
    pub(super) fn some_coding_of(&mut self, node: &PlanNode, facts: &[Fact], value_set: Handle) -> bool {
        let Some((at, _)) = node.find(NameId::CODING) else { return false };
        let Some(child) = node.children.get(at) else { return false };
        let Some(variant) = child.variants.first() else { return false };
        let entries = self.entries(child, facts);
        entries.cases.iter().filter(|c| c.min > 0).any(|case| {
            let entry = self.case_node(child, variant, case);
            let facts = fact::at_node(&entry, &entries.facts);
            self.coding_is_of(&entry, &facts, value_set)
        })
    }

    /// Whether a Coding's code is always in a value set.
    fn coding_is_of(&mut self, node: &PlanNode, facts: &[Fact], value_set: Handle) -> bool {
        let set = self.set();
        let bound = node.bindings.iter().filter(|b| b.strength == BindingStrength::Required);
        let told = facts.iter().filter_map(|f| f.codes_at(&[]));
        let mut sets = bound.filter_map(|b| b.value_set).chain(told);
        let included = sets.any(|own| inclusion(set, own, value_set, true) == Inclusion::Included);
        if included {
            return true;
        }
        let values = self.values();
        let own = |name: NameId| fact::own_values(facts).find_map(|(value, _)| values.part(value, name));
        let (system, code) = (own(NameId::SYSTEM), own(NameId::CODE));
        let (system, code) = (system.or_else(|| self.fixed_part(node, facts, NameId::SYSTEM)), code);
        let code = code.or_else(|| self.fixed_part(node, facts, NameId::CODE));
        matches!((system, code), (Some(s), Some(c)) if has(set, value_set, Some(s), c) == Some(true))
            && self.model().role(node.type_id) != Role::CodeableConcept
    }

    /// The value of a child that is always there and has one fixed value.
    fn fixed_part(&self, node: &PlanNode, facts: &[Fact], name: NameId) -> Option<&str> {
        let (at, variant) = node.find(name)?;
        let child = node.children.get(at)?;
        let entries = self.entries(child, facts);
        let variant = child.variants.get(variant).filter(|_| entries.lower > 0 && !child.is_list)?;
        let entry = self.plans().variant(child, variant);
        let value = entry.values.first()?.value;
        Some(self.values().text(value))
    }
}
