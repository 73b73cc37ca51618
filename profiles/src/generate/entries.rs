//! The entries of one element: how many, in which slices, of which type; then each along its plan.

use std::sync::Arc;

use super::Unbuildable;
use super::ask::{Ask, Need};
use super::build::Generator;
use super::draft::{Draft, Extent, Place};
use super::entry::{Entry, Sorted};
use super::tree::Tree;
use super::wish::Want;
use crate::instance::NameId;
use crate::model::Role;
use crate::plan::{Handle, PlanChild, PlanNode, SlicingRules, Variant};

/// How many entries of one element are built.
const ENTRIES: usize = 64;
/// An extension that may be anywhere.
const ANYWHERE: &str = "http://hl7.org/fhir/StructureDefinition/data-absent-reason";

impl Generator<'_> {
    /// Builds the entries of an element under the names of their types: `parts` are what templates have of them
    /// already.
    pub(super) fn entries(
        &self,
        draft: &mut Draft,
        plan: &PlanNode,
        child: &PlanChild,
        asks: Vec<Ask>,
        parts: Vec<(usize, Tree)>,
    ) -> Result<Vec<(NameId, Tree)>, Unbuildable> {
        if asks.is_empty() && parts.is_empty() && child.min == 0 && !self.is_forced(draft, child) {
            return Ok(Vec::new());
        }
        let sorted = Sorted::new(asks);
        if sorted.wants().any(|w| matches!(w, Want::Absent | Want::Count(0))) {
            return Ok(Vec::new());
        }
        let of_part =
            |(variant, template)| Entry { variant: Some(variant), template, required: true, ..Entry::default() };
        let mut entries: Vec<Entry> = parts.into_iter().map(of_part).collect();
        self.place_in_slices(draft, child, &sorted, &mut entries);
        self.complete(draft, child, &sorted, &mut entries);
        self.hand_out(child, sorted, &mut entries);
        order(child, &mut entries);
        let mut out = Vec::new();
        for entry in entries.into_iter().take(ENTRIES) {
            let (required, kept) = (entry.required, draft.contained.len());
            match self.entry(draft, plan, child, entry) {
                Ok(built) => out.push(built),
                Err(e) if required => return Err(e),
                Err(e) => {
                    draft.contained.truncate(kept);
                    draft.leave_out(e);
                    if u32::try_from(out.len()).is_ok_and(|n| n < child.min) {
                        out.push(self.entry(draft, plan, child, another(child, &[], true))?);
                    }
                }
            }
        }
        Ok(out)
    }

    /// Whether an element has entries although nothing asks for them: slices that have to be there, or what must be
    /// supported.
    fn is_forced(&self, draft: &Draft, child: &PlanChild) -> bool {
        child.slicings.iter().any(|s| s.slices.iter().any(|s| s.min > 0)) || self.is_extra(draft, child)
    }

    fn is_extra(&self, draft: &Draft, child: &PlanChild) -> bool {
        draft.extent == Extent::Supported && child.max > 0 && child.handles.iter().any(|h| self.is_supported(*h))
    }

    /// Adds entries in no slice until there are enough of them.
    fn complete(&self, draft: &Draft, child: &PlanChild, sorted: &Sorted, entries: &mut Vec<Entry>) {
        let min = usize::try_from(child.min).unwrap_or(ENTRIES).min(ENTRIES);
        let count = sorted.wants().find_map(|w| match w {
            Want::Count(n) => Some(usize::try_from(*n).unwrap_or(ENTRIES).min(ENTRIES)),
            _ => None,
        });
        let wished = usize::from(sorted.asks_presence());
        let wanted = count.unwrap_or(min.max(wished));
        while entries.len() < wanted {
            entries.push(another(child, entries, true));
        }
        if let Some(n) = count {
            entries.truncate(n);
        }
        if entries.is_empty() && self.is_extra(draft, child) {
            entries.push(another(child, entries, false));
        }
        let extra = sorted.wants().filter(|w| matches!(w, Want::ExtraEntry)).count();
        let outside = Need::Want(Want::OtherCode);
        let is_coded = |v: &Variant| self.model.role(v.type_id).is_coded();
        for _ in 0..extra {
            let asks = if child.variants.iter().any(is_coded) && !child.slicings.is_empty() {
                vec![Ask::new(Vec::new(), outside.clone())]
            } else {
                Vec::new()
            };
            entries.push(Entry { required: true, is_outside: true, asks, ..Entry::default() });
        }
    }

    /// Hands out what is asked of entries by number, and of the element as such: that goes to the first.
    fn hand_out(&self, child: &PlanChild, sorted: Sorted, entries: &mut Vec<Entry>) {
        for (nth, ask) in sorted.by_entry {
            let nth = usize::try_from(nth).unwrap_or(ENTRIES).min(ENTRIES - 1);
            if ask.next().is_none() && ask.is_absence() {
                if nth < entries.len() {
                    entries.remove(nth);
                }
                continue;
            }
            while entries.len() <= nth && !ask.is_absence() {
                entries.push(another(child, entries, true));
            }
            if let Some(e) = entries.get_mut(nth) {
                e.ask(ask);
            }
        }
        for (url, ask) in sorted.by_url {
            let is_own = |e: &&mut Entry| e.template.child_text(NameId::URL) == Some(&url);
            match entries.iter_mut().find(is_own) {
                Some(e) => e.ask(ask),
                None if ask.is_absence() => {}
                None => {
                    let template = Tree::of(vec![(NameId::URL, Tree::text(&url))]);
                    let mut e = Entry { template, required: true, ..Entry::default() };
                    e.ask(ask);
                    entries.push(e);
                }
            }
        }
        let Some(first) = entries.first_mut() else { return };
        for ask in sorted.own.into_iter().chain(sorted.inside) {
            if !matches!(ask.want(), Some(Want::Present | Want::Count(_) | Want::ExtraEntry)) {
                first.ask(ask);
            }
        }
    }

    /// Builds one entry.
    fn entry(
        &self,
        draft: &mut Draft,
        plan: &PlanNode,
        child: &PlanChild,
        mut e: Entry,
    ) -> Result<(NameId, Tree), Unbuildable> {
        if child.name == NameId::FULL_URL
            && e.template.is_empty()
            && plan.children.iter().any(|c| c.name == NameId::RESOURCE)
        {
            draft.entries += 1;
            e.template = Tree::text(&format!("urn:uuid:00000000-0000-4000-8000-{:012}", draft.entries));
        }
        e.slices.sort_unstable();
        e.slices.dedup();
        let telling = || self.telling(&e.slices).or_else(|| self.telling(&child.handles));
        let Some(variant) = self.variant(child, &e) else {
            return Err(self.unbuildable(telling(), "no type is allowed by all profiles"));
        };
        if variant.is_resource {
            let Some(type_id) = self.resource_type(child, &e.slices, &e.types) else {
                return Err(self.unbuildable(telling(), "no resource type is allowed by all profiles"));
            };
            let handles: Vec<Handle> = child.handles.iter().chain(&e.slices).copied().collect();
            let place = Place { type_id, handles: &handles, is_contained: child.name == NameId::CONTAINED };
            return Ok((variant.name, self.resource(draft, &place, e.asks, e.template)?));
        }
        let node = if child.is_extension {
            self.extension(child, variant, &mut e)
        } else if e.slices.is_empty() {
            self.plans.variant(child, variant)
        } else {
            self.plans.sliced(child, variant, variant.type_id, &e.slices)
        };
        Ok((variant.name, self.node(draft, &node, e.asks, e.template)?))
    }

    /// The plan of an extension, by its url: that of its template, else one that may be anywhere.
    fn extension(&self, child: &PlanChild, variant: &Variant, e: &mut Entry) -> Arc<PlanNode> {
        let url = match e.template.child_text(NameId::URL) {
            Some(url) => url.to_owned(),
            None => {
                e.template.push(NameId::URL, Tree::text(ANYWHERE));
                ANYWHERE.to_owned()
            }
        };
        let known = self.plans.extension(child, variant, &url);
        let missing = e.slices.iter().any(|s| !known.node.handles.contains(s));
        if !missing {
            return Arc::clone(&known.node);
        }
        let handles: Vec<Handle> = known.node.handles.iter().chain(&e.slices).copied().collect();
        self.plans.node(variant.type_id, &handles)
    }

    /// The type of an entry: that of its template, else one that all profiles allow.
    fn variant<'c>(&self, child: &'c PlanChild, e: &Entry) -> Option<&'c Variant> {
        if let Some(own) = e.variant {
            return child.variants.get(own);
        }
        let is_any = |v: &&Variant| {
            e.types.is_empty() || v.is_resource || e.types.iter().any(|t| self.model.is_a(v.type_id, *t))
        };
        let allowed: Vec<&Variant> = child.variants.iter().filter(|v| v.refused.is_empty()).filter(is_any).collect();
        // A value that says the least is the simplest to get right.
        let plain = |v: &&&Variant| matches!(self.model.role(v.type_id), Role::Primitive | Role::CodeableConcept);
        let simplest = if child.variants.len() > 8 { allowed.iter().find(plain) } else { None };
        let chosen = simplest.or(allowed.first());
        // A wish may name a type that a profile refuses.
        chosen.copied().or_else(|| child.variants.iter().find(|v| !e.types.is_empty() && is_any(v)))
    }
}

