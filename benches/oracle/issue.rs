//! What a validator says of an instance, as far as it is compared.

use std::collections::BTreeSet;

/// An error, or an open question that could become one.
#[derive(Clone)]
pub struct Said {
    /// The place, written as the other validator's.
    pub place: String,
    /// The rule, or the key of the message.
    pub id: String,
    pub text: String,
}

/// What the engine says.
pub struct Verdict {
    pub errors: Vec<Said>,
    pub open: Vec<Said>,
    pub is_undetermined: bool,
}

impl Verdict {
    /// Neither errors nor open questions.
    pub fn is_valid(&self) -> bool {
        self.errors.is_empty() && !self.is_undetermined
    }
}

/// What the official validator says.
#[derive(Default)]
pub struct Outcome {
    pub errors: Vec<Said>,
    /// The places of errors that rest on a code system which it lacks.
    pub unsure: BTreeSet<String>,
}
