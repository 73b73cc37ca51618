//! What references may point to, on both sides.

use super::gathered::{Gathered, Pair};
use super::proof::{Break, StepKind, Way};
use super::prover::Prover;
use crate::model::TypeId;
use crate::plan::{Aggregation, Handle, PlanTargets, ReferenceVersioning};

impl Prover<'_> {
    /// Every target that A allows is one that each demand of B allows.
    pub(super) fn targets(&mut self, pair: &Pair<'_>, out: &mut Gathered) {
        for wide in &pair.right.targets {
            let mut first: Option<(Handle, Vec<Break>, Vec<Below>)> = None;
            let mut met = None;
            for own in &pair.left.targets {
                match self.target_within(own, wide) {
                    Ok(below) => {
                        met = Some((own.element, below));
                        break;
                    }
                    Err((breaks, below)) => {
                        first.get_or_insert((own.element, breaks, below));
                    }
                }
            }
            if let Some((left, below)) = met {
                out.holds(StepKind::Target, Some(left), wide.element, "");
                for (t, answer) in below {
                    out.below(vec![Way::Target(t)], answer);
                }
                continue;
            }
            let (left, breaks) = match first {
                Some((left, breaks, below)) => {
                    for (t, answer) in below {
                        out.below(vec![Way::Target(t)], answer);
                    }
                    (Some(left), breaks)
                }
                None => (None, self.any_other(wide).into_iter().collect()),
            };
            let names: Vec<&str> = wide.types.iter().map(|t| self.model().type_name(*t)).collect();
            let breaks = breaks.into_iter().map(|b| (Vec::new(), b)).collect();
            out.open(StepKind::Target, (left, wide.element), names.join(", "), breaks);
        }
    }

    /// A type that a demand does not allow.
    fn any_other(&self, wide: &PlanTargets) -> Option<Break> {
        let model = self.model();
        let others = ["Basic", "Patient", "Organization", "Practitioner"].into_iter().filter_map(|n| model.find(n));
        let refused =
            |t: &TypeId| !wide.types.is_empty() && wide.types.iter().all(|w| w.is_known() && !model.is_a(*t, *w));
        others.into_iter().find(refused).map(Break::Target)
    }

    /// Whether all that one element allows is allowed by another; else what would not be.
    fn target_within(&mut self, own: &PlanTargets, wide: &PlanTargets) -> Result<Vec<Below>, (Vec<Break>, Vec<Below>)> {
        if own.element == wide.element {
            return Ok(Vec::new());
        }
        let model = self.model();
        let mut breaks = Vec::new();
        let mut below: Vec<Below> = Vec::new();
        let mut holds = manner_within(own, wide);
        if !holds {
            breaks.push(Break::Undecided);
        }
        if own.types.is_empty() && !wide.types.is_empty() {
            breaks.extend(self.any_other(wide));
            holds = false;
        }
        for t in &own.types {
            if wide.types.is_empty() {
                break;
            }
            // A target that is not loaded on the one side would have to be the same on the other.
            if !t.is_known() {
                let theirs = unknown_targets(self, wide);
                if !unknown_targets(self, own).iter().all(|u| theirs.contains(u)) {
                    breaks.push(Break::Undecided);
                    holds = false;
                }
                continue;
            }
            if !wide.types.iter().any(|w| w.is_known() && model.is_a(*t, *w)) {
                breaks.push(Break::Target(*t));
                holds = false;
                continue;
            }
            holds &= self.profiles_within(own, wide, *t, (&mut below, &mut breaks));
        }
        if holds { Ok(below) } else { Err((breaks, below)) }
    }

    /// Whether each profile that one element asks of targets of a type is met by one that the other asks.
    fn profiles_within(
        &mut self,
        own: &PlanTargets,
        wide: &PlanTargets,
        t: TypeId,
        (below, breaks): (&mut Vec<Below>, &mut Vec<Break>),
    ) -> bool {
        let model = self.model();
        let of = |targets: &PlanTargets| -> (usize, Vec<Handle>) {
            let types = targets.types.iter().filter(|w| w.is_known() && model.is_a(t, **w)).count();
            let roots = targets.profiles.iter().filter(|(w, _)| model.is_a(t, *w)).map(|(_, h)| *h).collect();
            (types, roots)
        };
        let ((types, roots), (wide_types, wide_roots)) = (of(own), of(wide));
        // A type beside its profiles: any target of it will do.
        if wide_types > wide_roots.len() {
            return true;
        }
        let bare = types > roots.len();
        if bare && !wide_roots.is_empty() {
            for root in &wide_roots {
                let (a, b) = (self.plans().node(t, &[]), self.plans().node(t, &[*root]));
                let answer = self.nodes(&a, &b, &[]);
                if answer.0 {
                    return true;
                }
                below.push((t, answer));
            }
            let base = self.set().core_type(model.type_name(t)).and_then(|s| self.set().root(s));
            breaks.extend(base.map(|root| Break::TargetOf(root, wide_roots)));
            return false;
        }
        roots.iter().all(|root| {
            let mut tried = Vec::new();
            for wanted in &wide_roots {
                let (a, b) = (self.plans().node(t, &[*root]), self.plans().node(t, &[*wanted]));
                let answer = self.nodes(&a, &b, &[]);
                if answer.0 {
                    below.push((t, answer));
                    return true;
                }
                tried.push((t, answer));
            }
            below.extend(tried);
            breaks.push(Break::TargetOf(*root, wide_roots.clone()));
            false
        })
    }
}

/// A proof about targets of a type.
type Below = (TypeId, super::gathered::Answer);

/// Where targets may be, and whether references name versions.
fn manner_within(own: &PlanTargets, wide: &PlanTargets) -> bool {
    let all = [Aggregation::CONTAINED, Aggregation::REFERENCED, Aggregation::BUNDLED];
    let places = wide.aggregation.is_any()
        || (!own.aggregation.is_any()
            && all.iter().all(|p| !own.aggregation.allows(*p) || wide.aggregation.allows(*p)));
    places && (wide.versioning == ReferenceVersioning::Either || own.versioning == wide.versioning)
}

/// The targets of an element that are not loaded.
fn unknown_targets<'s>(prover: &Prover<'s>, targets: &PlanTargets) -> Vec<&'s str> {
    let set = prover.set();
    let image = set.layer(targets.element.layer);
    let types = image.element(targets.element.row).map(|e| image.type_refs(e.types)).unwrap_or_default();
    let all = types.iter().flat_map(|t| image.list(if t.targets.len > 0 { t.targets } else { t.profiles }));
    all.filter(|url| set.find_structure(url, Some(targets.element.layer)).is_none()).collect()
}
