//! The scene of a validation, and the judge who writes down what is found there.

use std::cell::RefCell;
use std::hash::{Hash, Hasher};
use std::ops::Deref;
use std::rc::Rc;
use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHasher};

use super::answers::{Answer, Answers, Question, Withheld};
use super::compliance::Comparer;
use super::elsewhere::Resources;
use super::finding::{Detail, Faulty, Weight};
use super::ledger::Ledger;
use super::pattern::Pattern;
use super::place::{Frame, Place};
use super::policy::Policies;
use super::shared::{KeptPlan, Shared};
use super::truth::Truth;
use crate::fhirpath::{Temporal, Typing};
use crate::instance::{NameId, Node, Tape};
use crate::issue::RuleId;
use crate::model::{Model, Role, TypeId, TypeKind};
use crate::plan::{Handle, ImageSet, PlanChild, PlanFault, PlanNode, Plans};
use crate::script::{Budget, Scripts};
use crate::terminology::HeldTerminology;

/// What rules ask of the rooms above them.
pub struct Calls {
    /// Judges a node, and all below it, along its plan.
    pub visit: for<'e, 't, 'a> fn(&mut Judge<'e, 't>, &Place<'a, 't>),
    /// Whether an entry of an element is in a slice of this name.
    pub in_slice: for<'e, 't, 'a> fn(&mut Judge<'e, 't>, &PlanChild, Node<'t>, TypeId, Frame<'t>, &str) -> Truth,
}

/// What is read only, or shared, in one validation.
#[derive(Clone, Copy)]
pub struct Scene<'e, 't> {
    /// The plans over the set of images.
    pub plans: &'e Plans,
    /// The set of images that the instance is judged by.
    pub set: &'e ImageSet,
    /// The types as FHIRPath sees them.
    pub typing: &'e Typing<'e>,
    /// What the caller decided.
    pub policies: &'e Policies,
    /// The answers to earlier questions.
    pub answers: &'e Answers,
    /// Whether what stays open is to be asked of others.
    pub asks: bool,
    /// The instance.
    pub tape: &'t Tape<'t>,
    /// The scripts of a site, with what they may still spend on this instance.
    pub scripts: Option<(&'e Scripts, &'e Budget)>,
    /// Terminology that is held beside the packages.
    pub held: Option<&'e dyn HeldTerminology>,
    /// Who compares profiles.
    pub comparer: Option<&'e dyn Comparer>,
    /// Who holds resources that references may lead to.
    pub resources: Option<&'e dyn Resources>,
    /// The time of `now()` and `today()`.
    pub now: Option<Temporal>,
    /// The resources of a Bundle that the caller lays profiles on: node, place in `Policies::entries`; by node.
    pub entries: &'e [(u32, usize)],
    /// What all rules of this validation share and change.
    pub shared: &'e Shared,
    /// What rules ask of the rooms above them.
    pub calls: &'e Calls,
}

