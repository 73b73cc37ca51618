//! One expression on one instance, for the command line and the service: compiled with positions, evaluated with
//! what the loaded packages know, its items and its tree as JSON.

mod definitions;
mod part;
mod steps;
mod tree;

use std::cell::RefCell;

use fhir_accord_profiles::fhirpath::{
    Code, Collection, Compiler, Conformance, Context, EvalError, Expr, Item, Options, Outcome, Ports, Resolved,
    Scratch, Temporal, Typing, evaluate, parse,
};
use fhir_accord_profiles::instance::Node;
use fhir_accord_profiles::judge::JudgePorts;
use fhir_accord_profiles::model::TypeId;

pub use definitions::{Definitions, asks_for_definitions};
pub use fhir_accord_profiles::model::node_json;
pub use part::{Writer, parameter_type};
pub use steps::{Parts, Steps};
pub use tree::tree_json;

/// The longest expression that is taken, in bytes.
pub const MAX_EXPRESSION: usize = 64 << 10;

/// Why an expression cannot be evaluated, with the place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Broken {
    /// Byte offset in the expression.
    pub at: usize,
    /// What is wrong; lower case, without a full stop.
    pub message: String,
    /// What to do about it; empty where there is nothing to suggest.
    pub hint: String,
}

impl Broken {
    /// The message with the expression's line and a mark under the place.
    pub fn pointed(&self, expression: &str) -> String {
        let (start, at) = self.line(expression);
        let line = expression[start..].lines().next().unwrap_or("");
        let hint = if self.hint.is_empty() { String::new() } else { format!("\n  {}", self.hint) };
        format!("{}\n  {line}\n  {}^{hint}", self.message, " ".repeat(expression[start..at].chars().count()))
    }

    /// The message in one line, with line and column (in characters, from 1).
    pub fn placed(&self, expression: &str) -> String {
        let (start, at) = self.line(expression);
        let (line, column) = (expression[..start].matches('\n').count() + 1, expression[start..at].chars().count() + 1);
        let hint = if self.hint.is_empty() { String::new() } else { format!("; {}", self.hint) };
        format!("{} (at line {line}, column {column}){hint}", self.message)
    }

    /// Where the line starts, and the place, both on boundaries of characters.
    fn line(&self, expression: &str) -> (usize, usize) {
        let at = (0..=self.at.min(expression.len())).rev().find(|i| expression.is_char_boundary(*i)).unwrap_or(0);
        (expression[..at].rfind('\n').map_or(0, |i| i + 1), at)
    }
}

impl From<EvalError> for Broken {
    fn from(e: EvalError) -> Broken {
        Broken { at: e.at as usize, message: e.message, hint: String::new() }
    }
}

/// An expression, compiled for one model.
pub struct Expression {
    /// The syntax tree.
    pub tree: Expr,
    words: Vec<u32>,
    pool: String,
}

impl Expression {
    /// Parses and compiles; `variables` are the names that `%name` may have besides the standard ones, `None` lets any
    /// pass; `outside` says which functions the ports answer.
    ///
    /// # Errors
    /// [`Broken`] where the text is no expression, or names what is not there.
    pub fn compile(
        text: &str,
        typing: &Typing<'_>,
        variables: Option<&[&str]>,
        outside: &dyn Fn(&str) -> bool,
    ) -> Result<Expression, Broken> {
        if text.len() > MAX_EXPRESSION {
            return Err(Broken {
                at: 0,
                message: format!("the expression is longer than {MAX_EXPRESSION} bytes"),
                hint: String::new(),
            });
        }
        let tree = parse(text).map_err(|e| Broken { at: e.at, message: e.message, hint: e.hint })?;
        let mut pool = String::new();
        let compiler = Compiler::new(typing).with_outside(outside);
        let compiler = match variables {
            Some(names) => compiler.with_variables(names),
            None => compiler,
        };
        let words = compiler.compile(&tree, &mut pool).map_err(|e| Broken {
            at: e.at as usize,
            message: e.message,
            hint: e.hint,
        })?;
        Ok(Expression { tree, words, pool })
    }

    /// The compiled form.
    pub fn code(&self) -> Code<'_> {
        Code { words: &self.words, pool: &self.pool }
    }

    /// The same expression, watched: each part of it reports to the ports what it yields.
    ///
    /// # Errors
    /// [`Broken`] where a name is not there, as for [`Expression::compile`].
    pub fn watched(
        &self,
        typing: &Typing<'_>,
        variables: &[&str],
        outside: &dyn Fn(&str) -> bool,
    ) -> Result<Expression, Broken> {
        let mut pool = String::new();
        let compiler = Compiler::new(typing).with_outside(outside).with_variables(variables).watched();
        let words = compiler.compile(&self.tree, &mut pool).map_err(|e| Broken {
            at: e.at as usize,
            message: e.message,
            hint: e.hint,
        })?;
        Ok(Expression { tree: self.tree.clone(), words, pool })
    }

    /// The items that the expression yields for `focus`, in order.
    ///
    /// # Errors
    /// [`Broken`] where the evaluation fails, with the place.
    pub fn items<'t>(
        &'t self,
        focus: &Item<'t>,
        context: &Context<'t>,
        scratch: &mut Scratch,
    ) -> Result<Collection<'t>, Broken> {
        evaluate(self.code(), focus, context, scratch).map_err(Broken::from)
    }
}

