//! Trials: does a node conform to a profile? Each answer is kept, so that chains and circles of profiles cost each node
//! and profile once.
//!
//! A trial that comes back to itself takes for granted that it will end true. What leaned on that is provisional: it is
//! kept when the trial does end true, and thrown away, to be tried again when asked for, where it ends otherwise.

use rustc_hash::FxHashMap;

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

/// A node and the root element of a profile.
type Key = (u32, Handle);

/// Leans on nothing that is under way.
const FINAL: usize = usize::MAX;

/// An answer, with the lowest trial under way that it leaned on.
#[derive(Clone, Copy)]
struct Answer {
    truth: Truth,
    leans: usize,
}

/// A trial under way.
struct Open {
    key: Key,
    leans: usize,
    /// Where in the log the answers start that were found during this trial.
    since: usize,
}

/// The trials of one validation: those under way, and the answers of those that ended.
#[derive(Default)]
pub struct Trials {
    answers: FxHashMap<Key, Answer>,
    open: Vec<Open>,
    /// The provisional answers, in the order in which they were found.
    log: Vec<Key>,
}

impl Trials {
    pub(super) fn clear(&mut self) {
        self.answers.clear();
        self.open.clear();
        self.log.clear();
    }

    fn lean(&mut self, on: usize) {
        if let Some(top) = self.open.last_mut() {
            top.leans = top.leans.min(on);
        }
    }

    /// The answer that is there already. A trial that is still under way counts as true, and who asks leans on it.
    fn known(&mut self, key: Key) -> Option<Truth> {
        if let Some(answer) = self.answers.get(&key).copied() {
            self.lean(answer.leans);
            return Some(answer.truth);
        }
        let at = self.open.iter().position(|o| o.key == key)?;
        self.lean(at);
        Some(Truth::True)
    }

    fn begin(&mut self, key: Key) {
        self.open.push(Open { key, leans: FINAL, since: self.log.len() });
    }

    fn end(&mut self, truth: Truth) {
        let Some(done) = self.open.pop() else { return };
        // What leans on this trial alone leans on nothing any more.
        let leans = if done.leans >= self.open.len() { FINAL } else { done.leans };
        let found = self.log.split_off(done.since.min(self.log.len()));
        for key in &found {
            if truth != Truth::True {
                // It may have taken for granted that this trial ends true.
                self.answers.remove(key);
            } else if let Some(answer) = self.answers.get_mut(key) {
                answer.leans = leans;
            }
        }
        self.answers.insert(done.key, Answer { truth, leans });
        if leans != FINAL {
            if truth == Truth::True {
                self.log.extend(found);
            }
            self.log.push(done.key);
        }
        self.lean(leans);
    }
}

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
        self.ledger.close_trial()
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
