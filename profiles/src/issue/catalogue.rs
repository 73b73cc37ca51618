//! The catalogue: one row a rule. docs/rules.md is generated from it.

mod advice;
mod definitions;
mod forms;
mod meaning;
mod structure;
mod subjects;
mod syntax;
mod terminology;

use super::RuleId;

/// A rule of the catalogue.
#[derive(Clone, Copy, Debug)]
pub struct Rule {
    /// The stable id (`slice-min`).
    pub id: RuleId,
    /// What a finding of the rule weighs, unless a policy or the circumstances say otherwise.
    pub severity: Usual,
    /// The IssueType code that its issues carry.
    pub code: &'static str,
    /// What the rule requires: a sentence in lower case, without full stop.
    pub meaning: &'static str,
    /// How to correct it, in the same form; empty where there is nothing to say.
    pub help: &'static str,
    /// The url of the specification section that it rests on; empty for rules of this program.
    pub spec: &'static str,
}

/// What a finding of a rule usually weighs; policies and circumstances may change it.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Usual {
    /// Makes the instance invalid.
    Error,
    /// Worth attention; does not change the verdict.
    Warning,
    /// An open question that could become an error.
    Question,
    /// A note: it changes nothing.
    Note,
}

impl Usual {
    /// `error`, `warning`, `question` or `note`.
    pub fn code(self) -> &'static str {
        match self {
            Usual::Error => "error",
            Usual::Warning => "warning",
            Usual::Question => "question",
            Usual::Note => "note",
        }
    }
}

/// Rows of the catalogue, numbered from the end of the table before: `NAME = id, severity, code, meaning, help, spec`.
macro_rules! rules {
    ($start:expr; $($name:ident = $id:literal, $severity:ident, $code:literal, $meaning:literal, $help:literal,
        $spec:literal;)*) => {
        #[allow(
            non_camel_case_types,
            clippy::upper_case_acronyms,
            reason = "the variants number the constants, under their names"
        )]
        #[repr(u32)]
        enum Row { $($name),* }

        impl $crate::issue::RuleId {
            $(#[doc = concat!("`", $id, "`: ", $meaning, ".")]
            #[allow(rustdoc::bare_urls, reason = "what a rule demands may name a namespace")]
            pub const $name: $crate::issue::RuleId = $crate::issue::RuleId::numbered($start + Row::$name as u32);)*
        }

        pub(super) const TABLE: &[super::Rule] = &[$(super::Rule {
            id: $crate::issue::RuleId::$name,
            severity: super::Usual::$severity,
            code: $code,
            meaning: $meaning,
            help: $help,
            spec: $spec,
        }),*];
        /// The ids, in the order of the table.
        pub(super) const IDS: &[&str] = &[$($id),*];
        /// The number after the last row's.
        pub(super) const END: u32 = $start + TABLE.len() as u32;
    };
}
use rules;

const COUNT: usize = terminology::END as usize;

/// Every rule, in the order of the rooms that check them: the number of a rule's id is its place here.
pub const RULES: &[Rule] = &ALL;

#[allow(clippy::indexing_slicing, reason = "evaluated by the compiler, which refuses an index out of bounds")]
static ALL: [Rule; COUNT] = joined(
    [
        syntax::TABLE,
        structure::TABLE,
        meaning::TABLE,
        subjects::TABLE,
        forms::TABLE,
        definitions::TABLE,
        advice::TABLE,
        terminology::TABLE,
    ],
    syntax::TABLE[0],
);
static IDS: [&str; COUNT] = joined(
    [
        syntax::IDS,
        structure::IDS,
        meaning::IDS,
        subjects::IDS,
        forms::IDS,
        definitions::IDS,
        advice::IDS,
        terminology::IDS,
    ],
    "",
);

/// The tables one after the other.
#[allow(clippy::indexing_slicing, reason = "evaluated by the compiler, which refuses an index out of bounds")]
const fn joined<T: Copy>(tables: [&[T]; 8], first: T) -> [T; COUNT] {
    let mut all = [first; COUNT];
    let (mut table, mut row, mut at) = (0, 0, 0);
    while table < tables.len() {
        if row == tables[table].len() {
            table += 1;
            row = 0;
        } else {
            all[at] = tables[table][row];
            row += 1;
            at += 1;
        }
    }
    all
}

/// The text of a catalogue's id by its number.
pub(super) fn text(number: usize) -> Option<&'static str> {
    IDS.get(number).copied()
}

/// The rule of an id; `None` for one that the catalogue does not hold.
pub fn rule(id: RuleId) -> Option<&'static Rule> {
    RULES.get(id.number())
}

/// The rule whose id is written so.
pub fn find_rule(id: &str) -> Option<&'static Rule> {
    IDS.iter().position(|known| *known == id).and_then(|at| RULES.get(at))
}
