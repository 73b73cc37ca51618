//! What the right side demands of a node itself: definitions, constraints, values, bounds, bindings, profiles.

use super::Match;
use super::codes::has;
use super::fact::{self, Fact};
use super::gathered::{Gathered, Pair};
use super::proof::{Break, StepKind};
use super::prover::Prover;
use crate::instance::NameId;
use crate::plan::rows::NONE;
use crate::plan::{BindingStrength, Handle, PlanAlternatives, PlanNode, PlanPresence, value_text};

impl Prover<'_> {
    pub(super) fn demands(&mut self, pair: &Pair<'_>, out: &mut Gathered) {
        self.definitions(pair, out);
        self.constraints(pair, out);
        self.fixed_values(pair, out);
        self.bounds(pair, out);
        self.bindings(pair, out);
        self.targets(pair, out);
        self.profiles(pair, out);
    }

    /// A definition at fault demands what nobody can tell.
    fn definitions(&mut self, pair: &Pair<'_>, out: &mut Gathered) {
        for fault in pair.right.faults.iter().filter(|f| !f.overruled) {
            let text = self.set().fault(fault.fault).map_or("", |f| self.set().str(fault.fault.layer, f.message));
            out.open(StepKind::Definition, (None, fault.element), text, Vec::new());
        }
        for p in &pair.right.presence {
            let same = pair.left.presence.iter().find(|l| self.same_alternatives(l, p));
            match same {
                Some(l) => out.holds(StepKind::Presence, Some(l.element), p.element, ""),
                None => {
                    out.open(StepKind::Presence, (None, p.element), "", vec![(Vec::new(), Break::NoValue)]);
                }
            }
        }
    }

    fn same_alternatives(&self, l: &PlanPresence, r: &PlanPresence) -> bool {
        let list = |p: &PlanPresence| -> Vec<&str> { self.set().layer(p.element.layer).list(p.alternatives).collect() };
        let (left, right) = (list(l), list(r));
        // Without alternatives nothing may stand in place of the value.
        left.iter().all(|u| right.contains(u))
    }

    fn fixed_values(&mut self, pair: &Pair<'_>, out: &mut Gathered) {
        for v in &pair.right.values {
            let left = pair.left.values.first().map(|l| l.element);
            if self.meets(pair.left, &pair.facts, (v.value, v.fixed)) == Match::Always {
                out.holds(StepKind::Value, left, v.element, "");
            } else {
                let what = value_text(self.set(), v.value);
                out.open(StepKind::Value, (left, v.element), what, vec![(Vec::new(), Break::OtherValue)]);
            }
        }
    }

    /// Whether what is valid for a node is what a fixed value or pattern demands.
    pub(super) fn meets(&mut self, node: &PlanNode, facts: &[Fact], (value, fixed): (Handle, bool)) -> Match {
        let values = self.values();
        let model = self.model();
        let single = |name: NameId| model.child(node.type_id, name).is_some_and(|c| !c.is_list());
        for own in fact::own_values(facts) {
            match values.compare(own, (value, fixed), &single) {
                Match::Maybe => {}
                told => return told,
            }
        }
        if !values.is_object(value) {
            return self.leaf(node, value);
        }
        let parts: Vec<Handle> = values.children(value).collect();
        let mut all = Match::Always;
        for part in parts {
            all = all.and(self.some_entry(node, facts, values.name(part), (part, fixed)));
            if all == Match::Never {
                return all;
            }
        }
        // A fixed value allows nothing beside its parts.
        if fixed && all == Match::Always { Match::Maybe } else { all }
    }

    /// Whether a primitive has a value, as far as its bindings tell.
    fn leaf(&self, node: &PlanNode, value: Handle) -> Match {
        let code = self.values().text(value);
        let refused = node
            .bindings
            .iter()
            .filter(|b| b.strength == BindingStrength::Required)
            .filter_map(|b| b.value_set)
            .any(|v| has(self.set(), v, None, code) == Some(false));
        if refused && node.primitive.is_some() { Match::Never } else { Match::Maybe }
    }

    /// A profile of the node's type, where the element names several or one that is not loaded.
    fn profiles(&mut self, pair: &Pair<'_>, out: &mut Gathered) {
        for wide in &pair.right.alternatives {
            let held = pair.left.alternatives.iter().find(|own| self.alternative_within(own, wide));
            let left = held.map(|l| l.element);
            let any = left.is_some()
                || wide.roots.iter().any(|root| {
                    let right = self.plans().node(pair.right.type_id, &[*root]);
                    self.nodes(pair.left, &right, &pair.facts).0
                });
            if any {
                out.holds(StepKind::Profile, left, wide.element, "");
            } else {
                let what = self.named_profiles(wide.element).join(", ");
                out.open(StepKind::Profile, (None, wide.element), what, Vec::new());
            }
        }
    }

    /// Whether what conforms to one of an element's profiles conforms to one of another's.
    fn alternative_within(&self, own: &PlanAlternatives, wide: &PlanAlternatives) -> bool {
        if own.element == wide.element {
            return true;
        }
        let (left, right) = (self.named_profiles(own.element), self.named_profiles(wide.element));
        let resolved = own.roots.iter().all(|r| wide.roots.contains(r));
        resolved && left.iter().all(|p| right.contains(p)) && !left.is_empty()
    }

    /// The canonicals that an element names as profiles of its types, or that a profile imposes.
    fn named_profiles(&self, element: Handle) -> Vec<&str> {
        let image = self.set().layer(element.layer);
        let Some(e) = image.element(element.row) else { return Vec::new() };
        if e.parent == NONE {
            return image.structure(e.structure).into_iter().flat_map(|s| image.list(s.imposed)).collect();
        }
        image.type_refs(e.types).iter().flat_map(|t| image.list(t.profiles)).collect()
    }
}
