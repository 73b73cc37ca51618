//! The children of a node on both sides: how often they occur, of which types, and what their entries are.

use super::Match;
use super::entries::Case;
use super::fact::{self, Fact};
use super::gathered::{Gathered, Pair};
use super::proof::{Break, StepKind, Way};
use super::prover::Prover;
use crate::instance::NameId;
use crate::plan::{Handle, PlanChild, PlanNode, PlanSlicing, SlicingRules, Variant};

impl Prover<'_> {
    pub(super) fn children(&mut self, pair: &Pair<'_>, out: &mut Gathered) {
        for (left, right) in pair.left.children.iter().zip(&pair.right.children) {
            if super::prover::includes(&left.handles, &right.handles) && left.min >= right.min && left.max <= right.max
            {
                continue;
            }
            self.child(pair, left, right, out);
        }
    }

    pub(super) fn child(&mut self, pair: &Pair<'_>, left: &PlanChild, right: &PlanChild, out: &mut Gathered) {
        let entries = self.entries(left, &pair.facts);
        let here = || vec![Way::Child(right.name)];
        let own = left.handles.first().copied();
        // The row whose bound is the strictest.
        let demanding = |of: &dyn Fn(Handle) -> bool| right.handles.iter().copied().find(|h| of(*h));
        let element = |h: Handle| self.set().element(h);
        if right.min > 0 {
            let by = demanding(&|h| element(h).is_some_and(|e| e.min == right.min)).or(own);
            let Some(by) = by.or(pair.right.handles.first().copied()) else { return };
            if entries.lower >= right.min {
                out.holds(StepKind::Min, own, by, "");
            } else {
                out.open(StepKind::Min, (own, by), "", vec![(here(), Break::Count(entries.lower))]);
            }
        }
        if right.max != u32::MAX && (right.max < left.max || left.max == u32::MAX) {
            let by = demanding(&|h| element(h).is_some_and(|e| e.max == right.max)).or(own);
            let Some(by) = by.or(pair.right.handles.first().copied()) else { return };
            if entries.upper <= right.max {
                out.holds(StepKind::Max, own, by, "");
            } else {
                let more = right.max.saturating_add(1);
                let mut breaks = vec![(here(), Break::Count(more))];
                for case in entries.cases.iter().filter(|c| c.max > right.max) {
                    if let Some(s) = case.slice {
                        breaks.push((vec![Way::Child(right.name), Way::Slice(s.element)], Break::Count(more)));
                    }
                }
                out.open(StepKind::Max, (own, by), "", breaks);
            }
        }
        if right.is_extension && left.slicings.iter().chain(&right.slicings).all(|s| s.by_url.is_some()) {
            self.extensions((left, right), &entries, out);
            return;
        }
        for (l, r) in left.variants.iter().zip(&right.variants) {
            let cases: Vec<&Case<'_>> =
                entries.cases.iter().filter(|c| c.max > 0 && self.is_possible(left, l, c)).collect();
            if entries.upper == 0 || cases.is_empty() {
                continue;
            }
            if let Some(by) = r.refused.first().filter(|_| !self.is_refused_by_slices(left, l)) {
                let name = self.model().type_name(r.type_id).to_owned();
                out.open(StepKind::Type, (own, *by), name, vec![(here(), Break::Type(r.type_id))]);
                continue;
            }
            for case in cases {
                self.entry(left, right, (l, r), (case, &entries.facts), out);
            }
        }
        for slicing in &right.slicings {
            self.slicing((left, right), &entries, slicing, out);
        }
    }

    /// Whether A's slices leave no room for a type: closed slices by type, of which none has it.
    fn is_refused_by_slices(&self, child: &PlanChild, variant: &Variant) -> bool {
        let closed = |s: &&PlanSlicing| s.rules == SlicingRules::Closed;
        child.is_choice
            && child
                .slicings
                .iter()
                .filter(closed)
                .any(|s| s.slices.iter().all(|slice| slice.max == 0 || !self.allows_type(slice.element, variant, true)))
    }

    /// The entries of a case, of one type, beside what B demands of every entry.
    fn entry(
        &mut self,
        left: &PlanChild,
        right: &PlanChild,
        (l, r): (&Variant, &Variant),
        (case, facts): (&Case<'_>, &[Fact]),
        out: &mut Gathered,
    ) {
        let way = entry_way(right, r, case.slice.map(|s| s.element));
        for type_id in self.entry_types(left, l, case) {
            let a = self.entry_node(left, l, type_id, case.slice.map(|s| s.element));
            let b = self.entry_node(right, r, type_id, None);
            let answer = self.nodes(&a, &b, facts);
            out.below(way.clone(), answer);
        }
    }

    /// Whether some entry of a child, by its name or its choice base, always, never or maybe is what a value demands.
    pub(super) fn some_entry(
        &mut self,
        node: &PlanNode,
        facts: &[Fact],
        name: NameId,
        wanted: (Handle, bool),
    ) -> Match {
        let Some((at, variant)) = node.find(name) else { return Match::Maybe };
        let Some((child, variant)) = node.children.get(at).and_then(|c| Some((c, c.variants.get(variant)?))) else {
            return Match::Maybe;
        };
        let entries = self.entries(child, facts);
        if entries.upper == 0 || !variant.refused.is_empty() {
            return Match::Never;
        }
        let other_types = child.is_choice && child.variants.iter().filter(|v| v.refused.is_empty()).count() > 1;
        let mut none = true;
        for case in &entries.cases {
            if case.max == 0 || !self.is_possible(child, variant, case) {
                continue;
            }
            let entry = self.case_node(child, variant, case);
            let facts = fact::at_node(&entry, &entries.facts);
            match self.meets(&entry, &facts, wanted) {
                Match::Always if case.min > 0 && !other_types => return Match::Always,
                Match::Never => {}
                _ => none = false,
            }
        }
        if none { Match::Never } else { Match::Maybe }
    }
}

/// The way to the entries of a child: its name, its type where it is a choice, A's slice.
pub(super) fn entry_way(child: &PlanChild, variant: &Variant, slice: Option<Handle>) -> Vec<Way> {
    let mut way = vec![Way::Child(child.name)];
    if child.is_choice {
        way.push(Way::Type(variant.type_id));
    }
    way.extend(slice.map(Way::Slice));
    way
}
