//! What references to other resources lead to: whoever holds those is asked, and they are judged by the profiles that
//! the references ask for. Resources may lead to each other in circles: that one conforms is assumed until something
//! shows the contrary, and what rested on the assumption is judged anew (the greatest fixed point). What is certain
//! then is kept for the next instance.

mod known;

use std::cell::{OnceCell, RefCell};
use std::fmt::Debug;

use fhir_accord_profiles::evaluate::{
    Answers, Elsewhere, Evaluator, Memory, Policies, Resources, Session, Terms, Truth,
};
use fhir_accord_profiles::fhirpath::Temporal;
use fhir_accord_profiles::instance::{FaultKind, Limits, NameId, Node, Tape, read_through, resource_span};
use fhir_accord_profiles::plan::Handle;
use fhir_accord_profiles::script::Budget;
use rustc_hash::FxHashMap;

pub use known::HeldAt;
pub(super) use known::Settled;
use known::{Known, Pair};

/// Bound on the judgements of resources elsewhere in one validation. What is open then stays open.
const JUDGEMENTS: usize = 100_000;

/// Bound on how often a Bundle is read for its entries in one validation. What is open then stays open.
const READINGS: usize = 2_000;

/// Bound on how often the instance is judged anew in one validation, before no further resource is looked at.
const ROUNDS: usize = 8;

/// What somebody who holds resources has for a reference.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Holding {
    /// A resource.
    Resource {
        /// Where it is, the same for all references to it.
        at: HeldAt,
        /// The type that it says it is of; empty where it says none.
        kind: String,
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

    /// The text of this number, JSON or XML: a resource, in which others may be entries. `None` where it cannot be
    /// read.
    fn text(&self, number: usize) -> Option<Vec<u8>>;
}

/// The resources that one instance leads to, directly or through others.
pub(super) struct Lookup<'a> {
    evaluator: &'a Evaluator<'a>,
    holder: &'a dyn Holder,
    policies: &'a Policies,
    now: Option<Temporal>,
    known: RefCell<Known>,
    /// What is certain from earlier instances.
    settled: &'a Settled,
    most: usize,
}

impl<'a> Lookup<'a> {
    pub fn new(
        evaluator: &'a Evaluator<'a>,
        (holder, settled): (&'a dyn Holder, &'a Settled),
        (policies, now): (&'a Policies, Option<Temporal>),
    ) -> Lookup<'a> {
        settled.begin(policies, now);
        Lookup { evaluator, holder, policies, now, known: RefCell::default(), settled, most: JUDGEMENTS }
    }

    /// Evaluates the instance until what it rests on is certain.
    pub fn settled<T>(&self, mut evaluate: impl FnMut(&dyn Resources) -> T) -> T {
        let mut told = evaluate(self);
        for round in 1.. {
            if !self.settle() {
                break;
            }
            if round == ROUNDS {
                let why = format!("the instance rests on more than {ROUNDS} rounds of judgements (ROUNDS)");
                self.known.borrow_mut().limit.get_or_insert(why);
            }
            told = evaluate(self);
        }
        told
    }

    /// Judges what is only assumed so far. Returns whether something that the instance rests on is other than assumed.
    fn settle(&self) -> bool {
        let mut is_changed = false;
        loop {
            let Some((text, pairs)) = self.known.borrow_mut().next() else { break };
            is_changed |= self.batch(text, &pairs);
        }
        // Nothing is assumed any more.
        let mut known = self.known.borrow_mut();
        known.current = None;
        self.settled.keep(known.certain());
        is_changed
    }

    /// Judges resources that are in one text, which is read once. Returns whether the instance rests on what changed.
    fn batch(&self, text: usize, pairs: &[Pair]) -> bool {
        let is_worn = pairs.iter().any(|(at, _)| at.entry.is_some()) && !self.known.borrow_mut().reads(text, READINGS);
        let held = if self.is_spent() || is_worn { None } else { self.holder.text(text) };
        let (held, mended) = (held.unwrap_or_default(), OnceCell::new());
        let tape = self.tape(&held, &mended);
        let root = tape.root().filter(|_| tape.faults().is_empty());
        let mut entries: FxHashMap<u32, Node<'_>> = FxHashMap::default();
        if let Some(root) = root.filter(|_| pairs.iter().any(|(at, _)| at.entry.is_some())) {
            let resources = root.children_named(NameId::ENTRY).filter_map(|e| e.child(NameId::RESOURCE));
            entries.extend(resources.filter_map(|r| Some((resource_span(r)?.start, r))));
        }
        let mut memory = Memory::default();
        let mut is_changed = false;
        for pair in pairs {
            let node = match pair.0.entry {
                None => root,
                Some(start) => entries.get(&start).copied(),
            };
            let truth = node.map_or(Truth::Unknown, |node| self.judge(&tape, node, *pair, &mut memory));
            is_changed |= self.known.borrow_mut().found(*pair, truth);
        }
        is_changed
    }

