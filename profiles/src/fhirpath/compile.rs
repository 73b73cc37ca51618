//! The syntax tree to flat code. Names and types are resolved here, functions and arities checked.

mod call;
mod fixed;
mod outside;
mod path;
mod terminologies;
mod words;

use fixed::{is_kept, standard_variable};
pub(super) use words::as_type_name;
use words::{binary_op, decimal_words, halves};

use super::ast::{Expr, ExprKind, TypeName};
use super::code::{FORMAT, HEADER, Op, PoolWriter};
use super::temporal::Temporal;
use super::typing::{SystemType, Typing};
use super::value;
use crate::model::TypeId;

/// Why an expression does not compile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CompileError {
    /// Byte offset in the expression.
    pub at: u32,
    /// What is wrong: lower case, no full stop.
    pub message: String,
    /// What to do about it; empty where there is nothing to suggest.
    pub hint: String,
}

impl std::fmt::Display for CompileError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} (at offset {})", self.message, self.at)?;
        if self.hint.is_empty() { Ok(()) } else { write!(f, "; {}", self.hint) }
    }
}

impl std::error::Error for CompileError {}

/// Compiles expressions against one model.
pub struct Compiler<'a> {
    typing: &'a Typing<'a>,
    /// Whether an outside function of this name exists.
    outside: &'a dyn Fn(&str) -> bool,
    /// The names that `%name` may have besides the standard ones.
    variables: Option<&'a [&'a str]>,
    watched: bool,
    /// Whether fixed parts of per-item arguments are evaluated once.
    hoists: bool,
}

impl<'a> Compiler<'a> {
    /// A compiler without outside functions that accepts any `%name` (one that is missing fails when it is evaluated).
    pub fn new(typing: &'a Typing<'a>) -> Compiler<'a> {
        Compiler { typing, outside: &|_| false, variables: None, watched: false, hoists: true }
    }

    /// Functions that this predicate names are called through the port: `name`, or `namespace.name` for
    /// `%namespace.name()`.
    pub fn with_outside(self, outside: &'a dyn Fn(&str) -> bool) -> Compiler<'a> {
        Compiler { outside, ..self }
    }

    /// Only these `%name` variables exist besides the standard ones; any other is an error.
    pub fn with_variables(self, names: &'a [&'a str]) -> Compiler<'a> {
        Compiler { variables: Some(names), ..self }
    }

    /// The code tells the ports what each part of the expression yields ([`super::Ports::watch`]). Parts are then
    /// evaluated in full and one by one, so it is slower, and may fail where the plain code stops early.
    pub fn watched(self) -> Compiler<'a> {
        Compiler { watched: true, ..self }
    }

    /// Every part is evaluated in its place, as often as it is reached.
    #[cfg(test)]
    pub(super) fn unhoisted(self) -> Compiler<'a> {
        Compiler { hoists: false, ..self }
    }

    /// The code of an expression; its strings go to `pool`.
    ///
    /// # Errors
    /// An unknown function, a wrong number of arguments, an argument that is not a type where one is expected, a
    /// variable that nothing defines, or a literal out of range.
    pub fn compile(&self, expr: &Expr, pool: &mut dyn PoolWriter) -> Result<Vec<u32>, CompileError> {
        let mut emitter =
            Emitter { compiler: self, pool, words: vec![0; HEADER], slots: 0, scope: Vec::new(), lambda: 0 };
        let root = emitter.expr(expr)?;
        let slots = emitter.slots;
        let mut words = emitter.words;
        for (word, value) in words.iter_mut().zip([FORMAT, root, slots]) {
            *word = value;
        }
        Ok(words)
    }
}

/// A variable in scope: its name, or `None` where only the evaluation tells it.
struct Defined {
    name: Option<Box<str>>,
    slot: u32,
}

struct Emitter<'c, 'a> {
    compiler: &'c Compiler<'a>,
    pool: &'c mut dyn PoolWriter,
    words: Vec<u32>,
    slots: u32,
    scope: Vec<Defined>,
    /// How many per-item arguments stand around.
    lambda: u32,
}

type Emitted = Result<u32, CompileError>;

fn error<T>(at: u32, message: impl Into<String>, hint: impl Into<String>) -> Result<T, CompileError> {
    Err(CompileError { at, message: message.into(), hint: hint.into() })
}

impl Emitter<'_, '_> {
    fn emit(&mut self, op: Op, at: u32, args: &[u32], rest: &[u32]) -> u32 {
        let place = self.words.len() as u32;
        self.words.push(op as u32 | (args.len().min(255) as u32) << 8 | at.min(0xFFFF) << 16);
        self.words.extend_from_slice(args);
        self.words.extend_from_slice(rest);
        place
    }

    fn string(&mut self, text: &str) -> [u32; 2] {
        let (at, len) = self.pool.put(text);
        [at, len]
    }

    fn slot(&mut self) -> u32 {
        self.slots += 1;
        self.slots - 1
    }

    /// Compiles in a scope of its own: what it defines ends with it.
    fn scoped(&mut self, expr: &Expr) -> Emitted {
        let depth = self.scope.len();
        let out = self.expr(expr);
        self.scope.truncate(depth);
        out
    }

    fn expr(&mut self, e: &Expr) -> Emitted {
        if self.compiler.watched {
            let inner = self.node(e)?;
            return Ok(self.emit(Op::Watch, e.at, &[inner], &[e.at]));
        }
        if self.lambda > 0 && self.compiler.hoists && is_kept(e) {
            let lambda = std::mem::take(&mut self.lambda);
            let inner = self.node(e);
            self.lambda = lambda;
            let inner = inner?;
            let slot = self.slot();
            return Ok(self.emit(Op::Cache, e.at, &[inner], &[slot]));
        }
        self.node(e)
    }

