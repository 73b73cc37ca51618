//! The evaluator walks flat code over an instance: streams push items into a sink, which may end them.

mod arithmetic;
mod boundary;
mod convert;
mod dates;
mod equality;
mod fhir;
mod filter;
mod hash;
mod logic;
mod math;
mod order;
mod path;
mod scratch;
mod sets;
mod single;
mod strings;
mod variables;

pub(super) use logic::connect;
pub(super) use path::is_present;
pub use scratch::Scratch;

use std::rc::Rc;

use super::code::{Code, Op, Shape};
use super::context::{Context, ErrorKind, EvalError, Question, Truth};
use super::item::{Collection, Item};
use crate::interrupt::{Interrupt, Spent, Steps};
use crate::model::TypeId;

/// The items that `code` yields for `focus`, in order. Open questions appear as [`Item::Unknown`], and
/// [`Scratch::questions`] names them.
///
/// # Errors
/// What FHIRPath calls an error (singletons, types, names), a budget that ran out, code of another build: see
/// [`ErrorKind`].
pub fn evaluate<'t>(
    code: Code<'t>,
    focus: &Item<'t>,
    context: &Context<'t>,
    scratch: &mut Scratch,
) -> Result<Collection<'t>, EvalError> {
    current(code)?;
    let mut eval = Eval::new(code, focus, context, scratch);
    let env = Env { this: std::slice::from_ref(focus), index: 0, total: &[] };
    let root = eval.code.word(1) as usize;
    let found = eval.gather(root, &env);
    eval.scratch.steps = context.options.steps - eval.steps.left();
    found.map_err(Stop::into_error)
}

/// Whether an invariant holds for `focus`, by the rules of singleton evaluation. What an empty result means is up to
/// the caller.
pub fn test<'t>(code: Code<'t>, focus: &Item<'t>, context: &Context<'t>, scratch: &mut Scratch) -> Truth {
    if let Err(e) = current(code) {
        return Truth::Error(e);
    }
    let mut eval = Eval::new(code, focus, context, scratch);
    let env = Env { this: std::slice::from_ref(focus), index: 0, total: &[] };
    let root = eval.code.word(1) as usize;
    let truth = eval.logic(root, &env);
    eval.scratch.steps = context.options.steps - eval.steps.left();
    match truth {
        Ok(Logic::True) => Truth::True,
        Ok(Logic::False) => Truth::False,
        Ok(Logic::Empty) => Truth::Empty,
        Ok(Logic::Unknown) => Truth::Unknown(std::mem::take(&mut scratch.questions)),
        Err(e) => Truth::Error(e.into_error()),
    }
}

/// Refuses code of another build.
fn current(code: Code<'_>) -> Result<(), EvalError> {
    if code.is_current() {
        Ok(())
    } else {
        Err(EvalError {
            kind: ErrorKind::Code,
            at: 0,
            message: "the expression was compiled by another build".to_owned(),
        })
    }
}

/// Four-valued truth: FHIRPath's three and the open question.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Logic {
    True,
    False,
    Empty,
    Unknown,
}

impl From<bool> for Logic {
    #[inline]
    fn from(b: bool) -> Logic {
        if b { Logic::True } else { Logic::False }
    }
}

impl Logic {
    /// The opposite truth; empty and unknown stay.
    pub(super) fn negated(self) -> Logic {
        logic::negate(self)
    }

    fn item<'t>(self) -> Option<Item<'t>> {
        match self {
            Logic::True => Some(Item::Bool(true)),
            Logic::False => Some(Item::Bool(false)),
            Logic::Empty => None,
            Logic::Unknown => Some(Item::Unknown(TypeId::UNKNOWN)),
        }
    }
}

/// Why a stream ends before its time.
#[derive(Debug)]
pub(super) enum Stop {
    /// The sink has seen enough. Whoever set the sink up catches it.
    Done,
    Error(Box<EvalError>),
}

impl Stop {
    fn into_error(self) -> EvalError {
        match self {
            Stop::Error(e) => *e,
            Stop::Done => EvalError { kind: ErrorKind::Code, at: 0, message: "a stream ended unheard".to_owned() },
        }
    }
}

pub(super) type Step<T = ()> = Result<T, Stop>;
/// Takes the items of a stream one by one.
pub(super) type Sink<'s, 'e, 't> = dyn FnMut(&mut Eval<'e, 't>, Item<'t>) -> Step + 's;

/// What `$this`, `$index` and `$total` mean at a place.
#[derive(Clone, Copy)]
pub(super) struct Env<'a, 't> {
    pub this: &'a [Item<'t>],
    pub index: i64,
    pub total: &'a [Item<'t>],
}

