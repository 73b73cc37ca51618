//! Questions that the loaded packages and the instance leave open, and the answers of others to them.

use rustc_hash::FxHashMap;

/// A question that the caller may answer: it is asked once, and the validation done again with the answer.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum Question {
    /// Whether a code is in a value set. Without a system, the element has only the code.
    Member {
        /// The canonical of the value set.
        value_set: String,
        /// The code system.
        system: Option<String>,
        /// The code.
        code: String,
    },
    /// Whether a resource outside the instance is there, and of which type: a reference's text.
    Reference(String),
}

/// A kind of answer that the engine finds by itself.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Withheld {
    /// Whether a code is in a value set.
    Code,
    /// What a reference leads to.
    Reference,
    /// Whether a resource conforms to a profile.
    Profile,
    /// What a FHIRPath function learns through its ports.
    Function,
}

/// What is known of earlier questions.
#[derive(Clone, Default, Debug)]
pub struct Answers {
    members: FxHashMap<Question, Option<bool>>,
    withheld: Option<(Withheld, u32)>,
}

impl Answers {
    /// Answers that keep one of the engine's own back: the `nth` of its kind, from 0, is unknown. It shows what rests
    /// on it.
    pub fn withholding(what: Withheld, nth: u32) -> Answers {
        Answers { withheld: Some((what, nth)), ..Answers::default() }
    }

    /// Which of the engine's own answers is kept back.
    pub(super) fn withheld(&self) -> Option<(Withheld, u32)> {
        self.withheld
    }

    /// Whether nothing was asked yet.
    pub fn is_empty(&self) -> bool {
        self.members.is_empty()
    }

    /// Keeps the answer to a question; `None` where nobody can answer it, so that it is not asked again.
    pub fn insert(&mut self, question: Question, answer: Option<bool>) {
        self.members.insert(question, answer);
    }

    /// The answer to a question: `None` where it was not asked yet.
    pub fn get(&self, question: &Question) -> Option<Option<bool>> {
        self.members.get(question).copied()
    }
}
