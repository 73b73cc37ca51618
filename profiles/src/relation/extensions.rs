//! Extensions on both sides: by url, with the definitions that each side takes for them.

use rustc_hash::FxHashMap;

use super::entries::Entries;
use super::gathered::Gathered;
use super::proof::{Break, StepKind, Way};
use super::prover::Prover;
use crate::plan::{Handle, PlanChild, PlanSlice, PlanSlicing, SlicingRules};

impl Prover<'_> {
    /// Extensions: for each url that a slice of either side names, and for any other.
    pub(super) fn extensions(
        &mut self,
        (left, right): (&PlanChild, &PlanChild),
        entries: &Entries<'_>,
        out: &mut Gathered,
    ) {
        let (Some(l), Some(r)) = (left.variants.first(), right.variants.first()) else { return };
        let own = left.handles.first().copied();
        let closed = left.slicings.iter().any(|s| s.rules == SlicingRules::Closed);
        for slicing in right.slicings.iter().filter(|s| s.rules == SlicingRules::Closed) {
            let known = slicing.by_url.as_ref();
            let within = closed
                && urls_of(left).keys().all(|u| {
                    known.is_some_and(|k| k.contains_key(*u)) || slice_of(left, u).is_some_and(|s| s.max == 0)
                });
            if within || entries.upper == 0 {
                out.holds(StepKind::Slicing, own, slicing.element, "closed");
            } else {
                let breaks = vec![(vec![Way::Child(right.name)], Break::ExtraEntry)];
                out.open(StepKind::Slicing, (own, slicing.element), "closed", breaks);
            }
        }
        let mut urls: Vec<&str> = urls_of(left).into_keys().chain(urls_of(right).into_keys()).collect();
        urls.sort_unstable();
        urls.dedup();
        for url in urls {
            let (mine, theirs) = (slice_of(left, url), slice_of(right, url));
            let mut way = vec![Way::Child(right.name)];
            way.extend(mine.or(theirs).map(|s| Way::Slice(s.element)));
            let most = match mine {
                Some(s) => s.max.min(entries.upper),
                None if closed => 0,
                None => entries.upper,
            };
            if let Some(s) = theirs {
                let own = mine.map(|s| s.element).or(own);
                counts((own, mine.map_or(0, |s| s.min), most), s, (url, &way), out);
            }
            if most == 0 {
                continue;
            }
            let a = self.plans().extension(left, l, url);
            let b = self.plans().extension(right, r, url);
            let answer = self.nodes(&a.node, &b.node, &[]);
            out.below(way, answer);
        }
        if closed || entries.upper == 0 {
            return;
        }
        let (a, b) = (self.plans().variant(left, l), self.plans().variant(right, r));
        let answer = self.nodes(&a, &b, &[]);
        out.below(vec![Way::Child(right.name)], answer);
    }
}

/// How often extensions of one url occur, beside what a slice of B demands: A's element, its fewest and its most.
fn counts(
    (own, least, most): (Option<Handle>, u32, u32),
    slice: &PlanSlice,
    (url, way): (&str, &[Way]),
    out: &mut Gathered,
) {
    if slice.min > 0 {
        if least >= slice.min {
            out.holds(StepKind::SliceMin, own, slice.element, url);
        } else {
            out.open(StepKind::SliceMin, (own, slice.element), url, vec![(way.to_vec(), Break::Count(least))]);
        }
    }
    if slice.max != u32::MAX {
        if most <= slice.max {
            out.holds(StepKind::SliceMax, own, slice.element, url);
        } else {
            let more = slice.max.saturating_add(1);
            out.open(StepKind::SliceMax, (own, slice.element), url, vec![(way.to_vec(), Break::Count(more))]);
        }
    }
}

/// The urls of a child's slices.
fn urls_of(child: &PlanChild) -> FxHashMap<&str, ()> {
    child.slicings.iter().filter_map(|s| s.by_url.as_ref()).flat_map(|m| m.keys()).map(|u| (&**u, ())).collect()
}

/// The slice of a url; of several slicings the one with the strictest bounds stands first.
fn slice_of<'n>(child: &'n PlanChild, url: &str) -> Option<&'n PlanSlice> {
    let of = |s: &'n PlanSlicing| s.slices.get(usize::from(*s.by_url.as_ref()?.get(url)?));
    child.slicings.iter().filter_map(of).min_by_key(|s| (s.max, u32::MAX - s.min))
}
