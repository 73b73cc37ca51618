//! The entries of a child as A tells them apart: by slice, how many, and the plan of each.

use std::sync::Arc;

use super::fact::{self, Fact};
use super::prover::Prover;
use crate::model::TypeId;
use crate::plan::{Handle, PlanChild, PlanNode, PlanSlice, PlanSlicing, SlicingRules, Variant};

/// Entries of a child that A tells apart: those of one slice, or those of none.
pub(super) struct Case<'n> {
    /// `None`: those of no slice.
    pub slice: Option<&'n PlanSlice>,
    pub min: u32,
    pub max: u32,
}

/// What is known of a child's entries by A.
pub(super) struct Entries<'n> {
    pub cases: Vec<Case<'n>>,
    pub slicing: Option<&'n PlanSlicing>,
    /// The least and the most entries in all.
    pub lower: u32,
    pub upper: u32,
    pub facts: Vec<Fact>,
}

impl Prover<'_> {
    /// What A and its facts say about the entries of a child.
    pub(super) fn entries<'n>(&self, child: &'n PlanChild, facts: &[Fact]) -> Entries<'n> {
        let values = self.values();
        let upper = child.max.min(fact::allowed(values, facts, child.name));
        let promised = fact::promised(values, facts, child.name);
        let slicing = child.slicings.iter().max_by_key(|s| s.slices.len());
        let Some(slicing) = slicing else {
            let lower = child.min.max(promised);
            let single = upper <= 1 || !child.is_list;
            let facts = fact::below(values, facts, child.name, single);
            let rest = Case { slice: None, min: lower, max: upper };
            return Entries { cases: vec![rest], slicing: None, lower, upper, facts };
        };
        let closed = slicing.rules == SlicingRules::Closed;
        let sum = |of: fn(&PlanSlice) -> u32| slicing.slices.iter().fold(0u32, |n, s| n.saturating_add(of(s)));
        // A slice may allow more than its element does.
        let upper = if closed { upper.min(sum(|s| s.max)) } else { upper };
        let demanded = child.slicings.iter().map(|s| self.least_sliced(s)).max().unwrap_or(0);
        let lower = child.min.max(promised).max(demanded);
        let own = |s: &'n PlanSlice| Case { slice: Some(s), min: s.min, max: s.max.min(upper) };
        let mut cases: Vec<Case<'n>> = slicing.slices.iter().map(own).collect();
        let most = sum(|s| s.max);
        if !closed {
            cases.push(Case {
                slice: None,
                min: lower.saturating_sub(most),
                max: upper.saturating_sub(self.least_sliced(slicing)),
            });
        }
        let facts = fact::below(values, facts, child.name, upper <= 1 || !child.is_list);
        Entries { cases, slicing: Some(slicing), lower, upper, facts }
    }

    /// The plan of the entries of a case, as one type of the child.
    pub(super) fn case_node(&self, child: &PlanChild, variant: &Variant, case: &Case<'_>) -> Arc<PlanNode> {
        match case.slice {
            Some(s) => self.entry_node(child, variant, variant.type_id, Some(s.element)),
            None => self.entry_node(child, variant, variant.type_id, None),
        }
    }

    /// The plan of entries of one type, in this slice.
    pub(super) fn entry_node(
        &self,
        child: &PlanChild,
        variant: &Variant,
        type_id: TypeId,
        slice: Option<Handle>,
    ) -> Arc<PlanNode> {
        match slice {
            Some(s) => self.plans().sliced(child, variant, type_id, &[s]),
            None if type_id == variant.type_id => self.plans().variant(child, variant),
            None => self.plans().node(type_id, &child.handles),
        }
    }

    /// Whether A allows entries of a type in a case.
    pub(super) fn is_possible(&self, child: &PlanChild, variant: &Variant, case: &Case<'_>) -> bool {
        variant.refused.is_empty() && case.slice.is_none_or(|s| self.allows_type(s.element, variant, child.is_choice))
    }

    /// Whether an element allows a type of its choice.
    pub(super) fn allows_type(&self, element: Handle, variant: &Variant, is_choice: bool) -> bool {
        let image = self.set().layer(element.layer);
        let Some(e) = image.element(element.row).filter(|_| is_choice) else { return true };
        let types = image.type_refs(e.types);
        let model = self.model();
        types.is_empty()
            || types.iter().any(|t| {
                image.str(t.code) == "*"
                    || model.find(image.str(t.code)).is_some_and(|wanted| model.is_a(variant.type_id, wanted))
            })
    }

    /// The types that entries of a case may have: the variant's; of nested resources those that A names.
    pub(super) fn entry_types(&self, child: &PlanChild, variant: &Variant, case: &Case<'_>) -> Vec<TypeId> {
        if !variant.is_resource {
            return vec![variant.type_id];
        }
        let element = case.slice.map(|s| s.element).or(child.handles.first().copied());
        let named = element.and_then(|h| {
            let image = self.set().layer(h.layer);
            let types = image.type_refs(image.element(h.row)?.types);
            Some(types.iter().filter_map(|t| self.model().find(image.str(t.code))).collect::<Vec<TypeId>>())
        });
        named.filter(|t| !t.is_empty()).unwrap_or_else(|| vec![variant.type_id])
    }
}
