//! Checks an expression against the definitions: which types each part may have, elements that no such type has, types
//! that are impossible. What it cannot know it accepts.

mod infer;
mod operands;
mod results;

use super::ast::Expr;
use super::context::Options;
use super::typing::{SystemType, Typing};
use crate::model::TypeId;

/// What is wrong with an expression, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// Byte offset in the expression.
    pub at: u32,
    /// What is wrong: lower case, no full stop.
    pub message: String,
    /// The expression cannot mean what it says; otherwise it is only suspicious (always empty, always false, more than
    /// one item where one is asked for).
    pub is_error: bool,
}

/// What is wrong with an expression whose focus is of the type `context`, by the definitions, in the order of the text.
/// `strict_order` adds functions that rely on an order where there is none (`children().skip(1)`).
pub fn check(
    expr: &Expr,
    typing: &Typing<'_>,
    context: TypeId,
    options: &Options,
    strict_order: bool,
) -> Vec<Diagnostic> {
    Checker::new(typing, context, options, strict_order).run(expr).found
}

/// What an expression of a definition may refer to beside the elements of its focus.
#[derive(Clone, Copy)]
pub struct Surroundings<'a> {
    /// The variables that are defined where the expression stands, in addition to those that FHIR defines for every
    /// expression (<https://hl7.org/fhir/R4/fhirpath.html#variables>).
    pub variables: &'a [&'a str],
    /// Whether the definition of an extension is known, by its url.
    pub has_extension: &'a dyn Fn(&str) -> bool,
}

/// What a review found.
#[derive(Clone, Debug, Default)]
pub struct Reviewed {
    /// What is wrong or doubtful, in the order of the text.
    pub found: Vec<Diagnostic>,
    /// How many parts of the expression were looked at, some of them several times.
    pub parts: u32,
    /// Whether a bound kept some from being looked at.
    pub is_cut: bool,
}

/// What [`check`] finds in an expression of a definition, looking at no more than so many parts of it, and what
/// else its author should look at: operators and functions that are given what they are not for, variables that the
/// place does not give, extensions that are not known, several items where one is asked for, lists whose order
/// means nothing.
pub fn review(
    expr: &Expr,
    typing: &Typing<'_>,
    context: TypeId,
    options: &Options,
    around: &Surroundings<'_>,
    parts: u32,
) -> Reviewed {
    let mut checker = Checker::new(typing, context, options, false);
    checker.around = Some(around);
    checker.parts_left = parts.min(MAX_PARTS);
    checker.run(expr)
}

/// The types that an expression's items may have by the definitions, as `string[] | Quantity`: `[]` marks a list. Empty
/// where any type is possible, or none.
pub fn expected_type(expr: &Expr, typing: &Typing<'_>, context: TypeId, options: &Options) -> String {
    let mut checker = Checker::new(typing, context, options, false);
    let focus = checker.focus.clone();
    let out = checker.infer(expr, &focus);
    if out.types.any {
        return String::new();
    }
    let model = typing.model();
    let names = out.types.fhir.iter().map(|t| model.type_name(*t)).chain(out.types.system.iter().map(|t| t.name()));
    let mark = if out.single { "" } else { "[]" };
    names.map(|n| format!("{n}{mark}")).collect::<Vec<_>>().join(" | ")
}

/// The types that an expression's items may have.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Types {
    /// Any type at all.
    any: bool,
    fhir: Vec<TypeId>,
    system: Vec<SystemType>,
}

/// More types than this are any.
const MAX_TYPES: usize = 60;

impl Types {
    fn any() -> Types {
        Types { any: true, ..Types::default() }
    }

    fn fhir(id: TypeId) -> Types {
        if id.is_known() { Types { fhir: vec![id], ..Types::default() } } else { Types::any() }
    }

    fn system(t: SystemType) -> Types {
        Types { system: vec![t], ..Types::default() }
    }

    fn is_empty(&self) -> bool {
        !self.any && self.fhir.is_empty() && self.system.is_empty()
    }

    fn add(&mut self, other: &Types) {
        self.any |= other.any;
        for t in &other.fhir {
            if !self.fhir.contains(t) {
                self.fhir.push(*t);
            }
        }
        for t in &other.system {
            if !self.system.contains(t) {
                self.system.push(*t);
            }
        }
        self.any |= self.fhir.len() > MAX_TYPES;
    }
}

/// What is known of an expression without evaluating it.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Static {
    types: Types,
    /// At most one item.
    single: bool,
    /// The order of the items means something.
    ordered: bool,
}

impl Static {
    fn any() -> Static {
        Static { types: Types::any(), single: false, ordered: true }
    }

    fn one(t: SystemType) -> Static {
        Static { types: Types::system(t), single: true, ordered: true }
    }
}

struct Checker<'c, 'm> {
    typing: &'c Typing<'m>,
    options: &'c Options,
    strict_order: bool,
    /// What is known of the place of an expression that is reviewed.
    around: Option<&'c Surroundings<'c>>,
    focus: Static,
    found: Vec<Diagnostic>,
    variables: Vec<(Box<str>, Static)>,
    /// The parts that may still be looked at.
    parts_left: u32,
    /// Whether there were more.
    is_cut: bool,
}

/// The most parts of an expression that are looked at: `repeat()` has its argument looked at several times.
const MAX_PARTS: u32 = 100_000;

impl<'c, 'm> Checker<'c, 'm> {
    fn new(typing: &'c Typing<'m>, context: TypeId, options: &'c Options, strict_order: bool) -> Checker<'c, 'm> {
        let focus = Static { types: Types::fhir(context), single: true, ordered: true };
        Checker {
            typing,
            options,
            strict_order,
            around: None,
            focus,
            found: Vec::new(),
            variables: Vec::new(),
            parts_left: MAX_PARTS,
            is_cut: false,
        }
    }

    /// What is wrong with an expression on the focus, in the order of the text.
    fn run(mut self, expr: &Expr) -> Reviewed {
        let (focus, parts) = (self.focus.clone(), self.parts_left);
        self.infer(expr, &focus);
        self.found.sort_by_key(|d| d.at);
        self.found.dedup();
        Reviewed { found: self.found, parts: parts.saturating_sub(self.parts_left), is_cut: self.is_cut }
    }

    fn error(&mut self, at: u32, message: String) {
        self.found.push(Diagnostic { at, message, is_error: true });
    }

    fn warn(&mut self, at: u32, message: String) {
        self.found.push(Diagnostic { at, message, is_error: false });
    }

    /// The names of types for a message.
    fn names(&self, types: &Types) -> String {
        let model = self.typing.model();
        let mut names: Vec<&str> =
            types.fhir.iter().map(|t| model.type_name(*t)).chain(types.system.iter().map(|t| t.name())).collect();
        names.truncate(5);
        names.join(" or ")
    }
}