impl<'e, 't> Scene<'e, 't> {
    /// The types of the FHIR version.
    pub fn model(&self) -> &'e Model {
        self.set.model()
    }

    /// What is around a node that is the instance's root, or was reached other than by walking down.
    pub fn frame_of(&self, n: Node<'t>) -> Frame<'t> {
        let is_resource =
            |x: &Node<'t>| x.parent().is_none() || (x.is_object() && x.child(NameId::RESOURCE_TYPE).is_some());
        let mut frame: Option<Frame<'t>> = None;
        for resource in n.way().into_iter().filter(is_resource) {
            frame = Some(self.frame(resource, frame.as_ref()));
        }
        frame.unwrap_or_else(|| self.frame(n, None))
    }

    /// The frame of a resource inside another.
    pub fn frame(&self, resource: Node<'t>, around: Option<&Frame<'t>>) -> Frame<'t> {
        let type_id = self.model().resource_type(resource);
        let contained = around.is_some() && resource.name() == NameId::CONTAINED;
        let bundle =
            if self.model().role(type_id) == Role::Bundle { Some(resource) } else { around.and_then(|f| f.bundle) };
        let root = around.filter(|_| contained).map_or(resource, |f| f.root);
        Frame { resource, type_id, root, contained, holder: around.map(|f| f.resource), bundle }
    }

    /// Whether a url names a value set: looked up once, then remembered.
    pub fn is_value_set(&self, url: &str) -> bool {
        remembered(&self.shared.value_sets, url, || self.set.find_value_set(url, None).is_some())
    }

    /// The kinds of definitions that a canonical names; empty where it names none.
    pub fn kinds(&self, canonical: &str) -> Rc<[Box<str>]> {
        remembered(&self.shared.kinds, canonical, || self.set.kinds(canonical).into_iter().map(Box::from).collect())
    }

    /// The profiles that the caller lays on a resource in a Bundle.
    pub fn of_entry(&self, n: Node<'t>) -> impl Iterator<Item = &'e str> + use<'e, 't> {
        let (all, policies) = (self.entries, self.policies);
        let from = all.partition_point(|(node, _)| *node < n.index());
        let here = all.iter().skip(from).take_while(move |(node, _)| *node == n.index());
        here.filter_map(|(_, rule)| policies.entries.get(*rule)).map(|rule| &*rule.profile)
    }

    /// The structure that a canonical names for the package set as a whole: looked up once, then remembered.
    pub fn structure(&self, canonical: &str) -> Option<Handle> {
        remembered(&self.shared.structures, canonical, || self.set.find_structure(canonical, None))
    }

    /// The regular expression of a text, remembered.
    pub fn pattern(&self, text: &str) -> Rc<Pattern> {
        let mut patterns = self.shared.patterns.borrow_mut();
        if let Some(known) = patterns.get(text) {
            return Rc::clone(known);
        }
        let (made, bytes) = Pattern::new(text);
        let made = Rc::new(made);
        patterns.insert(text, Rc::clone(&made), bytes);
        made
    }

    /// The plan of a resource under these element rows, remembered.
    pub fn plan(&self, type_id: TypeId, handles: &[Handle]) -> Arc<PlanNode> {
        let mut hasher = FxHasher::default();
        (type_id, handles).hash(&mut hasher);
        let key = hasher.finish();
        let same = |k: &&KeptPlan| k.type_id == type_id && *k.handles == *handles;
        if self.shared.plans_of.replace(self.plans.times_forgotten()) != self.plans.times_forgotten() {
            self.shared.plans.borrow_mut().clear();
        }
        if let Some(known) = self.shared.plans.borrow().get(&key).and_then(|all| all.iter().find(same)) {
            return Arc::clone(&known.plan);
        }
        let plan = self.plans.node(type_id, handles);
        let mut kept = self.shared.plans.borrow_mut();
        if kept.len() >= KEPT_PLANS {
            kept.clear();
        }
        kept.entry(key).or_default().push(KeptPlan { type_id, handles: handles.into(), plan: Arc::clone(&plan) });
        plan
    }

    /// Whether any element of the instance, but for resources, has an id.
    pub fn has_element_ids(&self) -> bool {
        let known = self.shared.element_ids.get().unwrap_or_else(|| self.tape.has_element_ids());
        self.shared.element_ids.set(Some(known));
        known
    }

    /// Whether a type is abstract: no instance has it.
    pub fn is_abstract(&self, t: TypeId) -> bool {
        self.model().kind(t) == Some(TypeKind::Abstract)
    }

    /// Whether the engine's own answer of this kind is kept back this time.
    #[inline]
    pub(super) fn is_withheld(&self, what: Withheld) -> bool {
        let Some((kind, nth)) = self.answers.withheld() else { return false };
        if kind != what {
            return false;
        }
        let met = self.shared.answered.get();
        self.shared.answered.set(met + 1);
        met == nth
    }

    /// Asks what neither the instance nor the loaded packages answer; `None` where nobody has answered it (yet).
    pub fn ask(&self, question: Question) -> Option<&'e Answer> {
        if let Some(answer) = self.answers.get(&question) {
            if answer.is_none() && !matches!(question, Question::Reference(_)) {
                self.shared.unanswered.set(true);
            }
            return answer;
        }
        if !self.asks {
            return None;
        }
        self.shared.questions.borrow_mut().add(question);
        None
    }
}

/// What is remembered of a text, or what `find` gives, remembered from now on.
pub(super) fn remembered<T: Clone>(kept: &RefCell<FxHashMap<Box<str>, T>>, text: &str, find: impl FnOnce() -> T) -> T {
    if let Some(known) = kept.borrow().get(text) {
        return known.clone();
    }
    let found = find();
    let mut kept = kept.borrow_mut();
    if text.len() <= KEPT_TEXT {
        if kept.len() >= KEPT {
            kept.clear();
        }
        kept.insert(text.into(), found.clone());
    }
    found
}

/// Bound on what is remembered of canonicals; beyond it that begins anew: no instance keeps those of others out.
const KEPT: usize = 4096;
/// Bound on the bytes of a canonical that is remembered: instances bring them, and they outlive the instance.
const KEPT_TEXT: usize = 256;
/// Bound on the plans of resources that are remembered here; they may outlive those of all threads.
const KEPT_PLANS: usize = 256;

/// The scene, with the ledger in which findings are written down.
pub struct Judge<'e, 't> {
    /// What is read only, or shared.
    pub scene: Scene<'e, 't>,
    /// What was found.
    pub ledger: Ledger,
}

