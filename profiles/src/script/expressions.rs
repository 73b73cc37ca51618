//! The FHIRPath expressions of scripts, compiled when they are first met and kept: threads share them without a lock.

use std::hash::{Hash, Hasher};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use rustc_hash::FxHasher;

use super::sandbox::limits;
use crate::fhirpath::{self, Code, Compiler, Typing};

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
        Expressions { buckets: std::iter::repeat_with(OnceLock::new).take(BUCKETS).collect(), count: AtomicUsize::new(0) }
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
        let Some(mut slot) = self.buckets.get(hasher.finish() as usize % BUCKETS) else { return Err("there is no room for an expression".to_owned()) };
        loop {
            let entry = match slot.get() {
                Some(entry) => entry,
                None => {
                    if self.count.load(Ordering::Relaxed) >= limits::EXPRESSIONS {
                        return Err(format!("the scripts have more than {} expressions", limits::EXPRESSIONS));
                    }
                    let made = Box::new(Entry { text: text.into(), code: compile(text, typing, outside), next: OnceLock::new() });
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
    let broken = |e: &dyn std::fmt::Display| format!("the expression `{text}` is broken: {e}");
    let parsed = fhirpath::parse(text).map_err(|e| broken(&e))?;
    let mut pool = String::new();
    let words = Compiler::new(typing).with_outside(outside).with_variables(&[]).compile(&parsed, &mut pool).map_err(|e| broken(&e))?;
    Ok((words, pool))
}
