//! The walk of an instance along its plan, and its budgets. No compile, no disk, no clock.

mod bundle;
mod coding;
mod context;
mod extension;
mod finding;
mod invariant;
mod policy;
mod reference;
mod resource;
mod slices;
mod truth;
mod typed;
mod walk;

pub use finding::{Detail, Finding, Weight};
pub use policy::{Level, Policies, References};
pub use truth::Truth;

use crate::instance::Tape;
use crate::plan::{Handle, Plans};

/// Walks a tape under the profiles asked for (roots of structures) and those that it claims. Findings are sorted by place and rule.
pub fn evaluate<'t>(tape: &'t Tape<'t>, plans: &Plans, asked: &[Handle], policies: &Policies) -> Vec<Finding> {
    let Some(root) = tape.root() else { return Vec::new() };
    let mut walk = walk::Walk {
        plans,
        set: plans.set(),
        policies,
        tape,
        findings: Vec::new(),
        trail: Vec::new(),
        resources: Vec::new(),
        trials: 0,
        bundles: bundle::Bundles::default(),
        scratch: invariant::Scratch::default(),
        steps: 0,
    };
    walk.root(root, asked);
    let mut findings = walk.findings;
    finding::settle(&mut findings);
    findings
}