/// One more entry that nothing tells apart: where a slicing is closed, in the first slice with room.
fn another(child: &PlanChild, entries: &[Entry], required: bool) -> Entry {
    let mut entry = Entry { required, ..Entry::default() };
    for (number, slicing) in child.slicings.iter().enumerate() {
        if slicing.rules != SlicingRules::Closed {
            continue;
        }
        let used = |i: usize| entries.iter().filter(|e| e.places.contains(&(number, i))).count();
        let has_room = |(i, s): &(usize, &crate::plan::PlanSlice)| u32::try_from(used(*i)).is_ok_and(|n| n < s.max);
        if let Some((i, slice)) = slicing.slices.iter().enumerate().find(has_room) {
            entry.places.push((number, i));
            entry.slices.push(slice.element);
            entry.in_closed_slice(slice);
        }
    }
    entry
}

/// Puts the entries in the order that a slicing asks for.
fn order(child: &PlanChild, entries: &mut [Entry]) {
    let ordered = |s: &crate::plan::PlanSlicing| s.ordered || s.rules == SlicingRules::OpenAtEnd;
    if let Some(number) = child.slicings.iter().position(ordered) {
        let place = |e: &Entry| e.places.iter().find(|(n, _)| *n == number).map_or(usize::MAX, |(_, at)| *at);
        entries.sort_by_key(place);
    }
}
