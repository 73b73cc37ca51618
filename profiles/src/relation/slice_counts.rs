//! How many entries are in a slice of B.

use super::Match;
use super::entries::{Case, Entries};
use super::gathered::Gathered;
use super::proof::{Break, StepKind, Way};
use super::prover::Prover;
use super::slices::Cell;
use crate::plan::{PlanChild, PlanSlice, PlanSlicing};

impl Prover<'_> {
    /// The fewest entries that slices ask for together: the sum of their minima where no entry can be in two of them.
    pub(super) fn least_sliced(&self, slicing: &PlanSlicing) -> u32 {
        let asking: Vec<&PlanSlice> = slicing.slices.iter().filter(|s| s.min > 0).collect();
        let apart = slicing.by_url.is_some()
            || asking.iter().enumerate().all(|(i, a)| asking.iter().skip(i + 1).all(|b| self.are_apart(a, b)));
        let mins = asking.iter().map(|s| s.min);
        if apart { mins.fold(0, u32::saturating_add) } else { mins.max().unwrap_or(0) }
    }

    pub(super) fn slice_counts(
        &mut self,
        (left, right): (&PlanChild, &PlanChild),
        entries: &Entries<'_>,
        (cells, matches): (&[Cell<'_>], &[Match]),
        slice: &PlanSlice,
        out: &mut Gathered,
    ) {
        let own = cells.iter().zip(matches).find(|(_, m)| **m == Match::Always);
        let own = own.and_then(|(c, _)| c.case.slice).map(|s| s.element).or(left.handles.first().copied());
        let cases = || cells.iter().zip(matches);
        if slice.min > 0 {
            let all = matches.iter().all(|m| *m == Match::Always);
            // A case of several types counts once, where all of its types match.
            let of_case =
                |case: &Case<'_>| cases().filter(|(c, _)| std::ptr::eq(c.case, case)).all(|(_, m)| *m == Match::Always);
            let always: Vec<u32> = entries.cases.iter().filter(|c| c.max > 0 && of_case(c)).map(|c| c.min).collect();
            let apart =
                entries.slicing.is_none_or(|s| self.least_sliced(s) == s.slices.iter().map(|s| s.min).sum::<u32>());
            let sum = if apart { always.iter().sum::<u32>() } else { always.iter().copied().max().unwrap_or(0) };
            let least = if all && !cells.is_empty() { entries.lower } else { sum };
            if least >= slice.min {
                out.holds(StepKind::SliceMin, own, slice.element, "");
            } else {
                let few = slice.min.saturating_sub(1);
                let mut breaks = vec![(vec![Way::Child(right.name)], Break::SliceEntry(slice.element, few))];
                breaks.push((vec![Way::Child(right.name)], Break::Count(entries.lower)));
                breaks.push((vec![Way::Child(right.name)], Break::OtherValue));
                out.open(StepKind::SliceMin, (own, slice.element), "", breaks);
            }
        }
        if slice.max != u32::MAX {
            let mut most = 0u32;
            for case in &entries.cases {
                if cases().any(|(c, m)| std::ptr::eq(c.case, case) && *m != Match::Never) {
                    most = most.saturating_add(case.max);
                }
            }
            if most.min(entries.upper) <= slice.max {
                out.holds(StepKind::SliceMax, own, slice.element, "");
            } else {
                let more = slice.max.saturating_add(1);
                let breaks = vec![(vec![Way::Child(right.name)], Break::SliceEntry(slice.element, more))];
                out.open(StepKind::SliceMax, (own, slice.element), "", breaks);
            }
        }
    }
}
