//! The walk of an instance along its plan, and its budgets. No compile, no disk, no clock.

mod bound;
mod bundle;
mod coding;
mod contained;
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
mod scripts;
mod slices;
mod truth;
mod twin;
mod typed;
mod walk;

pub use finding::{Detail, Finding, Site, Weight};
pub use policy::{Level, Policies, References};
pub use truth::Truth;

pub use invariant::Memory;
pub use ports::{Session, SessionPorts};

use crate::fhirpath::Typing;
use crate::instance::Tape;
use crate::plan::{Handle, Plans};
use crate::script::{Budget, Scripts};

/// Walks instances along the plans of one package set. Cheap to share; made once a set.
pub struct Evaluator<'s> {
    plans: &'s Plans,
    typing: Typing<'s>,
    scripts: Option<&'s Scripts>,
}

impl<'s> Evaluator<'s> {
    pub fn new(plans: &'s Plans) -> Evaluator<'s> {
        Evaluator { plans, typing: plans.typing(), scripts: None }
    }

    /// The same, with the rules and functions of a site.
    pub fn with_scripts(self, scripts: Option<&'s Scripts>) -> Evaluator<'s> {
        Evaluator { scripts, ..self }
    }

    /// Walks a tape under the profiles asked for (roots of structures) and those that it claims. Findings are sorted by place and rule.
    pub fn evaluate<'t>(&self, tape: &'t Tape<'t>, asked: &[Handle], policies: &Policies, memory: &mut Memory) -> Vec<Finding> {
        let Some(root) = tape.root() else { return Vec::new() };
        let budget = Budget::default();
        let mut walk = self.walk(tape, policies, &budget);
        walk.memory = std::mem::take(memory);
        walk.root(root, asked);
        *memory = walk.memory;
        let mut findings = walk.findings;
        finding::settle(&mut findings);
        findings
    }

    /// Whether a site's scripts have this function (`namespace.name`).
    pub fn has_function(&self, name: &str) -> bool {
        self.scripts.is_some_and(|s| s.library().has_function(name))
    }

    /// The model's side of FHIRPath.
    pub fn typing(&self) -> &Typing<'s> {
        &self.typing
    }

    /// What may be asked about an instance outside a walk.
    pub fn session<'a>(&'a self, tape: &'a Tape<'a>, policies: &'a Policies, budget: &'a Budget) -> Session<'a> {
        let mut walk = self.walk(tape, policies, budget);
        if let Some(root) = tape.root() {
            let type_id = walk.model().resource_type(root);
            walk.resources.push(walk::ResourceFrame { node: root, type_id, contained: false });
            if walk.model().type_name(type_id) == "Bundle" {
                walk.bundles.open(root);
            }
        }
        Session { walk }
    }

    fn walk<'a, 't>(&'a self, tape: &'t Tape<'t>, policies: &'a Policies, budget: &'a Budget) -> walk::Walk<'a, 't> {
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
            scripts: self.scripts.map(|s| (s, budget)),
        }
    }
}
