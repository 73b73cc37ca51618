//! Slicing: which slice an entry belongs to, and whether the slices' own rules hold
//! (https://hl7.org/fhir/R4/profiling.html#slicing).

use super::finding::{Detail, Weight};
use super::truth::Truth;
use super::walk::{Crumb, Walk};
use crate::assertion::value::{equals, holds};
use crate::instance::{NameId, Node};
use crate::issue::RuleId;
use crate::model::TypeId;
use crate::plan::{Check, Handle, PlanChild, PlanNode, PlanSlice, PlanSlicing, SliceTest, Step};

/// Where an entry fell in one slicing.
#[derive(Clone, Default)]
struct Fall {
    /// The slice, and the reslices below it.
    slices: Vec<Handle>,
    /// Slices of which it cannot be said whether the entry matches.
    open: Vec<Handle>,
}

impl<'t> Walk<'_, 't> {
    /// Sorts the entries of a sliced element into slices, walks each with the plan of its slices, and judges the slicing.
    pub fn slicings(&mut self, n: Node<'t>, plan: &PlanNode, child: &PlanChild, entries: &[(usize, Node<'t>)]) {
        let mut matched: Vec<Vec<Handle>> = vec![Vec::new(); entries.len()];
        for slicing in &child.slicings {
            let falls: Vec<Fall> = entries.iter().map(|(vi, e)| self.fall(slicing, *e, self.entry_type(child, *vi, *e))).collect();
            self.judge_slicing(n, slicing, entries, &falls);
            for (m, f) in matched.iter_mut().zip(falls) {
                m.extend(f.slices);
            }
        }
        for ((vi, e), slices) in entries.iter().zip(&mut matched) {
            slices.sort_unstable();
            slices.dedup();
            let variant = &child.variants[*vi];
            if child.is_extension {
                self.extension_entry(*e, n, plan, child, variant, Some(slices));
                continue;
            }
            self.trail.push(Crumb { parent: plan.type_id, name: child.name });
            self.entry(*e, child, variant, slices);
            self.trail.pop();
        }
    }

    /// Whether a node is in the slice of this name that a profile lays on the node's place, seen from the nearest element
    /// around it that is of the profile's type.
    pub fn in_slice(&mut self, n: Node<'t>, structure: Handle, name: &str) -> Truth {
        let wanted = self.set.structure(structure).and_then(|s| self.model().find(self.set.str(structure.layer, s.type_name)));
        let (Some(wanted), Some(root)) = (wanted, self.set.root(structure)) else { return Truth::Unknown };
        let mut way = vec![n];
        while let Some(parent) = way.last().and_then(|n| n.parent()) {
            way.push(parent);
        }
        way.reverse();
        let mut types = vec![self.model().resource_type(way[0])];
        for pair in way.windows(2) {
            let parent = types.last().copied().unwrap_or_default();
            types.push(self.model().type_of_child(parent, pair[1]));
        }
        let around = (0..way.len() - 1).rev().find(|i| self.model().is_a(types[*i], wanted));
        let Some(around) = around else { return Truth::False };
        let mut plan = self.plans.node(types[around], &[root]);
        for (i, step) in way.iter().enumerate().skip(around + 1) {
            let Some((ci, vi)) = plan.find(step.name()) else { return Truth::False };
            if i + 1 == way.len() {
                return self.falls_into(&plan.children[ci], n, types[i], name);
            }
            let next = self.plans.variant(&plan.children[ci], &plan.children[ci].variants[vi]).clone();
            plan = next;
        }
        Truth::False
    }

    /// Whether an entry is in a slice of this name.
    fn falls_into(&mut self, child: &PlanChild, e: Node<'t>, type_id: TypeId, name: &str) -> Truth {
        let mut any = Truth::False;
        for slicing in &child.slicings {
            for (i, s) in slicing.slices.iter().enumerate() {
                if self.set.element(s.element).is_none_or(|row| self.set.str(s.element.layer, row.slice_name) != name) {
                    continue;
                }
                any = any.or(match &slicing.by_url {
                    Some(urls) => Truth::of(e.child_text(NameId::URL).is_some_and(|u| urls.get(&*u).is_some_and(|at| *at as usize == i))),
                    None => self.matches(s, e, type_id),
                });
            }
        }
        any
    }

    fn entry_type(&self, child: &PlanChild, variant: usize, e: Node<'t>) -> TypeId {
        let t = child.variants[variant].type_id;
        if self.model().is_resource(t) { self.model().resource_type(e) } else { t }
    }

    fn fall(&mut self, slicing: &PlanSlicing, e: Node<'t>, type_id: TypeId) -> Fall {
        let mut fall = Fall::default();
        for s in &slicing.slices {
            match self.matches(s, e, type_id) {
                Truth::True => {
                    fall.slices.push(s.element);
                    if let Some(r) = &s.reslicing {
                        let inner = self.fall(r, e, type_id);
                        fall.slices.extend(inner.slices);
                    }
                    fall.open.clear();
                    break;
                }
                Truth::Unknown => fall.open.push(s.element),
                Truth::False => {}
            }
        }
        fall
    }

    fn matches(&mut self, slice: &PlanSlice, e: Node<'t>, type_id: TypeId) -> Truth {
        if slice.tests.iter().all(|t| matches!(t.check, Check::Nothing)) {
            // The profile does not say by what the slice is told; an extension is told by its url, and this one's is not known.
            return if e.name() == NameId::EXTENSION || e.name() == NameId::MODIFIER_EXTENSION { Truth::False } else { Truth::Unknown };
        }
        let mut all = Truth::True;
        for t in &slice.tests {
            all = all.and(self.test(t, e, type_id));
            if all == Truth::False {
                break;
            }
        }
        all
    }

    fn test(&mut self, test: &SliceTest, e: Node<'t>, type_id: TypeId) -> Truth {
        let mut places = vec![(e, type_id)];
        for step in &test.path {
            let mut next = Vec::new();
            let mut open = false;
            for (n, t) in places {
                open |= !self.step(step, n, t, &mut next);
            }
            if open && next.is_empty() {
                return Truth::Unknown;
            }
            places = next;
        }
        match &test.check {
            Check::Value { value, fixed } => Truth::of(places.iter().any(|(n, _)| if *fixed { equals(self.set, *n, *value) } else { holds(self.set, *n, *value) })),
            Check::Exists(wanted) => Truth::of(places.is_empty() != *wanted),
            Check::Type(types) => {
                if places.iter().any(|(_, t)| !t.is_known()) {
                    return Truth::Unknown;
                }
                Truth::of(places.iter().any(|(_, t)| types.iter().any(|w| self.model().is_a(*t, *w))))
            }
            Check::Binding { value_set, .. } => Truth::any(places.iter().map(|(n, t)| self.member(*n, *t, *value_set))),
            Check::Profile(roots) => {
                let mut any = Truth::False;
                for (n, t) in places {
                    any = any.or(self.conforms(n, t, roots));
                }
                any
            }
            Check::All(tests) => {
                let mut any = Truth::False;
                for (n, t) in places {
                    any = any.or(tests.iter().fold(Truth::True, |a, x| a.and(self.test(x, n, t))));
                }
                any
            }
            Check::Nothing => Truth::True,
            Check::Unsupported(_) => Truth::Unknown,
        }
    }

    /// Whether a node conforms to one of these profiles.
    pub fn conforms(&mut self, n: Node<'t>, t: TypeId, roots: &[Handle]) -> Truth {
        if !t.is_known() {
            return Truth::Unknown;
        }
        let mut any = Truth::False;
        for r in roots {
            let wanted = self.set.structure_of(*r).and_then(|s| self.model().find(self.set.str(r.layer, s.type_name)));
            if wanted.is_some_and(|w| !self.model().is_a(t, w)) {
                continue;
            }
            let plan = self.plans.node(t, &[*r]);
            let found = self.trial(n, &plan);
            let truth = if found.iter().any(|f| f.weight == Weight::Error) {
                Truth::False
            } else if found.iter().any(|f| f.weight == Weight::Question) {
                Truth::Unknown
            } else {
                Truth::True
            };
            any = any.or(truth);
        }
        any
    }

    /// Takes one step of a discriminator's path; `false` where what it leads to is not known.
    fn step(&mut self, step: &Step, n: Node<'t>, t: TypeId, out: &mut Vec<(Node<'t>, TypeId)>) -> bool {
        let model = self.model();
        match step {
            Step::Child(name) => {
                for c in n.children() {
                    if c.name() == *name {
                        out.push((c, model.type_of_child(t, c)));
                    } else if let Some(row) = model.child(t, c.name()).filter(|r| r.stem == *name) {
                        out.push((c, row.type_id));
                    }
                }
                true
            }
            Step::Extension(url) => {
                for x in n.children_named(NameId::EXTENSION) {
                    if x.child_text(NameId::URL).is_some_and(|u| u == **url) {
                        out.push((x, model.type_of_child(t, x)));
                    }
                }
                true
            }
            Step::OfType(wanted) => {
                if model.is_a(t, *wanted) {
                    out.push((n, t));
                }
                true
            }
            Step::Resolve => {
                if n.child(NameId::REFERENCE).is_none() {
                    return true;
                }
                match self.resolve(n) {
                    super::reference::Target::Found(target) => {
                        out.push((target, model.resource_type(target)));
                        true
                    }
                    super::reference::Target::Typed(type_id) => {
                        out.push((n, type_id));
                        true
                    }
                    super::reference::Target::Missing | super::reference::Target::Unknown => false,
                }
            }
        }
    }

    fn judge_slicing(&mut self, n: Node<'t>, slicing: &PlanSlicing, entries: &[(usize, Node<'t>)], falls: &[Fall]) {
        let open = falls.iter().any(|f| !f.open.is_empty());
        for s in slicing.slices.iter() {
            if slicing.rules != 1 || s.max > 0 {
                self.judge_slice(n, s, falls);
            }
            for r in s.reslicing.iter().flat_map(|r| r.slices.iter()) {
                if falls.iter().any(|f| f.slices.contains(&s.element)) {
                    self.judge_slice(n, r, falls);
                }
            }
        }
        let position = |f: &Fall| f.slices.first().and_then(|h| slicing.slices.iter().position(|s| s.element == *h));
        let mut last = 0;
        let mut outside = false;
        for ((_, e), f) in entries.iter().zip(falls) {
            match position(f) {
                Some(p) if slicing.rules == 1 && slicing.slices[p].max == 0 => {
                    self.error(RuleId::SLICE_CLOSED, *e, &[slicing.slices[p].element], Detail::NoSlice(slicing.slices[p].element));
                }
                Some(p) => {
                    if slicing.ordered && p < last {
                        self.error(RuleId::SLICE_ORDER, *e, &[slicing.slices[p].element], Detail::None);
                    }
                    if slicing.rules == 2 && outside {
                        self.error(RuleId::SLICE_END, *e, &[slicing.element], Detail::None);
                    }
                    last = last.max(p);
                }
                None if slicing.rules == 1 && !open => self.error(RuleId::SLICE_CLOSED, *e, &[slicing.element], Detail::NoSlice(slicing.element)),
                None if slicing.rules == 1 => self.find(RuleId::SLICE_UNDECIDED, Weight::Question, *e, &[slicing.element], Detail::NoSlice(slicing.element)),
                None => {
                    outside = true;
                    if !f.open.is_empty() {
                        self.find(RuleId::SLICE_UNDECIDED, Weight::Question, *e, &f.open, Detail::NoSlice(f.open[0]));
                    }
                }
            }
        }
    }

    fn judge_slice(&mut self, n: Node<'t>, s: &PlanSlice, falls: &[Fall]) {
        let found = falls.iter().filter(|f| f.slices.contains(&s.element)).count() as u32;
        let possible = found + falls.iter().filter(|f| f.open.contains(&s.element)).count() as u32;
        if found < s.min {
            let detail = Detail::Slice { slice: s.element, found, bound: s.min };
            if possible >= s.min {
                self.find(RuleId::SLICE_UNDECIDED, Weight::Question, n, &[s.element], detail);
            } else {
                self.error(RuleId::SLICE_MIN, n, &[s.element], detail);
            }
        }
        if found > s.max {
            self.error(RuleId::SLICE_MAX, n, &[s.element], Detail::Slice { slice: s.element, found, bound: s.max });
        }
    }
}
