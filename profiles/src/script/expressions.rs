//! The FHIRPath expressions of scripts, compiled when they are first met and kept: threads share them without a lock.

use std::hash::{Hash, Hasher};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use rustc_hash::FxHasher;

use super::limits;
use crate::fhirpath::{self, Code, Compiler, Expr, Options, Typing};
use crate::model::TypeId;

/// A compiled expression.
#[derive(Debug)]
struct Entry {
    text: Box<str>,
    /// The words and their pool, or why the text does not compile.
    code: Result<(Vec<u32>, String), String>,
    next: OnceLock<Box<Entry>>,
}

/// A table that only grows, up to [`limits::EXPRESSIONS`]: what it gave out stays where it is.
#[derive(Debug)]
pub struct Expressions {
    buckets: Vec<OnceLock<Box<Entry>>>,
    count: AtomicUsize,
}

const BUCKETS: usize = 256;

impl Default for Expressions {
    fn default() -> Expressions {
        Expressions {
            buckets: std::iter::repeat_with(OnceLock::new).take(BUCKETS).collect(),
            count: AtomicUsize::new(0),
        }
    }
}

impl Expressions {
    /// The code of an expression.
    ///
    /// # Errors
    /// Why it does not compile, or that there are too many.
    pub fn code(&self, text: &str, typing: &Typing<'_>, outside: &dyn Fn(&str) -> bool) -> Result<Code<'_>, String> {
        let mut hasher = FxHasher::default();
        text.hash(&mut hasher);
        let Some(mut slot) = self.buckets.get(hasher.finish() as usize % BUCKETS) else {
            return Err("there is no room for an expression".to_owned());
        };
        loop {
            let entry = match slot.get() {
                Some(entry) => entry,
                None => {
                    if self.count.load(Ordering::Relaxed) >= limits::EXPRESSIONS {
                        return Err(format!("the scripts have more than {} expressions", limits::EXPRESSIONS));
                    }
                    let made = Box::new(Entry {
                        text: text.into(),
                        code: compile(text, typing, outside),
                        next: OnceLock::new(),
                    });
                    if slot.set(made).is_ok() {
                        self.count.fetch_add(1, Ordering::Relaxed);
                    }
                    continue;
                }
            };
            if *entry.text == *text {
                return match &entry.code {
                    Ok((words, pool)) => Ok(Code { words, pool }),
                    Err(e) => Err(e.clone()),
                };
            }
            slot = &entry.next;
        }
    }
}

fn compile(text: &str, typing: &Typing<'_>, outside: &dyn Fn(&str) -> bool) -> Result<(Vec<u32>, String), String> {
    let parsed = parse(text)?;
    let mut pool = String::new();
    let compiled = Compiler::new(typing).with_outside(outside).with_variables(&[]).compile(&parsed, &mut pool);
    let words = compiled.map_err(|e| broken(text, e.at as usize, &e.message, &e.hint))?;
    Ok((words, pool))
}

/// The tree of an expression.
///
/// # Errors
/// A sentence with the place.
pub(super) fn parse(text: &str) -> Result<Expr, String> {
    fhirpath::parse(text).map_err(|e| broken(text, e.at, &e.message, &e.hint))
}

/// Checks an expression: that it compiles, and that the definitions have what it asks of its focus. `focus` are the
/// types that the focus may have, empty where they are not known; what one of them allows passes.
///
/// # Errors
/// A sentence with the place.
pub(super) fn check(
    text: &str,
    typing: &Typing<'_>,
    outside: &dyn Fn(&str) -> bool,
    focus: &[TypeId],
) -> Result<(), String> {
    compile(text, typing, outside)?;
    let tree = parse(text)?;
    let refusal =
        |t: &TypeId| fhirpath::check(&tree, typing, *t, &Options::default(), false).into_iter().find(|d| d.is_error);
    let refusals: Vec<_> = focus.iter().map_while(refusal).collect();
    match refusals.first() {
        Some(first) if refusals.len() == focus.len() => Err(broken(text, first.at as usize, &first.message, "")),
        _ => Ok(()),
    }
}

/// The most characters of an expression that a message repeats.
const SHOWN: usize = 200;

/// What is wrong with an expression, with line and column in it (in characters, from 1).
fn broken(text: &str, at: usize, message: &str, hint: &str) -> String {
    let before = text.get(..at).unwrap_or(text);
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    let place = if text.contains('\n') { format!("line {line}, column {column}") } else { format!("column {column}") };
    let mut shown: String = text.chars().take(SHOWN).collect();
    if shown.len() < text.len() {
        shown.push('…');
    }
    let hint = if hint.is_empty() { String::new() } else { format!("; {hint}") };
    format!("the expression `{shown}` is broken at {place}: {message}{hint}")
}
