//! Slicing: which slice an entry belongs to, and whether the slices' own rules hold
//! (<https://hl7.org/fhir/R4/profiling.html#slicing>).
//!
//! From the plan: [`PlanSlicing`] of each demanding element.

mod evidence;
mod examples;
mod matching;
mod near;

pub use examples::EXAMPLES;

use super::text::{Describe, Message, MessageContext, element_id};
use crate::instance::{NameId, Node};
use crate::issue::RuleId;
use crate::judge::{Detail, Frame, Judge, Place, Truth, Weight};
use crate::model::TypeId;
use crate::plan::{Check, Handle, PlanChild, PlanSlice, PlanSlicing, SlicingRules};

/// An entry of a sliced element.
#[derive(Clone, Copy)]
struct Entry<'t> {
    /// Its number among the entries.
    number: usize,
    node: Node<'t>,
    type_id: TypeId,
}

/// Which slice of a slicing an entry matches.
#[derive(Default)]
struct SliceMatch {
    /// The number of the slice.
    slice: Option<usize>,
    /// The numbers of the slices that the entry may match; none where it matches another.
    open: Vec<usize>,
}

/// Sorts the entries (variant and node) of a sliced element into slices, and judges the slicing. Gives the slices of
/// each entry; those discriminated only by an extension's url are left out, because the plan for the url includes them.
#[allow(clippy::indexing_slicing, reason = "the variants are those that the plan found for the entries")]
pub fn sort<'t>(
    j: &mut Judge<'_, 't>,
    at: &Place<'_, 't>,
    child: &PlanChild,
    entries: &[(usize, Node<'t>)],
) -> Vec<Vec<Handle>> {
    let model = j.model();
    let entries: Vec<Entry<'t>> = entries
        .iter()
        .enumerate()
        .map(|(number, (variant, node))| {
            let variant = &child.variants[*variant];
            let type_id = if variant.is_resource { model.resource_type(*node) } else { variant.type_id };
            Entry { number, node: *node, type_id }
        })
        .collect();
    let mut matched: Vec<Vec<Handle>> = vec![Vec::new(); entries.len()];
    for slicing in &child.slicings {
        divide(j, at, slicing, &entries, &mut matched);
    }
    for slices in matched.iter_mut().filter(|s| s.len() > 1) {
        slices.sort_unstable();
        slices.dedup();
    }
    matched
}

/// Divides entries by one slicing, those of each slice by its reslicing, and judges both.
fn divide<'t>(
    j: &mut Judge<'_, 't>,
    at: &Place<'_, 't>,
    slicing: &PlanSlicing,
    entries: &[Entry<'t>],
    matched: &mut [Vec<Handle>],
) {
    let matches: Vec<SliceMatch> = match &slicing.by_position {
        Some(ranges) => (0..entries.len()).map(|number| at_position(ranges, number)).collect(),
        None => entries.iter().map(|e| slice_match(j, at, slicing, e)).collect(),
    };
    judge(j, at.node, slicing, entries, &matches);
    if slicing.by_url.is_some() {
        return;
    }
    for (e, f) in entries.iter().zip(&matches) {
        if let Some(slices) = matched.get_mut(e.number) {
            slices.extend(f.slice.and_then(|s| slicing.slices.get(s)).map(|s| s.element));
        }
    }
    for (i, slice) in slicing.slices.iter().enumerate() {
        let Some(reslicing) = &slice.reslicing else { continue };
        let inside: Vec<Entry<'t>> =
            entries.iter().zip(&matches).filter(|(_, f)| f.slice == Some(i)).map(|(e, _)| *e).collect();
        if !inside.is_empty() {
            divide(j, at, reslicing, &inside, matched);
        }
    }
}

/// The slice whose entries have this number among those of the slicing.
fn at_position(ranges: &[(u32, u32)], number: usize) -> SliceMatch {
    let has = |range: &(u32, u32)| (range.0 as usize..range.1 as usize).contains(&number);
    SliceMatch { slice: ranges.iter().position(has), open: Vec::new() }
}

fn slice_match<'t>(j: &mut Judge<'_, 't>, at: &Place<'_, 't>, slicing: &PlanSlicing, e: &Entry<'t>) -> SliceMatch {
    if let Some(urls) = &slicing.by_url {
        let slice = e.node.child_text(NameId::URL).and_then(|u| urls.get(&*u)).map(|i| *i as usize);
        return SliceMatch { slice, open: Vec::new() };
    }
    let mut slice_match = SliceMatch::default();
    for (i, slice) in slicing.slices.iter().enumerate() {
        match matching::matches(j, at.frame, slice, e.node, e.type_id) {
            // It matches the other, too: which of them is meant cannot be told.
            Truth::True if slice.twin => slice_match.open.push(i),
            Truth::True => return SliceMatch { slice: Some(i), open: Vec::new() },
            Truth::Unknown => slice_match.open.push(i),
            Truth::False => {}
        }
    }
    slice_match
}

