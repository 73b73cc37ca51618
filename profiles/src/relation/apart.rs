//! Contradictions: can any instance be valid for both of two profiles? With a profile beside itself: for it at all?
//! What is found is certain; where nothing is found an instance may exist or not.

use super::Match;
use super::codes::{Inclusion, has, inclusion};
use super::fact::{self, Fact};
use super::prover::Prover;
use crate::instance::NameId;
use crate::model::Role;
use crate::plan::{BindingStrength, Handle, PlanChild, PlanNode, PlanValue, Plans, SlicingRules, value_text};

/// Bound on how deep required elements are followed.
const DEPTH: usize = 8;

/// Why no instance can be valid for both.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Contradiction {
    /// An element of the one profile, where there is one.
    pub left: Option<Handle>,
    /// The element of the other that it cannot go with.
    pub right: Handle,
    /// What contradicts what, lower case, no full stop.
    pub reason: String,
}

/// The profiles, named by their root elements, that no instance can meet, and why.
pub fn unsatisfiable<'p>(
    plans: &'p Plans,
    profiles: impl IntoIterator<Item = Handle> + 'p,
) -> impl Iterator<Item = (Handle, Contradiction)> + 'p {
    let mut prover = Prover::new(plans);
    profiles.into_iter().filter_map(move |root| Some((root, prover.contradiction(root, root)?)))
}

/// Two nodes of one type that an instance would have to satisfy together.
struct Both<'n> {
    left: &'n PlanNode,
    right: &'n PlanNode,
    facts: Vec<Fact>,
}

