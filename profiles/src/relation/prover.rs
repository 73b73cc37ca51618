//! The proof itself: pairs of plan nodes, each proven once. What is being proven counts as proven until it ends, so
//! that cycles end; an answer that leaned on a proof still under way is kept only when that proof ends true.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::fact::{self, Fact};
use super::gathered::{Answer, Gathered, Pair};
use super::proof::{Proof, Step, StepKind};
use super::value::Values;
use crate::fhirpath::{Expr, parse};
use crate::interrupt::Interrupt;
use crate::model::{Model, TypeId};
use crate::plan::{Handle, ImageSet, PlanNode, Plans};

/// Bound on the pairs of nodes that one question may look at: what lies beyond it is an open step.
const PAIRS: usize = 20_000;
/// Bound on how deep pairs may lie in each other.
const DEPTH: usize = 64;
/// Bound on the pairs kept from earlier questions; reaching it starts anew.
const KEPT: usize = 200_000;
/// Bound on the parsed expressions kept; reaching it starts anew.
const EXPRESSIONS: usize = 4_000;

#[derive(PartialEq, Eq, Hash, Clone)]
struct Key {
    type_id: TypeId,
    left: Box<[Handle]>,
    right: Box<[Handle]>,
    facts: Box<[Fact]>,
}

/// A proof under way: its place on the stack, and those below that leaned on it.
struct Frame {
    key: Key,
    /// The lowest place on the stack that this proof leaned on.
    leaned: usize,
    /// Proofs that are true if this one is.
    provisional: Vec<Key>,
}

/// A proof that has ended.
struct Known {
    proof: Arc<Proof>,
    /// The place on the stack of the proof that it leans on; `usize::MAX`: of none.
    leaned: usize,
}

/// Proves relations between the profiles of one set of plans. Keeps what it proved; not shared by threads.
pub struct Prover<'p> {
    plans: &'p Plans,
    known: FxHashMap<Key, Known>,
    stack: Vec<Frame>,
    pairs: usize,
    /// A bound was reached: what stays open may be open for that alone.
    is_beyond: bool,
    /// Open answers from then on: kept for this question only.
    doubtful: Vec<Key>,
    expressions: FxHashMap<Box<str>, Option<Arc<Expr>>>,
    interrupt: Interrupt,
}

impl<'p> Prover<'p> {
    /// A prover over these plans that has proven nothing yet.
    pub fn new(plans: &'p Plans) -> Prover<'p> {
        Prover {
            plans,
            known: FxHashMap::default(),
            stack: Vec::new(),
            pairs: 0,
            is_beyond: false,
            doubtful: Vec::new(),
            expressions: FxHashMap::default(),
            interrupt: Interrupt::never(),
        }
    }

    /// The same, broken off by this interrupt: from then on nothing is proven, and what stays open for that is not kept
    /// for another question.
    pub fn under(self, interrupt: &Interrupt) -> Prover<'p> {
        Prover { interrupt: interrupt.clone(), ..self }
    }

    /// Whether it is to be broken off.
    pub(super) fn is_broken_off(&self) -> bool {
        self.interrupt.is_raised()
    }

