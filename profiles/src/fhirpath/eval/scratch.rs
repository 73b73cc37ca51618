//! What evaluations share.

use std::rc::Rc;

use crate::fhirpath::context::Question;
use crate::pattern::{Refused, Remembered};

/// Compiled patterns by their text.
type Regexes = Remembered<KeptRegex>;

/// A compiled pattern, or why it is none.
#[derive(Debug)]
pub(super) struct KeptRegex {
    pub made: Result<Rc<regex::Regex>, Refused>,
    /// The steps that compiling it takes.
    pub steps: u64,
    /// The last instance that was charged with them.
    pub charged: u64,
}

/// Memory that evaluations share: kept by the caller, one per thread.
#[derive(Debug, Default)]
pub struct Scratch {
    /// Patterns that are found anywhere, and those that match the whole.
    regexes: Regexes,
    full_regexes: Regexes,
    pub(super) questions: Vec<Question>,
    pub(super) steps: u64,
    /// The number of the instance.
    pub(super) instance: u64,
}

impl Scratch {
    pub(super) fn regexes(&mut self, full: bool) -> &mut Regexes {
        if full { &mut self.full_regexes } else { &mut self.regexes }
    }

    /// Begins a new instance: it takes the steps that it takes by itself, whatever is remembered of earlier ones.
    pub fn begin(&mut self) {
        self.instance += 1;
    }

    /// The steps that the last evaluation took.
    pub fn steps(&self) -> u64 {
        self.steps
    }

    /// The open questions that the last evaluation met.
    pub fn questions(&self) -> &[Question] {
        &self.questions
    }
}