    /// Whether the bound on judgements is reached.
    fn is_spent(&self) -> bool {
        let mut known = self.known.borrow_mut();
        if known.count >= self.most {
            let most = self.most;
            known.limit.get_or_insert_with(|| {
                format!("it rests on more than {most} judgements of resources elsewhere (JUDGEMENTS)")
            });
        }
        known.limit.is_some()
    }

    /// Judges a resource, of a Bundle within it.
    fn judge<'t>(&self, tape: &'t Tape<'t>, node: Node<'t>, pair: Pair, memory: &mut Memory) -> Truth {
        if self.is_spent() {
            // Whatever rests on it is open too.
            return Truth::Unknown;
        }
        {
            let mut known = self.known.borrow_mut();
            known.count += 1;
            known.current = Some(pair);
        }
        let (budget, answers) = (Budget::default(), Answers::default());
        let terms =
            Terms { policies: self.policies, answers: &answers, asks: false, now: self.now, resources: Some(self) };
        let session = self.evaluator.session_again(tape, terms, &budget, memory);
        let Some(session) = session else { return Truth::Unknown };
        let within = session.conforms_at(node, pair.1);
        match pair.0.entry {
            Some(_) if within == Truth::Unknown && self.leads_alike(&session, node, pair) => {
                self.apart(node, pair, terms)
            }
            _ => within,
        }
    }

    /// Whether what an entry refers to inside its Bundle is what the holder has for the same references.
    fn leads_alike<'s>(&self, session: &Session<'s>, node: Node<'s>, (at, _): Pair) -> bool {
        session.leads_inside(node).into_iter().all(|(reference, found)| {
            let start = found.and_then(resource_span).map(|span| span.start);
            let held = self.holder.find(&reference);
            start.is_some() && matches!(held, Holding::Resource { at: a, .. } if a == HeldAt { entry: start, ..at })
        })
    }

    /// Whether an entry conforms by itself, where that is open within its Bundle: there what it leads to is tried
    /// inside one another, to a bound; here each is judged once. What is wrong apart may be right within. It has to
    /// lead to the same resources.
    fn apart(&self, node: Node<'_>, pair: Pair, terms: Terms<'_>) -> Truth {
        let span = resource_span(node).and_then(|span| node.tape().text().get(span.start as usize..span.end as usize));
        let (mended, budget, mut memory) = (OnceCell::new(), Budget::default(), Memory::default());
        let tape = self.tape(span.unwrap_or_default(), &mended);
        // What is cut out of XML has lost its namespace.
        if !tape.faults().iter().all(|fault| matches!(fault.kind, FaultKind::Namespace)) {
            return Truth::Unknown;
        }
        match self.evaluator.session(&tape, terms, &budget, &mut memory).map(|s| s.conforms(pair.1)) {
            Some(Truth::True) => Truth::True,
            _ => Truth::Unknown,
        }
    }

    fn tape<'t>(&'t self, text: &'t [u8], mended: &'t OnceCell<Vec<u8>>) -> Tape<'t> {
        let limits = Limits { comments: self.policies.json_comments, ..Limits::default() };
        read_through(text, mended, self.evaluator.set().model().names(), &limits)
    }

    /// What is known of a resource under a profile. What judges now rests on it from now on.
    fn truth_of(&self, pair: Pair) -> Truth {
        let mut known = self.known.borrow_mut();
        if !known.has(pair) {
            match self.settled.truth(pair) {
                Some(truth) => known.add(pair, truth, false),
                // That it conforms is assumed, unless it will not be judged.
                None if known.limit.is_some() => known.add(pair, Truth::Unknown, false),
                None => known.add(pair, Truth::True, true),
            }
        }
        known.used(pair)
    }
}

impl Resources for Lookup<'_> {
    fn find(&self, reference: &str) -> Elsewhere {
        match self.holder.find(reference) {
            Holding::Absent => Elsewhere::Absent,
            Holding::Unknown => Elsewhere::Unknown,
            Holding::Resource { kind, .. } => Elsewhere::Here(kind),
        }
    }

    fn conforms(&self, reference: &str, profiles: &[Handle]) -> Truth {
        let Holding::Resource { at, .. } = self.holder.find(reference) else { return Truth::Unknown };
        // All are asked, so that each is judged in the same round.
        profiles.iter().fold(Truth::False, |any, profile| any.or(self.truth_of((at, *profile))))
    }

    fn limit(&self) -> Option<String> {
        self.known.borrow().limit_reached()
    }
}

#[cfg(test)]
mod tests;
