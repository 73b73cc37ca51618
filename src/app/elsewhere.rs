//! What references to other resources lead to: whoever holds those is asked, and they are judged by the profiles that
//! the references ask for. Resources may lead to each other in circles: that one conforms is assumed until something
//! shows the contrary, and what rested on the assumption is judged anew (the greatest fixed point).

use std::cell::{OnceCell, RefCell};
use std::collections::VecDeque;
use std::fmt::Debug;
use std::rc::Rc;

use fhir_accord_profiles::evaluate::{Answers, Elsewhere, Evaluator, Memory, Policies, Resources, Terms, Truth};
use fhir_accord_profiles::fhirpath::Temporal;
use fhir_accord_profiles::instance::{FaultKind, Limits, NameId, Tape, read_through};
use fhir_accord_profiles::plan::Handle;
use fhir_accord_profiles::script::Budget;
use rustc_hash::{FxHashMap, FxHashSet};

/// Bound on the judgements of resources elsewhere in one validation. What is open then stays open.
const JUDGEMENTS: usize = 10_000;

/// Bound on how often the instance is judged anew in one validation, before no further resource is looked at.
const ROUNDS: usize = 8;

/// What somebody who holds resources has for a reference.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Holding {
    /// A resource, JSON or XML, with a name that is the same for all references to it.
    Resource {
        /// Its name.
        name: String,
        /// Its text.
        text: Vec<u8>,
        /// Whether it was cut out of a Bundle, on which its own references may rest.
        is_part: bool,
    },
    /// There is none, and a reference of this form may lead nowhere else.
    Absent,
    /// They do not know.
    Unknown,
}

/// Who holds resources that references may lead to: files, a server.
pub trait Holder: Send + Sync + Debug {
    /// What a reference's text leads to.
    fn find(&self, reference: &str) -> Holding;
}

/// A resource of this place in the list, and the profile that it is judged by.
type Pair = (usize, Handle);

/// One judgement: what is known or assumed, and who used it.
struct Judged {
    truth: Truth,
    /// The judgements that rest on it; `None` is the instance itself.
    users: FxHashSet<Option<Pair>>,
}

#[derive(Default)]
struct Known {
    /// What references lead to: the place in the list of resources, or why there is none.
    references: FxHashMap<String, Result<usize, Elsewhere>>,
    /// Places in the list, by name.
    names: FxHashMap<String, usize>,
    /// Type of each resource, and a reference to it.
    resources: Vec<(String, Rc<str>)>,
    judged: FxHashMap<Pair, Judged>,
    /// Those that wait to be judged: first those that never were, then what rests on what has changed.
    pending: VecDeque<Pair>,
    queued: FxHashSet<Pair>,
    /// What is being judged; `None` is the instance itself.
    current: Option<Pair>,
    count: usize,
}

impl Known {
    fn next(&mut self) -> Option<Pair> {
        let pair = self.pending.pop_back()?;
        self.queued.remove(&pair);
        Some(pair)
    }

    /// Has a pair judged anew, once, after those that never were. What was wrong under assumptions that were too good
    /// stays so.
    fn again(&mut self, pair: Pair) {
        let is_wrong = self.judged.get(&pair).is_some_and(|j| j.truth == Truth::False);
        if !is_wrong && self.queued.insert(pair) {
            self.pending.push_front(pair);
        }
    }
}

/// The resources that one instance leads to, directly or through others.
pub(super) struct Lookup<'a> {
    evaluator: &'a Evaluator<'a>,
    holder: &'a dyn Holder,
    policies: &'a Policies,
    now: Option<Temporal>,
    known: RefCell<Known>,
}

impl<'a> Lookup<'a> {
    pub fn new(
        evaluator: &'a Evaluator<'a>,
        holder: &'a dyn Holder,
        (policies, now): (&'a Policies, Option<Temporal>),
    ) -> Lookup<'a> {
        Lookup { evaluator, holder, policies, now, known: RefCell::default() }
    }

    /// Evaluates the instance until what it rests on is certain.
    pub fn settled<T>(&self, mut evaluate: impl FnMut(&dyn Resources) -> T) -> T {
        let mut told = evaluate(self);
        for round in 1.. {
            if !self.settle() {
                break;
            }
            if round == ROUNDS {
                self.known.borrow_mut().count = JUDGEMENTS;
            }
            told = evaluate(self);
        }
        told
    }