    fn node(&mut self, e: &Expr) -> Emitted {
        let at = e.at;
        if let Some(validation) = self.validated(e) {
            return self.validation(at, validation);
        }
        Ok(match &e.kind {
            ExprKind::Empty => self.emit(Op::Nothing, at, &[], &[]),
            ExprKind::Bool(b) => self.emit(Op::Bool, at, &[], &[u32::from(*b)]),
            ExprKind::Text(t) => {
                let text = self.string(t);
                self.emit(Op::Text, at, &[], &text)
            }
            ExprKind::Number(n) => self.number(at, n)?,
            ExprKind::Long(n) => match n.parse::<i64>() {
                Ok(v) => self.emit(Op::Long, at, &[], &halves(v)),
                Err(_) => return error(at, format!("`{n}` is out of the range of a long"), ""),
            },
            ExprKind::Temporal(t) => match Temporal::literal(t) {
                Some(t) => self.emit(Op::Temporal, at, &[], &t.to_words()),
                None => return error(at, format!("`@{t}` is not a valid date or time"), ""),
            },
            ExprKind::Quantity { number, unit, calendar } => {
                let [a, b, c, d] = decimal_words(at, number)?;
                let [unit, length] = self.string(unit);
                self.emit(Op::Quantity, at, &[], &[a, b, c, d, unit, length, u32::from(*calendar)])
            }
            ExprKind::This => self.emit(Op::This, at, &[], &[]),
            ExprKind::Index => self.emit(Op::Index, at, &[], &[]),
            ExprKind::Total => self.emit(Op::Total, at, &[], &[]),
            ExprKind::Variable(name) => self.variable(at, name)?,
            ExprKind::Member { .. } => self.path(e)?,
            ExprKind::Call { input, name, args } => self.call(at, input.as_deref(), name, args)?,
            ExprKind::Indexer { input, index } => {
                let input = self.expr(input)?;
                let index = self.scoped(index)?;
                self.emit(Op::Indexer, at, &[input, index], &[])
            }
            ExprKind::Negate(inner) => {
                let inner = self.scoped(inner)?;
                self.emit(Op::Negate, at, &[inner], &[])
            }
            ExprKind::Plus(inner) => {
                let inner = self.scoped(inner)?;
                self.emit(Op::Plus, at, &[inner], &[])
            }
            ExprKind::Binary { op, left, right } => {
                let left = self.scoped(left)?;
                let right = self.scoped(right)?;
                self.emit(binary_op(*op), at, &[left, right], &[])
            }
            ExprKind::TypeOp { cast, input, name } => {
                let input = self.scoped(input)?;
                let [fhir, system, text, len] = self.type_spec(name);
                self.emit(if *cast { Op::As } else { Op::Is }, at, &[input], &[fhir, system, text, len, 0])
            }
        })
    }

    fn number(&mut self, at: u32, text: &str) -> Emitted {
        if !text.contains('.')
            && let Some(n) = value::integer(text)
        {
            return Ok(self.emit(Op::Integer, at, &[], &halves(n)));
        }
        let words = decimal_words(at, text)?;
        Ok(self.emit(Op::Decimal, at, &[], &words))
    }

    fn variable(&mut self, at: u32, name: &str) -> Emitted {
        if let Some(found) = self.scope.iter().rev().find(|d| d.name.as_deref() == Some(name)) {
            let slot = found.slot;
            return Ok(self.emit(Op::Slot, at, &[], &[slot]));
        }
        let op = match name {
            "resource" => Some(Op::Resource),
            "rootResource" => Some(Op::RootResource),
            "context" => Some(Op::Focus),
            _ => None,
        };
        if let Some(op) = op {
            return Ok(self.emit(op, at, &[], &[]));
        }
        if let Some(value) = standard_variable(name) {
            let text = self.string(&value);
            return Ok(self.emit(Op::Text, at, &[], &text));
        }
        let text = self.string(name);
        let unnamed: Vec<u32> = self.scope.iter().rev().filter(|d| d.name.is_none()).map(|d| d.slot).collect();
        if !unnamed.is_empty() {
            let rest: Vec<u32> = text.into_iter().chain([unnamed.len() as u32]).chain(unnamed).collect();
            return Ok(self.emit(Op::SlotNamed, at, &[], &rest));
        }
        if self.compiler.variables.is_some_and(|v| !v.contains(&name)) {
            return error(at, format!("`%{name}` is not defined"), "define it before with `defineVariable()`");
        }
        Ok(self.emit(Op::Variable, at, &[], &text))
    }

    /// Three words: FHIR type id, System type, or both 0 and the name of a type that nothing defines.
    fn type_spec(&mut self, name: &TypeName) -> [u32; 4] {
        let namespace = name.namespace.as_deref();
        let fhir = if namespace == Some("System") { None } else { self.compiler.typing.model().find(&name.name) };
        let system = if namespace == Some("FHIR") { None } else { self.compiler.typing.system_type(&name.name) };
        let [text, length] = self.string(&name.name);
        // A System type that does not exist is no type of anything; an unknown FHIR type is an error of the expression.
        let none = if namespace == Some("System") && system.is_none() { u32::MAX } else { 0 };
        [fhir.map_or(0, |t: TypeId| t.0), system.map_or(none, |s: SystemType| s as u32), text, length]
    }
}
