//! The walk of an instance along its plan: only the loop. What is required and how it is reported is in
//! `assertion`; what rules work with is in `judge`. No compiler, no disk, no clock.

mod profile_judge;
mod resource;
mod walk;

pub use profile_judge::ProfileJudge;

pub use crate::judge::{
    Answer, Answers, AskedCode, Beside, Comparer, Compliance, Counts, Detail, Elsewhere, EntryProfile, Finding, Level,
    Memory, Policies, Question, References, Resources, Session, Site, Told, Truth, Weight, Withheld, Work,
};

use crate::assertion::slicing;
use crate::fhirpath::{Temporal, Typing};
use crate::instance::Tape;
use crate::judge::{Calls, Judge, Ledger, Scene, Shared, demanded};
use crate::plan::{Handle, ImageSet, Plans};
use crate::script::{Budget, Scripts};
use crate::terminology::HeldTerminology;

/// The rooms above the rules, as rules may call them.
static CALLS: Calls = Calls { visit: walk::visit, in_slice: slicing::in_slice };

/// What a validation found: the findings that are kept for showing, how many there are in all, and what was left open
/// that the caller may answer.
#[derive(Clone, Debug, Default)]
pub struct Judgement {
    /// The findings that are kept for showing, by place and rule.
    pub findings: Vec<Finding>,
    /// How many findings there are of each weight, kept or not.
    pub counts: Counts,
    /// Open questions that the caller may answer: each once, in the order in which they arose.
    pub questions: Vec<Question>,
}

/// What the caller knows and decides in one validation.
#[derive(Clone, Copy)]
pub struct Terms<'a> {
    /// What counts as an error, what is shown, how much work is done.
    pub policies: &'a Policies,
    /// Answers to the questions of earlier rounds.
    pub answers: &'a Answers,
    /// Whether questions can be asked; otherwise none are collected.
    pub asks: bool,
    /// What `now()` and `today()` return; `None` leaves them open.
    pub now: Option<Temporal>,
    /// Who holds resources that references may lead to; `None`: nobody.
    pub resources: Option<&'a dyn Resources>,
}

/// Walks instances along the plans of one package set. Cheap to share; made once a set.
pub struct Evaluator<'s> {
    plans: &'s Plans,
    typing: Typing<'s>,
    scripts: Option<&'s Scripts>,
    held: Option<&'s dyn HeldTerminology>,
    comparer: Option<&'s dyn Comparer>,
}

impl<'s> Evaluator<'s> {
    /// An evaluator over the plans of a package set, without scripts.
    pub fn new(plans: &'s Plans) -> Evaluator<'s> {
        Evaluator { plans, typing: plans.typing(), scripts: None, held: None, comparer: None }
    }

    /// The same, with the rules and functions of a site.
    pub fn with_scripts(self, scripts: Option<&'s Scripts>) -> Evaluator<'s> {
        Evaluator { scripts, ..self }
    }

    /// The same, with terminology that is held beside the packages.
    pub fn with_held(self, held: Option<&'s dyn HeldTerminology>) -> Evaluator<'s> {
        Evaluator { held, ..self }
    }

    /// The same, with somebody who compares definitions with the profiles that they claim to comply with.
    pub fn with_comparer(self, comparer: &'s dyn Comparer) -> Evaluator<'s> {
        Evaluator { comparer: Some(comparer), ..self }
    }

    /// Walks a tape under the profiles asked for (roots of structures) and those that it claims.
    pub fn evaluate<'t>(
        &self,
        tape: &'t Tape<'t>,
        asked: &[Handle],
        terms: Terms<'_>,
        memory: &mut Memory,
    ) -> Judgement {
        let Some(root) = tape.root() else { return Judgement::default() };
        let budget = Budget::under(&terms.policies.work.interrupt);
        let shared = memory.begin(self.plans, &terms.policies.work);
        let entries = demanded(root, &terms.policies.entries);
        let scene = Scene { entries: &entries, ..self.scene(tape, terms, &budget, shared) };
        let mut judge = Judge { scene, ledger: Ledger::new(terms.policies.shown()) };
        resource::root(&mut judge, root, asked);
        judge.close();
        let (findings, counts) = judge.ledger.into_findings();
        Judgement { findings, counts, questions: shared.questions() }
    }

    /// Whether a site's scripts have this function (`namespace.name`).
    pub fn has_function(&self, name: &str) -> bool {
        self.scripts.is_some_and(|s| s.library().has_function(name))
    }

    /// The definitions that instances are judged by.
    pub fn set(&self) -> &'s ImageSet {
        self.plans.set()
    }

    /// The model's side of FHIRPath.
    pub fn typing(&self) -> &Typing<'s> {
        &self.typing
    }

    /// What may be asked about an instance outside a walk; `None` where the tape holds nothing.
    pub fn session<'a>(
        &'a self,
        tape: &'a Tape<'a>,
        terms: Terms<'a>,
        budget: &'a Budget,
        memory: &'a mut Memory,
    ) -> Option<Session<'a>> {
        let shared = memory.begin(self.plans, &terms.policies.work);
        Some(Session::new(self.scene(tape, terms, budget, shared), tape.root()?))
    }

    /// As [`Evaluator::session`], where the last session with this memory was on the same tape: what references may
    /// name in it is still known, and the limits of work begin anew.
    pub fn session_again<'a>(
        &'a self,
        tape: &'a Tape<'a>,
        terms: Terms<'a>,
        budget: &'a Budget,
        memory: &'a mut Memory,
    ) -> Option<Session<'a>> {
        let shared = memory.again(self.plans, &terms.policies.work);
        Some(Session::new(self.scene(tape, terms, budget, shared), tape.root()?))
    }

    fn scene<'a, 't>(
        &'a self,
        tape: &'t Tape<'t>,
        terms: Terms<'a>,
        budget: &'a Budget,
        shared: &'a Shared,
    ) -> Scene<'a, 't> {
        Scene {
            plans: self.plans,
            set: self.plans.set(),
            typing: &self.typing,
            policies: terms.policies,
            answers: terms.answers,
            asks: terms.asks,
            tape,
            scripts: self.scripts.map(|s| (s, budget)),
            held: self.held,
            comparer: self.comparer,
            resources: terms.resources,
            now: terms.now,
            entries: &[],
            shared,
            calls: &CALLS,
        }
    }
}
