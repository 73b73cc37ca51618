//! Coverage: does what the one side has serve the whole use that the other asks for? It is asked of what selects
//! instances: code, category, type, status and the kind of subject. Not part of the proof of validity.

use super::fact;
use super::gathered::{Gathered, Pair};
use super::open::OPEN_STEPS;
use super::proof::{Break, Proof, StepKind, Way};
use super::prover::Prover;
use super::{OpenStep, element_id, open_steps};
use crate::plan::{Handle, PlanNode, slice_text};

/// The elements by which a search selects instances.
const SELECTING: [&str; 5] = ["code", "category", "type", "status", "subject"];
/// Steps that leave open which values are admitted.
const UNDECIDED: [StepKind; 4] = [StepKind::Nesting, StepKind::Definition, StepKind::Slicing, StepKind::Profile];

/// What of an asked profile's instances another one admits.
pub(super) struct Selected {
    /// The conditions under which it does; none where it always does.
    pub conditions: Vec<String>,
    /// There may be further conditions.
    pub is_open: bool,
}

/// How much of what a profile selects the instances of another serve.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Coverage {
    /// All of it.
    All,
    /// The part that these conditions select together.
    Part(Vec<String>),
    /// None of it: no instance is in both.
    None,
    /// It cannot be determined.
    Unknown,
}

impl Coverage {
    /// Its name in reports.
    pub fn name(&self) -> &'static str {
        match self {
            Coverage::All => "all",
            Coverage::Part(_) => "part",
            Coverage::None => "none",
            Coverage::Unknown => "unknown",
        }
    }

    /// The conditions that together select the part; empty for other answers.
    pub fn conditions(&self) -> &[String] {
        match self {
            Coverage::Part(conditions) => conditions,
            _ => &[],
        }
    }
}

impl Prover<'_> {
    /// What of the instances that `asked` selects by code, category, type, status and the kind of subject `given`
    /// admits. `None` where the types differ.
    pub(super) fn selection(&mut self, asked: Handle, given: Handle) -> Option<Selected> {
        let type_id = self.common_type(given, asked)?;
        let (left, right) = (self.plans().node(type_id, &[asked]), self.plans().node(type_id, &[given]));
        self.begin();
        let pair = Pair { left: &left, right: &right, facts: fact::at_node(&left, &[]) };
        let mut out = Gathered::default();
        for (l, r) in left.children.iter().zip(&right.children) {
            if SELECTING.contains(&self.model().names().text(r.name)) {
                self.child(&pair, l, r, &mut out);
            }
        }
        let proof = Proof { type_id, steps: out.steps, subs: out.subs, holds: false };
        let open = open_steps(&proof);
        let own = || open.iter().filter(|step| !step.is_about_target());
        let undecided = |step: &OpenStep| {
            UNDECIDED.contains(&step.kind) || step.breaks.iter().any(|(_, how)| *how == Break::Undecided)
        };
        let mut conditions: Vec<String> = own().filter_map(|step| self.condition(&right, step)).collect();
        conditions.sort();
        conditions.dedup();
        Some(Selected { conditions, is_open: open.len() >= OPEN_STEPS || own().any(undecided) })
    }

    /// The conditions that together make all of these steps hold, where each is about something that a search could
    /// select by; `None` where one is not.
    pub(super) fn conditions(&self, right: &PlanNode, open: &[OpenStep]) -> Option<Vec<String>> {
        // Beyond the bound there may be others.
        if open.len() >= OPEN_STEPS {
            return None;
        }
        let mut conditions = Vec::new();
        for step in open {
            let first = step.way.first().or_else(|| step.breaks.first().and_then(|(way, _)| way.first()));
            let Some(Way::Child(name)) = first else { return None };
            if !SELECTING.contains(&self.model().names().text(*name)) || step.way.len() > 2 {
                return None;
            }
            // Where A has another value itself, nothing that a search selects is left of it.
            if step.kind == StepKind::Value && step.left.is_some() {
                return None;
            }
            // A condition on the kind of target says nothing of what else its definition would have to be.
            if step.kind == StepKind::Target && step.breaks.iter().any(|(_, how)| !matches!(how, Break::Target(_))) {
                return None;
            }
            conditions.push(self.condition(right, step)?);
        }
        conditions.sort();
        conditions.dedup();
        Some(conditions).filter(|c| !c.is_empty())
    }

    /// What a search would ask for, so that an open step holds; `None` where the step is about something else.
    fn condition(&self, right: &PlanNode, step: &OpenStep) -> Option<String> {
        if step.is_about_target() {
            return None;
        }
        let element = element_id(self.set(), Some(step.right));
        match step.kind {
            StepKind::Value => Some(format!("`{element}` is {}", step.what)),
            StepKind::Binding => Some(format!("`{element}` has a code of `{}`", step.what)),
            StepKind::Min if step.way.is_empty() => Some(format!("`{element}` is present")),
            StepKind::SliceMin => {
                let all = right.children.iter().flat_map(|c| &c.slicings).flat_map(|s| &s.slices);
                let slice = all.filter(|s| s.element == step.right).map(|s| slice_text(self.set(), s)).next();
                let told = slice.map(|text| format!(" ({text})")).unwrap_or_default();
                Some(format!("`{element}` is present{told}"))
            }
            StepKind::Target if step.breaks.iter().any(|(_, how)| matches!(how, Break::Target(_))) => {
                Some(format!("`{element}` refers to one of {}", step.what))
            }
            _ => None,
        }
    }
}