    /// The plans that are compared.
    pub fn plans(&self) -> &'p Plans {
        self.plans
    }

    pub(super) fn set(&self) -> &'p ImageSet {
        self.plans.set()
    }

    pub(super) fn model(&self) -> &'p Model {
        self.plans.set().model()
    }

    pub(super) fn values(&self) -> Values<'p> {
        Values { set: self.plans.set() }
    }

    /// Whether every instance of this type that is valid for `left` (the root element of a profile) is valid for
    /// `right`. `None` where the type of the profiles is not known.
    pub fn prove(&mut self, left: Handle, right: Handle) -> Option<Arc<Proof>> {
        let narrow = self.common_type(left, right)?;
        self.begin();
        let (a, b) = (self.plans.node(narrow, &[left]), self.plans.node(narrow, &[right]));
        self.nodes(&a, &b, &[]).1
    }

    /// The type of the left profile, where it is the right one's or specializes it.
    pub(super) fn common_type(&self, left: Handle, right: Handle) -> Option<TypeId> {
        let type_of = |h: Handle| {
            let row = self.set().structure_of(h)?;
            self.model().find(self.set().str(h.layer, row.type_name))
        };
        let (narrow, wide) = (type_of(left)?, type_of(right)?);
        self.model().is_a(narrow, wide).then_some(narrow)
    }

    /// Starts a question.
    pub(super) fn begin(&mut self) {
        self.pairs = 0;
        self.is_beyond = false;
        for key in std::mem::take(&mut self.doubtful) {
            self.known.remove(&key);
        }
        self.stack.clear();
        if self.known.len() > KEPT {
            self.known.clear();
        }
    }

    /// The expression of a constraint, parsed; `None` where it does not parse.
    pub(super) fn expression(&mut self, text: &str) -> Option<Arc<Expr>> {
        if let Some(known) = self.expressions.get(text) {
            return known.clone();
        }
        if self.expressions.len() >= EXPRESSIONS {
            self.expressions.clear();
        }
        let parsed = parse(text).ok().map(Arc::new);
        self.expressions.insert(text.into(), parsed.clone());
        parsed
    }

    /// Whether what is valid for the left node is valid for the right one.
    pub(super) fn nodes(&mut self, left: &PlanNode, right: &PlanNode, given: &[Fact]) -> Answer {
        if includes(&left.handles, &right.handles) {
            return (true, Some(Arc::new(Proof::trivial(right.type_id))));
        }
        let key = Key {
            type_id: right.type_id,
            left: left.handles.clone(),
            right: right.handles.clone(),
            facts: given.into(),
        };
        if let Some(Known { proof, leaned }) = self.known.get(&key) {
            if let Some(top) = self.stack.last_mut() {
                top.leaned = top.leaned.min(*leaned);
            }
            return (proof.holds, Some(proof.clone()));
        }
        if let Some(at) = self.stack.iter().position(|f| f.key == key) {
            if let Some(top) = self.stack.last_mut() {
                top.leaned = top.leaned.min(at);
            }
            return (true, None);
        }
        self.pairs += 1;
        if self.pairs > PAIRS || self.stack.len() >= DEPTH || self.is_broken_off() {
            self.is_beyond = true;
            return (false, Some(Arc::new(Proof::beyond(right))));
        }
        self.stack.push(Frame { key, leaned: usize::MAX, provisional: Vec::new() });
        let pair = Pair { left, right, facts: fact::at_node(left, given) };
        let mut out = Gathered::default();
        self.demands(&pair, &mut out);
        self.children(&pair, &mut out);
        self.end(right.type_id, out)
    }

    /// Ends the proof on top of the stack: keeps it, where it leaned on nothing that is still open.
    fn end(&mut self, type_id: TypeId, out: Gathered) -> Answer {
        let holds =
            out.steps.iter().all(|s| s.holds) && out.subs.iter().all(|s| s.proof.as_ref().is_none_or(|p| p.holds));
        let proof = Arc::new(Proof { type_id, steps: out.steps, subs: out.subs, holds });
        let Some(frame) = self.stack.pop() else { return (holds, Some(proof)) };
        let own = self.stack.len();
        let leaned = if frame.leaned < own { frame.leaned } else { usize::MAX };
        if !holds {
            // What leaned on this one was wrong to: it is tried again when it is asked for.
            for key in &frame.provisional {
                self.known.remove(key);
            }
            // An open answer stays open however the proofs above end: they were assumed to be true. Another question
            // may get further than the bounds of this one.
            if self.is_beyond {
                self.doubtful.push(frame.key.clone());
            }
            self.known.insert(frame.key, Known { proof: proof.clone(), leaned: usize::MAX });
            return (holds, Some(proof));
        }
        for key in &frame.provisional {
            if let Some(known) = self.known.get_mut(key) {
                known.leaned = leaned;
            }
        }
        self.known.insert(frame.key.clone(), Known { proof: proof.clone(), leaned });
        if let Some(below) = self.stack.get_mut(leaned) {
            // True if the proof that it leaned on ends true.
            below.provisional.push(frame.key);
            below.provisional.extend(frame.provisional);
        }
        if let Some(top) = self.stack.last_mut() {
            top.leaned = top.leaned.min(leaned);
        }
        (holds, Some(proof))
    }
}

/// Whether all rows of `few` are among `many`; both are sorted.
pub(super) fn includes(many: &[Handle], few: &[Handle]) -> bool {
    few.iter().all(|h| many.binary_search(h).is_ok())
}

impl Proof {
    fn trivial(type_id: TypeId) -> Proof {
        Proof { type_id, steps: Vec::new(), subs: Vec::new(), holds: true }
    }

    fn beyond(right: &PlanNode) -> Proof {
        let step = Step {
            kind: StepKind::Nesting,
            left: None,
            right: right.handles.first().copied().unwrap_or(Handle { layer: 0, row: 0 }),
            holds: false,
            what: format!("more than {PAIRS} pairs of elements, or more than {DEPTH} within each other"),
            breaks: Vec::new(),
        };
        Proof { type_id: right.type_id, steps: vec![step], subs: Vec::new(), holds: false }
    }
}
