//! Required and maximum value sets of B: is a code of A's always in them?

use super::codes::{Inclusion, has, inclusion};
use super::fact::{self, Fact};
use super::gathered::{Gathered, Pair};
use super::proof::{Break, StepKind};
use super::prover::Prover;
use crate::instance::NameId;
use crate::model::Role;
use crate::plan::{BindingStrength, Handle, PlanBinding, PlanNode};

impl Prover<'_> {
    pub(super) fn bindings(&mut self, pair: &Pair<'_>, out: &mut Gathered) {
        for b in pair.right.bindings.iter().filter(|b| b.strength == BindingStrength::Required) {
            let left = pair.left.bindings.iter().find(|l| l.is_max == b.is_max).map(|l| l.element);
            match self.bound(pair.left, &pair.facts, b) {
                Ok(()) => out.holds(StepKind::Binding, left, b.element, &b.canonical),
                Err(breaks) => {
                    let breaks = breaks.into_iter().map(|b| (Vec::new(), b)).collect();
                    out.open(StepKind::Binding, (left, b.element), b.canonical.clone(), breaks);
                }
            }
        }
    }

    /// Whether a code of the node is always in a value set; else how it could not be.
    fn bound(&mut self, node: &PlanNode, facts: &[Fact], wide: &PlanBinding) -> Result<(), Vec<Break>> {
        let role = self.model().role(node.type_id);
        let mut breaks = vec![Break::OtherCode];
        // A maximum value set demands no code, which a required binding does.
        let fits = |l: &&PlanBinding| l.strength == BindingStrength::Required && (wide.is_max || !l.is_max);
        let bound = node.bindings.iter().filter(fits);
        if bound.clone().any(|own| own.canonical == wide.canonical && own.value_set == wide.value_set) {
            return Ok(());
        }
        let sets = bound.filter_map(|own| own.value_set).chain(facts.iter().filter_map(|f| f.codes_at(&[])));
        for a in sets {
            let Some(b) = wide.value_set else { continue };
            match inclusion(self.set(), a, b, !role.is_primitive()) {
                Inclusion::Included => return Ok(()),
                Inclusion::Disjoint(outside) | Inclusion::Overlapping(outside) => {
                    breaks.insert(0, Break::Codes(outside));
                }
                Inclusion::Open => {}
            }
        }
        let Some(value_set) = wide.value_set else { return Err(breaks) };
        if self.has_code_of(node, facts, value_set, role) { Ok(()) } else { Err(breaks) }
    }

    /// Whether facts or slices promise a code of the set.
    fn has_code_of(&mut self, node: &PlanNode, facts: &[Fact], value_set: Handle, role: Role) -> bool {
        let values = self.values();
        let of_coding = |coding: Handle| {
            let code = values.part(coding, NameId::CODE);
            code.is_some_and(|c| has(self.set(), value_set, values.part(coding, NameId::SYSTEM), c) == Some(true))
        };
        let told = fact::own_values(facts).any(|(value, _)| match role {
            Role::CodeableConcept => {
                values.children(value).filter(|c| values.name(*c) == NameId::CODING).any(of_coding)
            }
            r if r.is_primitive() => has(self.set(), value_set, None, values.text(value)) == Some(true),
            _ => of_coding(value),
        });
        told || (role == Role::CodeableConcept && self.some_coding_of(node, facts, value_set))
    }
}
