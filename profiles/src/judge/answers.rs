//! Questions that the loaded packages and the instance leave open, and the answers of others to them.

use std::sync::Arc;

use rustc_hash::FxHashMap;

/// A code as it is asked about.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Debug, Default)]
pub struct AskedCode {
    /// The code system; `None` where the element has only the code.
    pub system: Option<String>,
    /// The version of the code system that the instance names.
    pub version: Option<String>,
    /// The code.
    pub code: String,
    /// What the instance calls it, where that is to be judged.
    pub display: Option<String>,
    /// The language of the resource, where there is a display.
    pub language: Option<String>,
    /// The codes of the concept that it is from.
    pub beside: Beside,
}

/// The codes of one concept, which may be asked about together. They do not tell questions apart: a code is asked about
/// once, whatever stands beside it.
#[derive(Clone, Default)]
pub struct Beside(Option<Arc<[AskedCode]>>);

impl Beside {
    /// These codes.
    pub fn new(codes: Vec<AskedCode>) -> Beside {
        Beside(Some(codes.into()))
    }

    /// The codes, in the order of the concept; none where it has one only, or is none.
    pub fn codes(&self) -> &[AskedCode] {
        self.0.as_deref().unwrap_or_default()
    }
}

impl std::fmt::Debug for Beside {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} codes", self.codes().len())
    }
}

impl PartialEq for Beside {
    fn eq(&self, _: &Beside) -> bool {
        true
    }
}

impl Eq for Beside {}

impl std::hash::Hash for Beside {
    fn hash<H: std::hash::Hasher>(&self, _: &mut H) {}
}

impl PartialOrd for Beside {
    fn partial_cmp(&self, other: &Beside) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Beside {
    fn cmp(&self, _: &Beside) -> std::cmp::Ordering {
        std::cmp::Ordering::Equal
    }
}

/// A question that the caller may answer: it is asked once, and the validation done again with the answer.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum Question {
    /// Whether a code is in a value set.
    Member {
        /// The canonical of the value set.
        value_set: String,
        /// The code. Without a system, the element has only the code.
        code: AskedCode,
    },
    /// Whether a code is in its code system, which it names.
    Code(AskedCode),
    /// Whether a resource outside the instance is there, and of which type: a reference's text.
    Reference(String),
}

/// What somebody said to a question: that is settled, even where it is that they do not know the code system.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Told {
    /// It is so.
    Yes,
    /// It is not so.
    No,
    /// The code system, or this version of it, is not known there.
    UnknownSystem,
    /// The value set is not known there.
    UnknownValueSet,
}

/// The answer to a question.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Answer {
    /// Whether it is so.
    pub told: Told,
    /// Whether the code is in its code system, as far as that was said too.
    pub in_system: Option<bool>,
    /// Whether the display is one of the code's names, as far as that was said.
    pub display: Option<bool>,
    /// Whether the code was said to be inactive.
    pub inactive: bool,
    /// The names of the code, where the display is none of them, as far as they were said.
    pub names: Vec<String>,
}

impl Answer {
    /// A yes or no, and nothing more.
    pub fn of(is_so: bool) -> Answer {
        let told = if is_so { Told::Yes } else { Told::No };
        Answer { told, in_system: None, display: None, inactive: false, names: Vec::new() }
    }

    /// Whether it is so; `None` where they do not know.
    pub fn truth(&self) -> Option<bool> {
        match self.told {
            Told::Yes => Some(true),
            Told::No => Some(false),
            Told::UnknownSystem | Told::UnknownValueSet => None,
        }
    }
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
    given: FxHashMap<Question, Option<Answer>>,
    trouble: Option<String>,
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
        self.given.is_empty()
    }

    /// Keeps the answer to a question; `None` where nobody can answer it, so that it is not asked again.
    pub fn insert(&mut self, question: Question, answer: Option<Answer>) {
        self.given.insert(question, answer);
    }

    /// The answer to a question: `None` where it was not asked yet.
    pub fn get(&self, question: &Question) -> Option<Option<&Answer>> {
        self.given.get(question).map(Option::as_ref)
    }

    /// Keeps why questions have no answer: who was asked, and what happened. The first such text stays.
    pub fn note_trouble(&mut self, text: String) {
        self.trouble.get_or_insert(text);
    }

    /// Why questions have no answer; `None` where nobody said.
    pub fn trouble(&self) -> Option<&str> {
        self.trouble.as_deref()
    }
}
