//! The expressions of search parameters, compiled once.

use std::borrow::Cow;
use std::sync::{Arc, Mutex, PoisonError};

use super::answer::Open;
use crate::bounded::{Bounded, Most};
use crate::fhirpath::{Code, Compiler, Typing, parse};

/// Bound on the compiled expressions that are kept, by number and bytes; reaching it starts anew.
const KEPT: Most = Most { entries: 10_000, bytes: 16 << 20 };
/// The longest expression that is compiled, in bytes.
const EXPRESSION_BYTES: usize = 64 << 10;

/// A compiled expression; why it is none.
#[derive(Debug)]
pub(super) struct Program {
    words: Result<Vec<u32>, Cow<'static, str>>,
    pool: String,
}

impl Program {
    fn of(expression: &str, typing: &Typing<'_>) -> Program {
        let mut pool = String::new();
        let words = compiled(expression, typing, &mut pool);
        Program { words, pool }
    }

    /// The code.
    ///
    /// # Errors
    /// Where the expression is none.
    pub fn code(&self) -> Result<Code<'_>, Open> {
        match &self.words {
            Ok(words) => Ok(Code { words, pool: &self.pool }),
            Err(why) => Err(Open::Question(why.clone())),
        }
    }

    fn bytes(&self) -> usize {
        self.words.as_ref().map_or(0, |w| size_of_val(w.as_slice())) + self.pool.len()
    }
}

fn compiled(expression: &str, typing: &Typing<'_>, pool: &mut String) -> Result<Vec<u32>, Cow<'static, str>> {
    if expression.len() > EXPRESSION_BYTES {
        return Err(format!("the parameter's expression is longer than {EXPRESSION_BYTES} bytes").into());
    }
    let tree = parse(expression).map_err(|_| "the parameter's expression is not FHIRPath")?;
    let compiler = Compiler::new(typing).with_variables(&[]);
    compiler.compile(&tree, pool).map_err(|_| "the parameter's expression names what is not there".into())
}

/// The compiled expressions of one model, shared by threads.
#[derive(Debug)]
pub struct Programs(Mutex<Bounded<Box<str>, Arc<Program>>>);

impl Default for Programs {
    fn default() -> Programs {
        Programs(Mutex::new(Bounded::new(KEPT)))
    }
}

impl Programs {
    /// The program of an expression.
    pub(super) fn get(&self, expression: &str, typing: &Typing<'_>) -> Arc<Program> {
        let kept = || self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = kept().get(expression) {
            return Arc::clone(known);
        }
        let program = Arc::new(Program::of(expression, typing));
        kept().insert(expression.into(), Arc::clone(&program), expression.len() + program.bytes());
        program
    }

    /// How many are kept.
    pub fn len(&self) -> usize {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).len()
    }

    /// Whether none is kept.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}