    /// Judges what is only assumed so far. Returns whether something that the instance rests on is other than assumed.
    fn settle(&self) -> bool {
        let mut is_changed = false;
        loop {
            let Some(pair) = self.known.borrow_mut().next() else { return is_changed };
            let truth = self.judge(pair);
            let mut known = self.known.borrow_mut();
            known.current = None;
            let Some(judged) = known.judged.get_mut(&pair) else { continue };
            if judged.truth == truth {
                continue;
            }
            judged.truth = truth;
            for user in std::mem::take(&mut judged.users) {
                match user {
                    Some(user) => known.again(user),
                    None => is_changed = true,
                }
            }
        }
    }

    fn judge(&self, pair: Pair) -> Truth {
        let reference = {
            let mut known = self.known.borrow_mut();
            known.count += 1;
            if known.count > JUDGEMENTS {
                // Whatever rests on it is open too.
                return Truth::Unknown;
            }
            known.current = Some(pair);
            known.resources.get(pair.0).map(|(_, reference)| Rc::clone(reference))
        };
        let found = reference.map(|r| self.holder.find(&r));
        let Some(Holding::Resource { text, is_part, .. }) = found else { return Truth::Unknown };
        let mended = OnceCell::new();
        let tape = self.tape(&text, &mended);
        // What is cut out of XML has lost its namespace.
        let is_cut = |kind: &FaultKind| is_part && matches!(kind, FaultKind::Namespace);
        if !tape.faults().iter().all(|f| is_cut(&f.kind)) {
            return Truth::Unknown;
        }
        let (budget, mut memory, answers) = (Budget::default(), Memory::default(), Answers::default());
        let terms =
            Terms { policies: self.policies, answers: &answers, asks: false, now: self.now, resources: Some(self) };
        let session = self.evaluator.session(&tape, terms, &budget, &mut memory);
        match session.map_or(Truth::Unknown, |s| s.conforms(pair.1)) {
            // Inside its Bundle its references might lead elsewhere.
            Truth::False if is_part => Truth::Unknown,
            truth => truth,
        }
    }

    fn tape<'t>(&'t self, text: &'t [u8], mended: &'t OnceCell<Vec<u8>>) -> Tape<'t> {
        let limits = Limits { comments: self.policies.json_comments, ..Limits::default() };
        read_through(text, mended, self.evaluator.set().model().names(), &limits)
    }

    /// The place of the resource that a reference leads to.
    fn locate(&self, reference: &str) -> Result<usize, Elsewhere> {
        if let Some(known) = self.known.borrow().references.get(reference) {
            return known.clone();
        }
        let found = match self.holder.find(reference) {
            Holding::Absent => Err(Elsewhere::Absent),
            Holding::Unknown => Err(Elsewhere::Unknown),
            Holding::Resource { name, text, .. } => Ok(self.place(name, &text, reference)),
        };
        self.known.borrow_mut().references.insert(reference.to_owned(), found.clone());
        found
    }

    fn place(&self, name: String, text: &[u8], reference: &str) -> usize {
        let mut known = self.known.borrow_mut();
        if let Some(at) = known.names.get(&name) {
            return *at;
        }
        let mended = OnceCell::new();
        let tape = self.tape(text, &mended);
        let kind = tape.root().and_then(|r| r.child_text(NameId::RESOURCE_TYPE)).unwrap_or_default().into_owned();
        let at = known.resources.len();
        known.resources.push((kind, reference.into()));
        known.names.insert(name, at);
        at
    }

    /// What is known of a resource under a profile. What judges now rests on it from now on.
    fn truth_of(&self, pair: Pair) -> Truth {
        let mut known = self.known.borrow_mut();
        let user = known.current;
        if !known.judged.contains_key(&pair) {
            let truth = if known.count < JUDGEMENTS { Truth::True } else { Truth::Unknown };
            known.judged.insert(pair, Judged { truth, users: FxHashSet::default() });
            known.pending.push_back(pair);
        }
        let Some(judged) = known.judged.get_mut(&pair) else { return Truth::Unknown };
        judged.users.insert(user);
        judged.truth
    }
}

impl Resources for Lookup<'_> {
    fn find(&self, reference: &str) -> Elsewhere {
        match self.locate(reference) {
            Err(why) => why,
            Ok(at) => {
                let known = self.known.borrow();
                known.resources.get(at).map_or(Elsewhere::Unknown, |(kind, _)| Elsewhere::Here(kind.clone()))
            }
        }
    }

    fn conforms(&self, reference: &str, profiles: &[Handle]) -> Truth {
        let Ok(at) = self.locate(reference) else { return Truth::Unknown };
        // All are asked, so that each is judged in the same round.
        profiles.iter().fold(Truth::False, |any, profile| any.or(self.truth_of((at, *profile))))
    }
}
