//! The walk of an instance along its plan, and its budgets. No compile, no disk, no clock.

mod bound;
mod bundle;
mod coding;
mod context;
mod defining;
mod document;
mod extension;
mod finding;
mod invariant;
mod policy;
mod ports;
mod questionnaire;
mod reference;
mod resource;
mod slices;
mod truth;
mod typed;
mod walk;

pub use finding::{Detail, Finding, Weight};
pub use policy::{Level, Policies, References};
pub use truth::Truth;

pub use invariant::Memory;
pub use ports::{Session, SessionPorts};

use crate::fhirpath::Typing;
use crate::instance::Tape;
use crate::plan::{Handle, Plans};

/// Walks instances along the plans of one package set. Cheap to share; made once a set.
pub struct Evaluator<'s> {
    plans: &'s Plans,
    typing: Typing<'s>,
}

impl<'s> Evaluator<'s> {
    pub fn new(plans: &'s Plans) -> Evaluator<'s> {
        Evaluator { plans, typing: plans.typing() }
    }

    /// Walks a tape under the profiles asked for (roots of structures) and those that it claims. Findings are sorted by place and rule.
    pub fn evaluate<'t>(&self, tape: &'t Tape<'t>, asked: &[Handle], policies: &Policies, memory: &mut Memory) -> Vec<Finding> {
        let Some(root) = tape.root() else { return Vec::new() };
        let mut walk = self.walk(tape, policies);
        walk.memory = std::mem::take(memory);
        walk.root(root, asked);
        *memory = walk.memory;
        let mut findings = walk.findings;
        finding::settle(&mut findings);
        findings
    }

    /// The model's side of FHIRPath.
    pub fn typing(&self) -> &Typing<'s> {
        &self.typing
    }

    /// What may be asked about an instance outside a walk.
    pub fn session<'a>(&'a self, tape: &'a Tape<'a>, policies: &'a Policies) -> Session<'a> {
        let mut walk = self.walk(tape, policies);
        if let Some(root) = tape.root() {
            let type_id = walk.model().resource_type(root);
            walk.resources.push(walk::ResourceFrame { node: root, type_id, contained: false });
            if walk.model().type_name(type_id) == "Bundle" {
                walk.bundles.open(root);
            }
        }
        Session { walk }
    }

    fn walk<'a, 't>(&'a self, tape: &'t Tape<'t>, policies: &'a Policies) -> walk::Walk<'a, 't> {
        walk::Walk {
            plans: self.plans,
            set: self.plans.set(),
            typing: &self.typing,
            policies,
            tape,
            findings: Vec::new(),
            trail: Vec::new(),
            resources: Vec::new(),
            trials: 0,
            bundles: bundle::Bundles::default(),
            memory: Memory::default(),
            references: None,
            steps: 0,
        }
    }
}