impl<'e, 't> Deref for Judge<'e, 't> {
    type Target = Scene<'e, 't>;
    fn deref(&self) -> &Scene<'e, 't> {
        &self.scene
    }
}

impl<'e, 't> Judge<'e, 't> {
    /// Writes down a finding; `detail` is asked for only where the finding is kept.
    pub fn find(
        &mut self,
        rule: RuleId,
        weight: Weight,
        node: Node<'t>,
        handles: &[Handle],
        detail: impl FnOnce() -> Detail,
    ) {
        self.ledger.find(rule, weight, node.index(), handles, detail);
    }

    /// Writes down an error.
    pub fn error(&mut self, rule: RuleId, node: Node<'t>, handles: &[Handle], detail: impl FnOnce() -> Detail) {
        self.find(rule, Weight::Error, node, handles, detail);
    }

    /// Writes down that something could not be decided, and could be an error.
    pub fn question(&mut self, rule: RuleId, node: Node<'t>, handles: &[Handle], detail: impl FnOnce() -> Detail) {
        self.find(rule, Weight::Question, node, handles, detail);
    }

    /// Writes down that a bound on the work was reached: an open question, told once for each bound. Inside a trial it
    /// leaves that trial open.
    pub fn limit(&mut self, rule: RuleId, node: Node<'t>) {
        let outside = self.ledger.is_final();
        if !(self.shared.note_limit(rule, node.index(), outside) && outside) {
            self.question(rule, node, &[], || Detail::None);
        }
    }

    /// Visits one more node, or does one more piece of work like it; `false` where a bound on the work was reached,
    /// which is written down.
    #[inline]
    pub fn step(&mut self, node: Node<'t>) -> bool {
        match self.shared.visit() {
            Ok(()) => true,
            Err(rule) => {
                self.limit(rule, node);
                false
            }
        }
    }

    /// Writes down that a part of the work saw that all of it is to be broken off.
    pub fn broken_off(&mut self, node: Node<'t>) {
        self.shared.look();
        self.limit(RuleId::LIMIT_TIME, node);
    }

    /// Whether nothing more need be looked at: a trial is false already, or the work was broken off.
    #[inline]
    pub fn is_decided(&self) -> bool {
        self.ledger.is_decided() || self.shared.is_broken_off()
    }

    /// Writes down what is wrong with a definition that something is judged by: once in a report, at the instance's
    /// root. Inside a trial it leaves that trial open.
    pub fn definition(&mut self, fault: &PlanFault) {
        if self.ledger.is_final() {
            let weight = if fault.overruled { Weight::Warning } else { Weight::Question };
            self.tell_fault(*fault, weight);
            return;
        }
        self.shared.note_fault(*fault);
        if !fault.overruled
            && let Some(root) = self.tape.root()
        {
            self.question(RuleId::DEFINITION, root, &[], || Detail::None);
        }
    }

    fn tell_fault(&mut self, fault: PlanFault, weight: Weight) {
        let set = self.set;
        let (Some(root), Some(row)) = (self.tape.root(), set.fault(fault.fault)) else { return };
        let text = |s| set.str(fault.fault.layer, s).to_owned();
        let faulty = || Faulty {
            profile: text(row.profile),
            element: text(row.element),
            message: text(row.message),
            overruled: fault.overruled,
        };
        self.find(RuleId::DEFINITION, weight, root, &[fault.element], || Detail::Definition(Box::new(faulty())));
    }

    /// Whether it is the first time that this is asked about a definition, where notes are kept.
    pub fn tells_status(&self, definition: Handle) -> bool {
        self.ledger.keeps_notes() && self.shared.told_status.borrow_mut().insert(definition)
    }

    /// Reports the faults and the limits that were met only inside trials. Where the instance is valid all
    /// the same, the faults are warnings and the limits notes.
    pub fn close(&mut self) {
        if self.shared.is_broken_off()
            && let Some(root) = self.tape.root()
        {
            self.limit(RuleId::LIMIT_TIME, root);
        }
        let truth = self.ledger.counts().truth();
        for fault in self.shared.faults.take() {
            let weight = if truth == Truth::True || fault.overruled { Weight::Warning } else { Weight::Question };
            self.tell_fault(fault, weight);
        }
        self.tell_unanswered();
        let weight = if truth == Truth::Unknown { Weight::Question } else { Weight::Note };
        for limit in self.shared.untold_limits() {
            self.find(limit.rule, weight, self.tape.node(limit.node), &[], || Detail::None);
        }
    }

    /// A judge of the same scene whose findings count for nothing but the truth that is asked for.
    pub fn apart(scene: Scene<'e, 't>, depth: u32) -> Judge<'e, 't> {
        Judge { scene, ledger: Ledger::of_trial(depth) }
    }
}
