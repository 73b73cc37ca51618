//! What all rules of one validation share and change: budgets, memory, what was resolved and tried already.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::answers::{Beside, Question};
use super::compliance::Compliance;
use super::limit::{LOOK, Work};
use super::pattern::Pattern;
use super::resolver::Resolver;
use super::trials::Trials;
use crate::fhirpath::Scratch;
use crate::interrupt::{Interrupt, Spent, Steps};
use crate::issue::RuleId;
use crate::model::TypeId;
use crate::pattern::Remembered;
use crate::plan::{Handle, PlanFault, PlanNode, Plans};

/// The kinds of definitions that a canonical names.
type Kinds = Rc<[Box<str>]>;

/// The state of one validation behind shared references.
#[derive(Default)]
pub struct Shared {
    /// Nodes that may still be visited.
    nodes: Cell<Steps>,
    /// What breaks the work off, and whether it was seen to.
    pub(super) interrupt: Interrupt,
    broken_off: Cell<bool>,
    /// Steps that expressions may still take.
    pub(super) steps_left: Cell<u64>,
    /// How many answers of the kind that is kept back were given.
    pub(super) answered: Cell<u32>,
    /// Whether any element but a resource has an id, once somebody asked.
    pub(super) element_ids: Cell<Option<bool>>,
    /// The languages of resources, by their nodes, as far as somebody asked.
    pub(super) languages: RefCell<FxHashMap<u32, Option<String>>>,
    pub(super) fhirpath: RefCell<Scratch>,
    pub(super) resolver: Resolver,
    pub(super) trials: RefCell<Trials>,
    pub(super) limits: RefCell<Vec<Reached>>,
    /// The faults of definitions that were met inside trials, each once.
    pub(super) faults: RefCell<Vec<PlanFault>>,
    /// The definitions whose status was told.
    pub(super) told_status: RefCell<FxHashSet<Handle>>,
    pub(super) questions: RefCell<Asked>,
    /// The concept whose codes were asked about last, by its node, and the codes: shared by the questions about them.
    pub(super) beside: RefCell<Option<(u32, Beside)>>,
    /// Whether a question about a code was asked in vain.
    pub(super) unanswered: Cell<bool>,
    /// Whether that left open, outside of all trials, whether a code exists.
    pub(super) open_codes: Cell<bool>,
    /// What is known of the claims that definitions make, by their nodes.
    pub(super) claims: RefCell<FxHashMap<u32, Rc<Compliance>>>,
    /// Code systems by url, kept from instance to instance.
    pub(super) systems: RefCell<FxHashMap<Box<str>, Option<Handle>>>,
    /// Whether a url names a value set, and what kinds of definitions a canonical names.
    pub(super) value_sets: RefCell<FxHashMap<Box<str>, bool>>,
    pub(super) kinds: RefCell<FxHashMap<Box<str>, Kinds>>,
    /// Definitions of value sets in normal form, kept from instance to instance.
    pub(super) rules: RefCell<FxHashMap<Handle, Rc<serde_json::Value>>>,
    /// Regular expressions by their text, kept from instance to instance.
    pub(super) patterns: RefCell<Remembered<Rc<Pattern>>>,
    /// Profiles by canonical, and the plans of resources, kept from instance to instance.
    pub(super) structures: RefCell<FxHashMap<Box<str>, Option<Handle>>>,
    pub(super) plans: RefCell<FxHashMap<u64, Vec<KeptPlan>>>,
    /// How often plans had been forgotten when these were made.
    pub(super) plans_of: Cell<u64>,
}

/// A limit that was reached.
#[derive(Clone, Copy)]
pub(super) struct Reached {
    /// The limit's rule.
    pub rule: RuleId,
    /// The first node at which it was.
    pub node: u32,
    /// Whether it was reached outside of all trials, and so has a question of its own in the ledger.
    pub told: bool,
}

/// Questions, each once, in the order in which they were met.
#[derive(Default)]
pub(super) struct Asked {
    all: Vec<Question>,
    known: FxHashSet<Question>,
}

impl Asked {
    /// Adds a question; beyond the bound on one round it is left for the next.
    pub fn add(&mut self, question: Question) {
        if self.all.len() < QUESTIONS && !self.known.contains(&question) {
            self.known.insert(question.clone());
            self.all.push(question);
        }
    }

    fn clear(&mut self) {
        self.all.clear();
        self.known.clear();
    }
}

/// Bound on the faults of definitions that trials note; their number decides nothing.
const FAULTS: usize = 1000;

