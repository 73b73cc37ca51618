//! How inputs are validated: one by one, or where a terminology server is asked, many together that share their
//! questions.

use std::thread;

use fhir_accord_profiles::evaluate::{Answers, Evaluator, Memory, Policies, Question, Terms};
use fhir_accord_profiles::fhirpath::Temporal;
use fhir_accord_profiles::issue::Report;
use fhir_accord_profiles::plan::Handle;

use super::by_path::ByPath;
use super::crew::STACK;
use super::input::Input;
use super::negotiated::Negotiated;
use crate::app::App;
use crate::settle::{Answerer, settle_all};

/// What all inputs are validated by.
pub(super) struct Ground<'a> {
    pub app: &'a App,
    /// The profiles that every instance is held against.
    pub asked: Vec<Handle>,
    pub negotiated: Option<Negotiated>,
    pub by_path: Option<ByPath>,
    pub policies: Policies,
    pub now: Option<Temporal>,
}

/// What a thread validates with.
pub(super) struct Checker<'a> {
    ground: &'a Ground<'a>,
    evaluator: Evaluator<'a>,
    memory: Memory,
}

impl<'a> Checker<'a> {
    pub fn new(ground: &'a Ground<'a>) -> Checker<'a> {
        Checker { ground, evaluator: ground.app.evaluator(), memory: Memory::default() }
    }

    /// The report on an instance that nobody else is asked about.
    pub fn report(&mut self, input: &Input) -> Report {
        self.round(input, &Answers::default(), false).0
    }

    /// The report on an instance under what is known so far, and what it leaves open; without `asks` that is nothing.
    fn round(&mut self, input: &Input, answers: &Answers, asks: bool) -> (Report, Vec<Question>) {
        let Checker { ground, evaluator, memory } = self;
        let Ground { app, asked, negotiated, by_path, policies, now } = ground;
        let text = &*input.text;
        let of_path = by_path.as_ref().map(|b| b.profiles(input.file())).unwrap_or_default();
        let mut questions = Vec::new();
        let mut check = |more: &[Handle]| {
            let all: Vec<Handle> = asked.iter().chain(&of_path).chain(more).copied().collect();
            let terms = Terms { policies, answers, asks, now: *now, resources: None };
            let (report, open) = app.round(evaluator, text, &all, terms, memory);
            questions.extend(open);
            report
        };
        let of_type = |n: &Negotiated| n.check(&app.resource_type(text, policies)?, &mut check);
        let guarded = negotiated.as_ref().and_then(of_type);
        let report = guarded.unwrap_or_else(|| check(&[]));
        (report, questions)
    }
}

/// The reports on inputs whose questions are asked together; each round of them on this many threads.
pub(super) fn settled(ground: &Ground<'_>, answerer: &dyn Answerer, inputs: &[Input], threads: usize) -> Vec<Report> {
    settle_all((answerer, ground.app), inputs.len(), |open, answers| {
        let part = &|open: &[usize]| {
            let mut checker = Checker::new(ground);
            let open = open.iter().filter_map(|i| inputs.get(*i));
            open.map(|input| checker.round(input, answers, true)).collect::<Vec<_>>()
        };
        let each = open.len().div_ceil(threads.max(1)).max(1);
        thread::scope(|scope| {
            let start = |open| {
                let thread = thread::Builder::new().stack_size(STACK);
                thread.spawn_scoped(scope, move || part(open)).map_err(|_| open)
            };
            let parts: Vec<_> = open.chunks(each).map(start).collect();
            let done = |started: Result<thread::ScopedJoinHandle<'_, _>, &[usize]>| match started {
                Ok(thread) => thread.join().unwrap_or_else(|why| std::panic::resume_unwind(why)),
                Err(open) => part(open),
            };
            parts.into_iter().flat_map(done).collect()
        })
    })
}
