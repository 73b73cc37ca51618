//! Slices of B beside the entries of A: how many entries are in each, what they are, and whether any may be in none
//! (<https://hl7.org/fhir/R4/profiling.html#slicing>).

use super::Match;
use super::children::entry_way;
use super::entries::{Case, Entries};
use super::fact::{self, Fact};
use super::gathered::Gathered;
use super::proof::{Break, StepKind, Way};
use super::prover::Prover;
use super::slice_tests::slice_facts;
use crate::plan::{Check, Handle, PlanChild, PlanSlice, PlanSlicing, SlicingRules, Variant};

impl Prover<'_> {
    /// One slicing of B against all entries of A.
    pub(super) fn slicing(
        &mut self,
        (left, right): (&PlanChild, &PlanChild),
        entries: &Entries<'_>,
        slicing: &PlanSlicing,
        out: &mut Gathered,
    ) {
        let own = left.handles.first().copied();
        let here = || vec![Way::Child(right.name)];
        if slicing.ordered
            && !left.slicings.iter().any(|l| l.ordered && self.are_alike(l, slicing))
            && entries.upper > 1
        {
            out.open(StepKind::Slicing, (own, slicing.element), "the order of the slices", Vec::new());
        }
        if slicing.rules == SlicingRules::OpenAtEnd
            && !left.slicings.iter().any(|l| l.rules != SlicingRules::Open && self.are_alike(l, slicing))
            && entries.upper > 1
        {
            out.open(StepKind::Slicing, (own, slicing.element), "entries of no slice at the end", Vec::new());
        }
        let cells = self.cells(left, entries);
        let mut covered = vec![false; cells.len()];
        for slice in &slicing.slices {
            let matches: Vec<Match> = cells.iter().map(|cell| self.cell_match(left, entries, cell, slice)).collect();
            for (done, m) in covered.iter_mut().zip(&matches) {
                *done |= *m == Match::Always;
            }
            self.slice_counts((left, right), entries, (&cells, &matches), slice, out);
            self.slice_demands((left, right), entries, (&cells, &matches), slice, out);
            if let Some(inner) = slice.reslicing.as_deref()
                && !left.slicings.iter().any(|l| has_same_reslicing(l, inner))
                && matches.iter().any(|m| *m != Match::Never)
            {
                out.open(StepKind::Slicing, (own, inner.element), "a slice that is divided further", Vec::new());
            }
        }
        if slicing.rules != SlicingRules::Closed || entries.upper == 0 {
            return;
        }
        match cells.iter().zip(&covered).find(|(_, done)| !**done) {
            None => out.holds(StepKind::Slicing, own, slicing.element, "closed"),
            Some((cell, _)) => {
                let way = entry_way(right, cell.variant, cell.case.slice.map(|s| s.element));
                let breaks = vec![(here(), Break::ExtraEntry), (way, Break::Count(1)), (here(), Break::OtherValue)];
                out.open(StepKind::Slicing, (own, slicing.element), "closed", breaks);
            }
        }
    }

    pub(super) fn cells<'n>(&self, child: &'n PlanChild, entries: &'n Entries<'_>) -> Vec<Cell<'n>> {
        let mut out = Vec::new();
        for case in entries.cases.iter().filter(|c| c.max > 0) {
            for variant in child.variants.iter().filter(|v| self.is_possible(child, v, case)) {
                out.push(Cell { case, variant });
            }
        }
        out
    }

    /// Whether the entries of a cell are in a slice of B.
    pub(super) fn cell_match(
        &mut self,
        child: &PlanChild,
        entries: &Entries<'_>,
        cell: &Cell<'_>,
        slice: &PlanSlice,
    ) -> Match {
        if slice.tests.is_empty() || slice.tests.iter().all(|t| matches!(t.check, Check::Nothing)) {
            return Match::Maybe;
        }
        match cell.case.slice {
            Some(own) if self.same_tests(own, slice) => return Match::Always,
            Some(own) if self.are_apart(own, slice) => return Match::Never,
            None if entries.slicing.is_some_and(|s| s.slices.iter().any(|own| self.same_tests(own, slice))) => {
                return Match::Never;
            }
            _ => {}
        }
        let node = self.case_node(child, cell.variant, cell.case);
        let facts = self.cell_facts(cell, &entries.facts, &node);
        self.tests(&node, cell.variant.type_id, &facts, &slice.tests)
    }

    /// What is known of the entries of a cell: what tells that they are in A's slice, too.
    fn cell_facts(&self, cell: &Cell<'_>, given: &[Fact], node: &crate::plan::PlanNode) -> Vec<Fact> {
        let mut facts = given.to_vec();
        facts.extend(cell.case.slice.into_iter().flat_map(slice_facts));
        fact::at_node(node, &facts)
    }

    /// What B demands of the entries of a slice.
    fn slice_demands(
        &mut self,
        (left, right): (&PlanChild, &PlanChild),
        entries: &Entries<'_>,
        (cells, matches): (&[Cell<'_>], &[Match]),
        slice: &PlanSlice,
        out: &mut Gathered,
    ) {
        for (cell, _) in cells.iter().zip(matches).filter(|(_, m)| **m != Match::Never) {
            let Some(r) = right.variants.iter().find(|v| v.name == cell.variant.name) else { continue };
            let mut way = entry_way(right, r, cell.case.slice.map(|s| s.element));
            if cell.case.slice.is_none() {
                way.push(Way::Slice(slice.element));
            }
            for type_id in self.entry_types(left, cell.variant, cell.case) {
                let a = self.entry_node(left, cell.variant, type_id, cell.case.slice.map(|s| s.element));
                let b = self.entry_node(right, r, type_id, Some(slice.element));
                // An entry of the slice passes its tests.
                let mut facts = self.cell_facts(cell, &entries.facts, &a);
                facts.extend(slice_facts(slice));
                let answer = self.nodes(&a, &b, &facts);
                out.below(way.clone(), answer);
            }
        }
    }
}

/// Entries of a case, of one type.
pub(super) struct Cell<'n> {
    pub case: &'n Case<'n>,
    pub variant: &'n Variant,
}

fn has_same_reslicing(slicing: &PlanSlicing, inner: &PlanSlicing) -> bool {
    let own: Option<Handle> =
        slicing.slices.iter().filter_map(|s| s.reslicing.as_deref()).map(|r| r.element).find(|e| *e == inner.element);
    own.is_some()
}