/// The options of an expression that is evaluated by itself, with a budget of steps.
pub fn options(steps: u64) -> Options {
    Options { strict_as: true, typed_choices: false, steps, ..Options::default() }
}

/// The current moment in UTC.
pub fn now() -> Option<Temporal> {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).ok()?;
    Some(Temporal::from_unix_ms(i64::try_from(since.as_millis()).ok()?))
}

/// The ports of a session, which also keep what `trace()` saw, as parts of Parameters.
pub struct TracingPorts<'t> {
    session: JudgePorts<'t>,
    writer: Writer<'t>,
    definitions: Option<&'t Definitions<'t>>,
    traced: RefCell<Traced>,
    /// The parts of the expression that is watched.
    parts: Option<Parts>,
    steps: RefCell<Steps>,
}

/// What was traced: labels, and the parts of the items.
#[derive(Default)]
struct Traced {
    labels: Vec<(String, Vec<String>)>,
    bytes: usize,
}

/// How many bytes of traces are kept; what comes after is left out.
const MAX_TRACED_BYTES: usize = 4 << 20;

impl<'t> TracingPorts<'t> {
    /// Ports that answer as `session` does; `definitions` answer `elementDefinition()`.
    pub fn new(
        session: JudgePorts<'t>,
        writer: Writer<'t>,
        definitions: Option<&'t Definitions<'t>>,
    ) -> TracingPorts<'t> {
        TracingPorts {
            session,
            writer,
            definitions,
            traced: RefCell::default(),
            parts: None,
            steps: RefCell::default(),
        }
    }

    /// With the parts of an expression that is to be watched.
    pub fn watching(self, parts: Option<Parts>) -> TracingPorts<'t> {
        TracingPorts { parts, ..self }
    }

    /// The steps of the watched expression since the last call; what was traced meanwhile is forgotten.
    pub fn take_steps(&self) -> Steps {
        self.take();
        self.steps.take()
    }

    /// What was traced since the last call, in order: label, and the JSON of each item's part.
    pub fn take(&self) -> Vec<(String, Vec<String>)> {
        self.traced.take().labels
    }
}

impl<'t> Ports<'t> for TracingPorts<'t> {
    fn member_of(&self, coded: &Item<'t>, value_set: &str) -> Option<bool> {
        self.session.member_of(coded, value_set)
    }

    fn subsumes(&self, a: &Item<'t>, b: &Item<'t>) -> Option<bool> {
        self.session.subsumes(a, b)
    }

    fn resolve(&self, reference: &str, from: Node<'t>) -> Resolved<'t> {
        self.session.resolve(reference, from)
    }

    fn conforms_to(&self, node: Node<'t>, type_id: TypeId, profile: &str) -> Conformance {
        self.session.conforms_to(node, type_id, profile)
    }

    fn in_slice(&self, node: Node<'t>, profile: &str, slice: &str) -> Option<bool> {
        self.session.in_slice(node, profile, slice)
    }

    fn element_definition(&self, node: Node<'t>) -> Option<Item<'t>> {
        self.definitions?.element(node)
    }

    fn call(&self, name: &str, input: &[Item<'t>], args: &[Collection<'t>]) -> Option<Outcome<'t>> {
        self.session.call(name, input, args)
    }

    fn watch(&self, at: u32, items: &[Item<'t>], this: &[Item<'t>], index: i64) {
        if let Some(parts) = &self.parts {
            self.steps.borrow_mut().note(parts, &self.writer, at, items, this, index);
        }
    }

    fn trace(&self, name: &str, items: &[Item<'t>]) {
        let mut traced = self.traced.borrow_mut();
        if traced.bytes > MAX_TRACED_BYTES {
            return;
        }
        let parts: Vec<String> = items.iter().take(1000).map(|i| self.writer.part(i)).collect();
        traced.bytes += name.len() + parts.iter().map(String::len).sum::<usize>();
        traced.labels.push((name.to_owned(), parts));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_told() {
        let broken = |at| Broken { at, message: "no".to_owned(), hint: "say yes".to_owned() };
        assert_eq!(broken(6).placed("name.\ngivn"), "no (at line 2, column 1); say yes");
        assert_eq!(broken(7).pointed("name.\ngivn"), "no\n  givn\n   ^\n  say yes");
        assert_eq!(broken(99).placed("é"), "no (at line 1, column 2); say yes");
        assert_eq!(broken(1).placed("é"), "no (at line 1, column 1); say yes");
    }
}