/// Whether an entry of an element is in a slice of this name.
pub fn in_slice<'t>(
    j: &mut Judge<'_, 't>,
    child: &PlanChild,
    e: Node<'t>,
    type_id: TypeId,
    frame: Frame<'t>,
    name: &str,
) -> Truth {
    let mut any = Truth::False;
    let mut open: Vec<&PlanSlicing> = child.slicings.iter().collect();
    while let Some(slicing) = open.pop() {
        for (i, slice) in slicing.slices.iter().enumerate() {
            open.extend(slice.reslicing.as_deref());
            if j.set.element(slice.element).is_none_or(|row| j.set.str(slice.element.layer, row.slice_name) != name) {
                continue;
            }
            any = any.or(match &slicing.by_url {
                Some(urls) => Truth::of(
                    e.child_text(NameId::URL).is_some_and(|u| urls.get(&*u).is_some_and(|at| *at as usize == i)),
                ),
                None => matching::matches(j, &frame, slice, e, type_id),
            });
        }
    }
    any
}

fn judge<'t>(j: &mut Judge<'_, 't>, n: Node<'t>, slicing: &PlanSlicing, entries: &[Entry<'t>], matches: &[SliceMatch]) {
    let closed = slicing.rules == SlicingRules::Closed;
    for (i, slice) in slicing.slices.iter().enumerate().filter(|(_, s)| !closed || s.max > 0) {
        occurrences(j, n, slice, i, (entries, matches));
    }
    untold(j, slicing, entries);
    let mut last = 0;
    let mut outside = Truth::False;
    for (e, f) in entries.iter().zip(matches) {
        let Some((i, slice)) = f.slice.and_then(|i| Some((i, slicing.slices.get(i)?))) else {
            unmatched(j, slicing, e.node, f);
            outside = outside.or(if f.open.is_empty() { Truth::True } else { Truth::Unknown });
            continue;
        };
        if closed && slice.max == 0 {
            j.error(RuleId::SLICE_CLOSED, e.node, &[slice.element], || Detail::NoSlice(slice.element));
            continue;
        }
        if slicing.ordered && i < last {
            j.error(RuleId::SLICE_ORDER, e.node, &[slice.element], || Detail::None);
        }
        if slicing.rules == SlicingRules::OpenAtEnd {
            match outside {
                Truth::True => j.error(RuleId::SLICE_END, e.node, &[slicing.element], || Detail::None),
                Truth::Unknown => {
                    j.question(RuleId::SLICE_UNDECIDED, e.node, &[slicing.element], || Detail::NoSlice(slicing.element))
                }
                Truth::False => {}
            }
        }
        last = last.max(i);
    }
}

/// Tells of slices that no entry can be told to be in, because their definitions say nothing at the discriminators.
fn untold<'t>(j: &mut Judge<'_, 't>, slicing: &PlanSlicing, entries: &[Entry<'t>]) {
    let Some(first) = entries.first().filter(|_| slicing.by_url.is_none()).map(|e| e.node) else { return };
    if matches!(first.name(), NameId::EXTENSION | NameId::MODIFIER_EXTENSION) {
        return;
    }
    let is_untold = |s: &&PlanSlice| !s.tests.is_empty() && s.tests.iter().all(|t| matches!(t.check, Check::Nothing));
    for slice in slicing.slices.iter().filter(is_untold) {
        j.find(RuleId::SLICE_DISCRIMINATOR, Weight::Note, first, &[slice.element], || Detail::NoSlice(slice.element));
    }
}