impl<'a, 't> Env<'a, 't> {
    /// The same place with another `$this`.
    #[inline]
    pub(super) fn of<'b>(self, this: &'b Item<'t>, index: i64) -> Env<'b, 't>
    where
        'a: 'b,
    {
        Env { this: std::slice::from_ref(this), index, total: self.total }
    }
}

/// One evaluation.
pub(super) struct Eval<'e, 't> {
    pub code: Code<'t>,
    pub context: &'e Context<'t>,
    pub focus: &'e Item<'t>,
    pub scratch: &'e mut Scratch,
    /// Values of `defineVariable()` and of kept sub-expressions, by slot.
    pub slots: Vec<Option<Variable<'t>>>,
    /// The slots whose sub-expressions failed when they were to be kept.
    pub failed: Vec<usize>,
    steps: Steps,
}

/// A value in a slot; the name where it was computed.
#[derive(Clone)]
pub(super) struct Variable<'t> {
    pub name: Option<Rc<str>>,
    pub items: Rc<[Item<'t>]>,
}

impl<'e, 't> Eval<'e, 't> {
    fn new(code: Code<'t>, focus: &'e Item<'t>, context: &'e Context<'t>, scratch: &'e mut Scratch) -> Self {
        scratch.questions.clear();
        let slots = match (code.word(2) as usize).min(code.words.len()) {
            0 => Vec::new(),
            n => vec![None; n],
        };
        Eval {
            code,
            context,
            focus,
            scratch,
            slots,
            failed: Vec::new(),
            steps: Steps::sliced(context.options.steps, LOOK),
        }
    }

    #[cold]
    pub(super) fn error(&self, at: usize, kind: ErrorKind, message: impl Into<String>) -> Stop {
        Stop::Error(Box::new(EvalError { kind, at: self.code.word(at) >> 16, message: message.into() }))
    }

    #[cold]
    pub(super) fn fail<T>(&self, at: usize, kind: ErrorKind, message: impl Into<String>) -> Step<T> {
        Err(self.error(at, kind, message))
    }

    #[inline]
    pub(super) fn spend(&mut self, at: usize, steps: u64) -> Step {
        match self.steps.take(steps, LOOK, self.context.interrupt.unwrap_or(&NEVER)) {
            Ok(()) => Ok(()),
            Err(spent) => self.spent(at, spent),
        }
    }

    #[cold]
    fn spent(&self, at: usize, spent: Spent) -> Step {
        match spent {
            Spent::All => {
                let text = format!("the expression takes more than {} steps", self.context.options.steps);
                self.fail(at, ErrorKind::Budget, text)
            }
            Spent::BrokenOff => self.fail(at, ErrorKind::BrokenOff, "the evaluation was broken off"),
        }
    }