impl Prover<'_> {
    /// Why no instance is valid for both profiles (their root elements); `None` where no contradiction is found, and
    /// where their types differ.
    pub(super) fn contradiction(&mut self, left: Handle, right: Handle) -> Option<Contradiction> {
        let type_id = self.common_type(left, right).or_else(|| self.common_type(right, left))?;
        self.begin();
        let (a, b) = (self.plans().node(type_id, &[left]), self.plans().node(type_id, &[right]));
        self.apart(&a, &b, &[], 0)
    }

    fn apart(&mut self, left: &PlanNode, right: &PlanNode, given: &[Fact], depth: usize) -> Option<Contradiction> {
        if depth > DEPTH {
            return None;
        }
        let both = Both { left, right, facts: fact::at_node(left, given) };
        self.values_apart(&both)
            .or_else(|| self.codes_apart(&both))
            .or_else(|| self.value_outside(&both))
            .or_else(|| self.children_apart(&both, depth))
    }

    /// A fixed value or pattern that the other side never has.
    fn values_apart(&mut self, both: &Both<'_>) -> Option<Contradiction> {
        for v in &both.right.values {
            if self.meets(both.left, &both.facts, (v.value, v.fixed)) == Match::Never {
                let left = both.left.values.first().map(|l| l.element);
                let reason = format!("never has the value {}", value_text(self.set(), v.value));
                return Some(Contradiction { left, right: v.element, reason });
            }
        }
        None
    }

    /// Required value sets without a common code, for what has one code only.
    fn codes_apart(&self, both: &Both<'_>) -> Option<Contradiction> {
        let role = self.model().role(both.right.type_id);
        if role == Role::CodeableConcept {
            return None;
        }
        let required = |node: &PlanNode| -> Vec<(Handle, Handle)> {
            let bindings = node.bindings.iter().filter(|b| b.strength == BindingStrength::Required);
            bindings.filter_map(|b| Some((b.element, b.value_set?))).collect()
        };
        for (right, b) in required(both.right) {
            for (left, a) in required(both.left) {
                let coded = !role.is_primitive();
                if left != right && matches!(inclusion(self.set(), a, b, coded), Inclusion::Disjoint(_)) {
                    let reason = "the required value sets have no common code".to_owned();
                    return Some(Contradiction { left: Some(left), right, reason });
                }
            }
        }
        None
    }

    /// A fixed value or pattern with a code that a required value set does not have.
    fn value_outside(&self, both: &Both<'_>) -> Option<Contradiction> {
        let role = self.model().role(both.right.type_id);
        let values = self.values();
        let is_outside = |set: Handle, system: Option<&str>, code: Option<&str>| {
            code.is_some_and(|c| has(self.set(), set, system, c) == Some(false))
        };
        let all = || [both.left, both.right].into_iter();
        let required = all().flat_map(|n| &n.bindings).filter(|b| b.strength == BindingStrength::Required);
        for (binding, set) in required.filter_map(|b| Some((b, b.value_set?))) {
            let coding = |c: Handle| is_outside(set, values.part(c, NameId::SYSTEM), values.part(c, NameId::CODE));
            let contradicts = |v: &&PlanValue| match role {
                // Other codings may stand beside those of a pattern.
                Role::CodeableConcept => {
                    let mut codings = values.children(v.value).filter(|c| values.name(*c) == NameId::CODING);
                    v.fixed && codings.all(coding)
                }
                r if r.is_primitive() => is_outside(set, None, Some(values.text(v.value))),
                _ => values.part(v.value, NameId::SYSTEM).is_some() && coding(v.value),
            };
            if let Some(v) = all().flat_map(|n| &n.values).find(contradicts) {
                let reason = format!("{} is not in the required value set", value_text(self.set(), v.value));
                return Some(Contradiction { left: Some(v.element), right: binding.element, reason });
            }
        }
        None
    }

    fn children_apart(&mut self, both: &Both<'_>, depth: usize) -> Option<Contradiction> {
        for (l, r) in both.left.children.iter().zip(&both.right.children) {
            if let Some(found) = self.child_apart(both, (l, r), depth) {
                return Some(found);
            }
        }
        None
    }

    fn child_apart(
        &mut self,
        both: &Both<'_>,
        (l, r): (&PlanChild, &PlanChild),
        depth: usize,
    ) -> Option<Contradiction> {
        let (mine, theirs) = (self.entries(l, &both.facts), self.entries(r, &[]));
        let (lower, upper) = (mine.lower.max(theirs.lower), mine.upper.min(theirs.upper));
        if lower == 0 {
            return None;
        }
        let right = r.handles.last().or(l.handles.last()).copied()?;
        let left = l.handles.last().copied();
        let told = |reason: String| Some(Contradiction { left, right, reason });
        if lower > upper {
            return told(format!("at least {lower} are required, and at most {upper} allowed"));
        }
        let possible: Vec<_> =
            l.variants.iter().zip(&r.variants).filter(|(a, b)| a.refused.is_empty() && b.refused.is_empty()).collect();
        let Some(((a, b), others)) = possible.split_first() else {
            return told("no type is allowed".to_owned());
        };
        if let Some(found) = self.slices_apart((l, r), &both.facts, (left, upper)) {
            return Some(found);
        }
        if !others.is_empty() || a.is_resource {
            return None;
        }
        let (x, y) = (self.plans().variant(l, a), self.plans().variant(r, b));
        // Facts about some entry are those of the only one.
        let facts = fact::below(self.values(), &both.facts, l.name, upper <= 1 || !l.is_list);
        self.apart(&x, &y, &facts, depth.saturating_add(1))
    }

    /// A slice that has to be there, and that no entry of the other side can be in; or more slices than entries.
    fn slices_apart(
        &mut self,
        (l, r): (&PlanChild, &PlanChild),
        facts: &[Fact],
        (left, upper): (Option<Handle>, u32),
    ) -> Option<Contradiction> {
        for slicing in &r.slicings {
            let least = self.least_sliced(slicing);
            if least > upper {
                let reason = format!("the slices require {least}, and at most {upper} are allowed");
                return Some(Contradiction { left, right: slicing.element, reason });
            }
            let entries = self.entries(l, facts);
            let closed = entries.slicing.is_some_and(|s| s.rules == SlicingRules::Closed);
            for slice in slicing.slices.iter().filter(|s| s.min > 0) {
                let cells = self.cells(l, &entries);
                let none = cells.iter().all(|c| self.cell_match(l, &entries, c, slice) == Match::Never);
                if none {
                    let reason = if closed { "is in no slice of the closed slicing" } else { "cannot occur" };
                    return Some(Contradiction { left, right: slice.element, reason: reason.to_owned() });
                }
                // Required entries of other slices leave no room.
                let others: u32 = entries
                    .cases
                    .iter()
                    .filter(|c| c.slice.is_some_and(|own| own.min > 0 && own.element != slice.element))
                    .filter(|c| {
                        let of_case = |cell: &&super::slices::Cell<'_>| std::ptr::eq(cell.case, *c);
                        cells
                            .iter()
                            .filter(of_case)
                            .all(|cell| self.cell_match(l, &entries, cell, slice) == Match::Never)
                    })
                    .map(|c| c.min)
                    .max()
                    .unwrap_or(0);
                if others.saturating_add(slice.min) > upper {
                    let reason = format!("other slices leave no room: at most {upper} are allowed");
                    return Some(Contradiction { left, right: slice.element, reason });
                }
            }
        }
        None
    }
}
