//! The steps of a proof that are open, with the way to each.

use std::sync::Arc;

use rustc_hash::FxHashSet;

use super::proof::{Break, Proof, Step, StepKind, Way};
use crate::plan::Handle;

/// Bound on the open steps that are gathered from one proof.
pub const OPEN_STEPS: usize = 200;

/// A step that is not proven.
#[derive(Clone, Debug)]
pub struct OpenStep {
    /// What is demanded.
    pub kind: StepKind,
    /// From the root of the instance.
    pub way: Vec<Way>,
    /// The element of A that was held against it, where there is one.
    pub left: Option<Handle>,
    /// The element of B that makes the demand.
    pub right: Handle,
    /// The constraint, value set, type or profile that is demanded.
    pub what: String,
    /// How an instance could break it, with ways from the root.
    pub breaks: Vec<(Vec<Way>, Break)>,
}

impl OpenStep {
    /// Whether it is about what a reference points to, not about the instance itself.
    pub(super) fn is_about_target(&self) -> bool {
        self.way.iter().any(|w| matches!(w, Way::Target(_)))
    }
}

/// The open steps of a proof, top down in the order of the elements; no more than `OPEN_STEPS`. What stands open
/// about the targets of references is told once, however many references lead to it.
pub fn open_steps(proof: &Proof) -> Vec<OpenStep> {
    let mut out = Vec::new();
    gather(proof, &mut Vec::new(), &mut FxHashSet::default(), &mut out);
    out
}

fn gather(proof: &Proof, way: &mut Vec<Way>, targets: &mut FxHashSet<*const Proof>, out: &mut Vec<OpenStep>) {
    if proof.holds {
        return;
    }
    for step in proof.steps.iter().filter(|s| !s.holds) {
        if out.len() >= OPEN_STEPS {
            return;
        }
        // The same demand is met in several ways: of a slice and of its element.
        out.push(located(step, way));
    }
    for sub in &proof.subs {
        if let Some(below) = sub.proof.as_ref().filter(|p| !p.holds) {
            let is_target = matches!(sub.way.last(), Some(Way::Target(_)));
            if is_target && !targets.insert(Arc::as_ptr(below)) {
                continue;
            }
            let depth = way.len();
            way.extend(sub.way.iter().cloned());
            gather(below, way, targets, out);
            way.truncate(depth);
        }
    }
}

fn located(step: &Step, way: &[Way]) -> OpenStep {
    let from_root = |own: &[Way]| way.iter().chain(own).cloned().collect::<Vec<Way>>();
    OpenStep {
        kind: step.kind,
        way: way.to_vec(),
        left: step.left,
        right: step.right,
        what: step.what.clone(),
        breaks: step.breaks.iter().map(|(own, b)| (from_root(own), b.clone())).collect(),
    }
}