/// Bound on the questions of one round. Further ones stay open; the next round asks them.
const QUESTIONS: usize = 1000;

/// A plan, and what it is for.
pub(super) struct KeptPlan {
    /// The type that is planned.
    pub type_id: TypeId,
    /// The element rows.
    pub handles: Box<[Handle]>,
    /// Their plan.
    pub plan: Arc<PlanNode>,
}

/// Memory that validations use again: one a thread.
#[derive(Default)]
pub struct Memory {
    /// The plans whose rows are remembered.
    plans: u64,
    shared: Shared,
}

impl Memory {
    /// The state of a new validation along these plans. What is remembered of others is forgotten.
    pub fn begin(&mut self, plans: &Plans, work: &Work) -> &Shared {
        if self.plans != plans.id() {
            *self = Memory { plans: plans.id(), ..Memory::default() };
        }
        self.shared.element_ids.set(None);
        self.shared.languages.get_mut().clear();
        self.shared.claims.get_mut().clear();
        self.shared.resolver.clear();
        self.again(plans, work)
    }

    /// The state of one more validation of the same instance: what is known of its text stays.
    pub fn again(&mut self, plans: &Plans, work: &Work) -> &Shared {
        if self.plans != plans.id() {
            *self = Memory { plans: plans.id(), ..Memory::default() };
        }
        self.shared.nodes.set(Steps::new(work.nodes));
        self.shared.interrupt = work.interrupt.clone();
        self.shared.broken_off.set(false);
        self.shared.steps_left.set(work.expressions);
        self.shared.answered.set(0);
        self.shared.unanswered.set(false);
        self.shared.open_codes.set(false);
        self.shared.trials.get_mut().clear();
        self.shared.limits.get_mut().clear();
        self.shared.faults.get_mut().clear();
        self.shared.told_status.get_mut().clear();
        self.shared.questions.get_mut().clear();
        *self.shared.beside.get_mut() = None;
        self.shared.fhirpath.get_mut().begin();
        &self.shared
    }
}

impl Shared {
    /// The limits that were reached only inside trials.
    pub(super) fn untold_limits(&self) -> Vec<Reached> {
        self.limits.borrow().iter().filter(|r| !r.told).copied().collect()
    }

    /// Notes that a trial met a fault of a definition.
    pub(super) fn note_fault(&self, fault: PlanFault) {
        let mut faults = self.faults.borrow_mut();
        if faults.len() < FAULTS && !faults.iter().any(|f| f.fault == fault.fault) {
            faults.push(fault);
        }
    }

    /// Notes that a limit was reached; `told` where that was outside of all trials, and so has a question of its own.
    /// Returns whether it was told before.
    pub(super) fn note_limit(&self, rule: RuleId, node: u32, told: bool) -> bool {
        let mut limits = self.limits.borrow_mut();
        match limits.iter_mut().find(|r| r.rule == rule) {
            Some(known) => {
                let before = known.told;
                known.told |= told;
                before
            }
            None => {
                limits.push(Reached { rule, node, told });
                false
            }
        }
    }

    /// Takes one node from those that may still be visited.
    ///
    /// # Errors
    /// The rule of the limit where none is left, or where the work is broken off.
    #[inline]
    pub fn visit(&self) -> Result<(), RuleId> {
        let mut nodes = self.nodes.get();
        let taken = nodes.take(1, LOOK, &self.interrupt);
        self.nodes.set(nodes);
        taken.map_err(|spent| self.spent(spent))
    }

    #[cold]
    fn spent(&self, spent: Spent) -> RuleId {
        match spent {
            Spent::All => RuleId::LIMIT_VISITS,
            Spent::BrokenOff => {
                self.broken_off.set(true);
                RuleId::LIMIT_TIME
            }
        }
    }

    /// Whether the work was broken off: nothing more need be looked at, and nothing more is certain.
    #[inline]
    pub fn is_broken_off(&self) -> bool {
        self.broken_off.get()
    }

    /// Looks whether the work is to be broken off: for work that visits no nodes, before each large part of it.
    pub fn look(&self) -> bool {
        let over = self.broken_off.get() || self.interrupt.is_raised();
        self.broken_off.set(over);
        over
    }

    /// Whether a question was asked in this round.
    pub(super) fn is_asked(&self, question: &Question) -> bool {
        self.questions.borrow().known.contains(question)
    }

    /// The open questions that somebody else may answer, each once, in the order in which they were met.
    pub fn questions(&self) -> Vec<Question> {
        self.questions.borrow().all.clone()
    }
}