/// An entry that is in no slice, or may be in none.
fn unmatched<'t>(j: &mut Judge<'_, 't>, slicing: &PlanSlicing, e: Node<'t>, f: &SliceMatch) {
    match (slicing.rules == SlicingRules::Closed, f.open.is_empty()) {
        (true, true) => j.error(RuleId::SLICE_CLOSED, e, &[slicing.element], || Detail::NoSlice(slicing.element)),
        (true, false) => {
            j.question(RuleId::SLICE_UNDECIDED, e, &[slicing.element], || Detail::NoSlice(slicing.element))
        }
        (false, true) => {}
        (false, false) => {
            // Where the order does not matter and the slice requires nothing more, it makes no difference: how often it
            // occurs is judged separately.
            let matters =
                |s: &&PlanSlice| slicing.ordered || slicing.rules == SlicingRules::OpenAtEnd || s.demands_more;
            let open = f.open.iter().filter_map(|i| slicing.slices.get(*i));
            let open: Vec<Handle> = open.filter(matters).map(|s| s.element).collect();
            if let Some(first) = open.first() {
                j.question(RuleId::SLICE_UNDECIDED, e, &open, || Detail::NoSlice(*first));
            }
        }
    }
}

/// How often a slice occurs, as far as that is certain.
fn occurrences<'t>(
    j: &mut Judge<'_, 't>,
    n: Node<'t>,
    slice: &PlanSlice,
    number: usize,
    (entries, matches): (&[Entry<'t>], &[SliceMatch]),
) {
    if slice.min == 0 && slice.max == u32::MAX {
        return;
    }
    let found = matches.iter().filter(|f| f.slice == Some(number)).count() as u32;
    let possible = found + matches.iter().filter(|f| f.open.contains(&number)).count() as u32;
    let (h, detail) =
        ([slice.element], |bound, near| move || Detail::Slice { slice: slice.element, found, bound, near });
    if found < slice.min {
        if possible >= slice.min {
            j.question(RuleId::SLICE_UNDECIDED, n, &h, detail(slice.min, Vec::new()));
        } else {
            let near = if j.ledger.is_final() { near::misses(j, slice, entries, matches) } else { Vec::new() };
            j.error(RuleId::SLICE_MIN, n, &h, detail(slice.min, near));
        }
    }
    if found > slice.max {
        j.error(RuleId::SLICE_MAX, n, &h, detail(slice.max, Vec::new()));
    } else if possible > slice.max {
        j.question(RuleId::SLICE_UNDECIDED, n, &h, detail(slice.max, Vec::new()));
    }
}

pub const MESSAGES: &[(RuleId, Describe)] = &[
    (RuleId::SLICE_MIN, slice_text),
    (RuleId::SLICE_MAX, slice_text),
    (RuleId::SLICE_UNDECIDED, slice_text),
    (RuleId::SLICE_DISCRIMINATOR, slice_text),
    (RuleId::SLICE_CLOSED, slice_text),
    (RuleId::SLICE_ORDER, |t| format!("this `{}` comes after an entry of a later slice", t.name()).into()),
    (RuleId::SLICE_END, |t| {
        format!("this `{}` matches a slice, but comes after an entry that matches none", t.name()).into()
    }),
];

fn slice_text(t: MessageContext<'_>) -> Message {
    let (set, rule) = (t.set, t.finding.rule);
    match &t.finding.detail {
        Detail::Slice { slice, found, bound, .. } => {
            let name = element_id(set, *slice);
            let evidence = if rule == RuleId::SLICE_MAX { Vec::new() } else { evidence::missing(set, t.node, *slice) };
            let text = match rule {
                RuleId::SLICE_MIN => format!("slice `{name}` is missing: expected at least {bound}, found {found}"),
                RuleId::SLICE_MAX => {
                    format!("slice `{name}` occurs too often: expected at most {bound}, found {found}")
                }
                _ => format!("cannot determine whether slice `{name}` is present"),
            };
            Message { text, evidence, ..Message::default() }
        }
        Detail::NoSlice(h) if rule == RuleId::SLICE_DISCRIMINATOR => {
            format!("slice `{}` cannot be told: its definition says nothing at its discriminators", element_id(set, *h))
                .into()
        }
        Detail::NoSlice(h) if rule == RuleId::SLICE_UNDECIDED => {
            format!("cannot determine whether the entry matches slice `{}`", element_id(set, *h)).into()
        }
        Detail::NoSlice(h) => {
            let evidence = evidence::unmatched(set, t.node, *h);
            Message {
                text: format!("the entry does not match any slice of `{}`", element_id(set, *h)),
                evidence,
                ..Message::default()
            }
        }
        _ => Message::default(),
    }
}