    /// Notes an open question and gives the item in place of its answer.
    #[cold]
    pub(super) fn unknown(&mut self, question: Question) -> Item<'t> {
        if !self.scratch.questions.contains(&question) && self.scratch.questions.len() < 100 {
            self.scratch.questions.push(question);
        }
        Item::Unknown(TypeId::UNKNOWN)
    }

    #[inline]
    pub(super) fn op(&self, at: usize) -> Op {
        self.code.op(at)
    }

    #[inline]
    pub(super) fn argc(&self, at: usize) -> usize {
        self.code.argc(at)
    }

    #[inline]
    pub(super) fn arg(&self, at: usize, index: usize) -> usize {
        self.code.arg(at, index)
    }

    /// The place of an argument after the input, where it was given.
    pub(super) fn optional(&self, at: usize, index: usize) -> Option<usize> {
        (index < self.argc(at)).then(|| self.arg(at, index))
    }

    /// The index of the first operand after the sub-expressions.
    #[inline]
    pub(super) fn extra(&self, at: usize) -> usize {
        at + 1 + self.argc(at)
    }

    /// Pushes the items of an expression into `sink`.
    pub(super) fn each(&mut self, at: usize, env: &Env<'_, 't>, sink: &mut Sink<'_, 'e, 't>) -> Step {
        self.spend(at, 1)?;
        let op = self.op(at);
        let item = match op.shape() {
            Shape::Stream => return self.stream(op, at, env, sink),
            Shape::Single => self.single_op(op, at, env)?,
            Shape::Logic => self.logic_op(op, at, env)?.item(),
            Shape::Damaged => return self.fail(at, ErrorKind::Code, "the compiled expression is damaged"),
        };
        match item {
            Some(item) => sink(self, item),
            None => Ok(()),
        }
    }

    /// The one item of an expression; an open question among its items makes the whole open.
    pub(super) fn single(&mut self, at: usize, env: &Env<'_, 't>) -> Step<Option<Item<'t>>> {
        self.spend(at, 1)?;
        let op = self.op(at);
        match op.shape() {
            Shape::Single => self.single_op(op, at, env),
            Shape::Logic => Ok(self.logic_op(op, at, env)?.item()),
            Shape::Stream => self.one_of_stream(op, at, env),
            Shape::Damaged => self.fail(at, ErrorKind::Code, "the compiled expression is damaged"),
        }
    }

    fn one_of_stream(&mut self, op: Op, at: usize, env: &Env<'_, 't>) -> Step<Option<Item<'t>>> {
        let mut found: Option<Item<'t>> = None;
        self.stream(op, at, env, &mut |eval, item| {
            match (&found, &item) {
                (None, _) => found = Some(item),
                (Some(Item::Unknown(_)), _) => {}
                (_, Item::Unknown(_)) => found = Some(item),
                _ => return eval.fail(at, ErrorKind::Singleton, "expected one item, found more"),
            }
            Ok(())
        })?;
        Ok(found)
    }

    /// The truth of an expression by the rules of singleton evaluation.
    pub(super) fn logic(&mut self, at: usize, env: &Env<'_, 't>) -> Step<Logic> {
        self.spend(at, 1)?;
        let op = self.op(at);
        let item = match op.shape() {
            Shape::Logic => return self.logic_op(op, at, env),
            Shape::Single => self.single_op(op, at, env)?,
            Shape::Stream => self.one_of_stream(op, at, env)?,
            Shape::Damaged => return self.fail(at, ErrorKind::Code, "the compiled expression is damaged"),
        };
        Ok(item.map_or(Logic::Empty, |i| self.truth(&i)))
    }

    /// The truth of one item: a boolean's value; anything else that is there counts as true.
    pub(super) fn truth(&mut self, item: &Item<'t>) -> Logic {
        match item {
            Item::Bool(b) => Logic::from(*b),
            Item::Unknown(_) => Logic::Unknown,
            Item::Node(node, t) => match self.context.typing.class_of(*node, *t) {
                super::typing::Class::Boolean | super::typing::Class::Unknown => match self.system(item) {
                    Some(Item::Bool(b)) => Logic::from(b),
                    Some(Item::Unknown(_)) => Logic::Unknown,
                    Some(_) => Logic::True,
                    None => Logic::Empty,
                },
                _ => Logic::True,
            },
            _ => Logic::True,
        }
    }

    /// The system value of an item. A lexeme that its type does not allow is an open question.
    pub(super) fn system(&mut self, item: &Item<'t>) -> Option<Item<'t>> {
        match item {
            Item::Node(node, t) => {
                if self.context.typing.class_of(*node, *t) == super::typing::Class::None {
                    return Some(item.clone());
                }
                match self.context.typing.value(*node, *t) {
                    Ok(value) => value,
                    Err(_) => Some(self.unknown(Question::Lexeme)),
                }
            }
            _ => Some(item.clone()),
        }
    }

    /// The one system value of an expression.
    pub(super) fn value(&mut self, at: usize, env: &Env<'_, 't>) -> Step<Option<Item<'t>>> {
        match self.single(at, env)? {
            Some(item) => Ok(self.system(&item)),
            None => Ok(None),
        }
    }

    /// All items of an expression.
    pub(super) fn gather(&mut self, at: usize, env: &Env<'_, 't>) -> Step<Collection<'t>> {
        let mut out = Collection::new();
        self.each(at, env, &mut |eval, item| {
            out.push(item);
            if out.len() > MAX_ITEMS {
                eval.fail(at, ErrorKind::Budget, format!("a collection exceeds {MAX_ITEMS} items"))
            } else {
                Ok(())
            }
        })?;
        Ok(out)
    }

    /// A text that an operation built: its length counts as steps.
    pub(super) fn built(&mut self, at: usize, text: String) -> Step<Item<'t>> {
        if text.len() > MAX_TEXT {
            return self.fail(at, ErrorKind::Budget, format!("a string exceeds {MAX_TEXT} bytes"));
        }
        self.spend(at, (text.len() / 8) as u64)?;
        Ok(Item::Text(text.into()))
    }
}

/// Steps between two looks at the interrupt.
const LOOK: u64 = 2048;
/// What breaks nothing off.
static NEVER: Interrupt = Interrupt::never();
/// The longest text that an operation builds, in bytes.
pub(super) const MAX_TEXT: usize = 16 << 20;
/// The most items that are kept at once.
const MAX_ITEMS: usize = 10_000_000;
