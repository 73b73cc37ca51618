//! Trials: does a node conform to a profile? Each answer is kept, so that chains and circles of profiles cost each node
//! and profile once.

use super::answers::Withheld;
use super::finding::Finding;
use super::ledger::Ledger;
use super::place::{Frame, Place};
use super::scene::Judge;
use super::truth::Truth;
use crate::instance::Node;
use crate::issue::RuleId;
use crate::model::TypeId;
use crate::plan::Handle;

impl<'t> Judge<'_, 't> {
    /// Whether the place holds all that its plan demands; nothing of what is found is kept.
    pub fn trial(&mut self, at: &Place<'_, 't>) -> Truth {
        if self.ledger.trials() >= self.policies.work.trials {
            self.limit(RuleId::LIMIT_TRIALS, at.node);
            return Truth::Unknown;
        }
        self.ledger.open_trial();
        let visit = self.calls.visit;
        visit(self, at);
        let truth = self.ledger.close_trial();
        // What was not looked at could have been wrong.
        if truth == Truth::True && self.shared.is_broken_off() { Truth::Unknown } else { truth }
    }

    /// How many errors there are at a place and below it, and so many of them. They count for nothing.
    pub fn errors_at(&mut self, at: &Place<'_, 't>, bound: usize) -> (u64, Vec<Finding>) {
        let own = std::mem::replace(&mut self.ledger, Ledger::of_errors(bound));
        let visit = self.calls.visit;
        visit(self, at);
        let (findings, counts) = std::mem::replace(&mut self.ledger, own).into_findings();
        (counts.errors, findings)
    }

    /// Whether a resource conforms to one of these profiles (their root elements). Answers are kept.
    pub fn conforms(&mut self, n: Node<'t>, frame: Frame<'t>, t: TypeId, roots: &[Handle]) -> Truth {
        if !t.is_known() {
            return Truth::Unknown;
        }
        let mut any = Truth::False;
        for root in roots {
            if !self.fits(t, *root) {
                continue;
            }
            any = any.or(self.conforms_to(n, frame, t, *root));
            if any == Truth::True {
                break;
            }
        }
        any
    }

    /// Whether a profile is of this type.
    pub fn fits(&self, t: TypeId, root: Handle) -> bool {
        let wanted = self.set.structure_of(root).and_then(|s| self.model().find(self.set.str(root.layer, s.type_name)));
        wanted.is_none_or(|w| self.model().is_a(t, w))
    }

    fn conforms_to(&mut self, n: Node<'t>, frame: Frame<'t>, t: TypeId, root: Handle) -> Truth {
        let key = (n.index(), root);
        if let Some(truth) = self.shared.trials.borrow_mut().known(key) {
            return truth;
        }
        if self.ledger.trials() >= self.policies.work.trials {
            self.limit(RuleId::LIMIT_TRIALS, n);
            return Truth::Unknown;
        }
        if self.is_withheld(Withheld::Profile) {
            return Truth::Unknown;
        }
        let plan = self.plans.node(t, &[root]);
        self.shared.trials.borrow_mut().begin(key);
        let truth = self.trial(&Place { node: n, plan: &plan, up: None, frame: &frame });
        self.shared.trials.borrow_mut().end(truth);
        truth
    }
}
