//! Inputs one by one; or, where a terminology server is asked, in chunks that share their questions.

use fhir_accord_profiles::evaluate::{Answers, Evaluator, Memory, Policies, Question, Terms};
use fhir_accord_profiles::fhirpath::Temporal;
use fhir_accord_profiles::issue::Report;
use fhir_accord_profiles::plan::Handle;

use super::input::Input;
use super::negotiated::Negotiated;
use crate::app::App;
use crate::settle::{Answerer, settle_all};

/// The most inputs that are settled together, and kept in memory for it.
const CHUNK: usize = 2_000;
/// The most bytes of them; a single larger input makes a chunk of its own.
const CHUNK_BYTES: usize = 64 << 20;

/// How an input is validated.
pub(super) struct Checking<'a> {
    pub app: &'a App,
    pub evaluator: Evaluator<'a>,
    /// The profiles that every instance is held against.
    pub asked: Vec<Handle>,
    pub negotiated: Option<Negotiated>,
    pub policies: Policies,
    pub now: Option<Temporal>,
    pub memory: Memory,
}

impl Checking<'_> {
    /// The report on an instance under what is known so far, and what it leaves open; without `asks` that is nothing.
    fn round(&mut self, text: &[u8], answers: &Answers, asks: bool) -> (Report, Vec<Question>) {
        let Checking { app, evaluator, asked, negotiated, policies, now, memory } = self;
        let mut questions = Vec::new();
        let mut check = |more: &[Handle]| {
            let all: Vec<Handle> = asked.iter().chain(more).copied().collect();
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

/// The inputs of a run.
pub(super) struct Together<'a> {
    checking: Checking<'a>,
    answerer: Option<&'a dyn Answerer>,
    chunk: Vec<Input<'static>>,
    bytes: usize,
}

impl<'a> Together<'a> {
    pub fn new(checking: Checking<'a>, answerer: Option<&'a dyn Answerer>) -> Together<'a> {
        Together { checking, answerer, chunk: Vec::new(), bytes: 0 }
    }

    /// Takes an input; hands on each report that is ready, in the order of the inputs.
    pub fn add(&mut self, input: Input<'_>, each: &mut dyn FnMut(&Input<'_>, &Report)) {
        if self.answerer.is_none() {
            let (report, _) = self.checking.round(&input.text, &Answers::default(), false);
            each(&input, &report);
            return;
        }
        if self.chunk.len() >= CHUNK || self.bytes + input.text.len() > CHUNK_BYTES {
            self.finish(each);
        }
        self.bytes += input.text.len();
        self.chunk.push(Input { source: input.source, text: input.text.into_owned().into() });
    }

    /// Settles what is left.
    pub fn finish(&mut self, each: &mut dyn FnMut(&Input<'_>, &Report)) {
        let Some(answerer) = self.answerer else { return };
        let chunk = std::mem::take(&mut self.chunk);
        self.bytes = 0;
        let (app, checking) = (self.checking.app, &mut self.checking);
        let round = |i: usize, answers: &Answers| {
            let text = chunk.get(i).map_or(&[][..], |input: &Input<'_>| &input.text);
            checking.round(text, answers, true)
        };
        let reports = settle_all((answerer, app), chunk.len(), round);
        for (input, report) in chunk.iter().zip(&reports) {
            each(input, report);
        }
    }
}
