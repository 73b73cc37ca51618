//! What scripts may call: FHIRPath on the instance, and reports. The functions are the engine's, what they work on
//! belongs to the call that is running: it is in a scoped slot of the thread as long as the call lasts.

use std::cell::{Cell, RefCell};

use rhai::{Array, Dynamic, Engine, EvalAltResult, Position};
use scoped_tls_hkt::scoped_thread_local;

use super::limits;
use crate::interrupt::Interrupt;
use crate::model::TypeId;

/// A node of the instance as a script holds it: a number that means nothing outside its call.
#[derive(Clone, Copy, Debug)]
pub struct NodeRef {
    pub index: u32,
    pub type_id: TypeId,
}

pub type Called<T> = Result<T, Box<EvalAltResult>>;

/// What the running call gives its script.
pub trait Host {
    fn budget(&self) -> &Budget;

    /// A constant of the script's top level.
    fn constant(&self, name: &str) -> Option<Dynamic>;

    /// The values of an expression, as a script sees them.
    fn values(&self, from: Option<NodeRef>, expression: &str) -> Called<Array>;

    /// The nodes that an expression selects.
    fn nodes(&self, from: Option<NodeRef>, expression: &str) -> Called<Array>;

    /// Whether a condition holds; an empty result is false.
    fn holds(&self, from: Option<NodeRef>, expression: &str) -> Called<bool>;

    fn value_of(&self, node: NodeRef) -> Called<Dynamic>;
    fn type_of(&self, node: NodeRef) -> Called<String>;
    fn report(&self, severity: &str, rule: &str, place: Dynamic, message: &str) -> Called<()>;
}

scoped_thread_local!(static HOST: for<'h> &'h dyn Host);

/// What all scripts together may spend on one instance, or in one negotiation.
#[derive(Debug)]
pub struct Budget {
    operations: Cell<u64>,
    steps: Cell<u64>,
    nesting: Cell<u32>,
    /// How often each script has failed.
    failures: RefCell<Vec<u32>>,
    /// Breaks all of them off.
    interrupt: Interrupt,
}

impl Default for Budget {
    fn default() -> Budget {
        Budget {
            operations: Cell::new(limits::ALL_OPERATIONS),
            steps: Cell::new(limits::FHIRPATH_STEPS),
            nesting: Cell::new(0),
            failures: RefCell::default(),
            interrupt: Interrupt::default(),
        }
    }
}

/// Operations between two looks at the budget.
const STRIDE: u64 = 1024;

impl Budget {
    /// A budget that this interrupt ends before its time.
    pub fn under(interrupt: &Interrupt) -> Budget {
        Budget { interrupt: interrupt.clone(), ..Budget::default() }
    }

    /// Takes so many operations.
    ///
    /// # Errors
    /// A sentence where there are not so many left, or where the work is broken off.
    fn spend(&self, operations: u64) -> Result<(), String> {
        let left = self.operations.get().checked_sub(operations);
        self.operations.set(left.unwrap_or(0));
        if left.is_none() {
            return Err(format!("the scripts have spent their {} operations", limits::ALL_OPERATIONS));
        }
        if self.interrupt.is_raised() {
            return Err("the scripts were broken off".to_owned());
        }
        Ok(())
    }

    /// What breaks the scripts off.
    pub(super) fn interrupt(&self) -> &Interrupt {
        &self.interrupt
    }

    /// The FHIRPath steps that are left.
    pub(super) fn steps(&self) -> u64 {
        self.steps.get()
    }

    pub(super) fn spend_steps(&self, steps: u64) {
        self.steps.set(self.steps.get().saturating_sub(steps));
    }

    /// Whether a script (by its number) has failed so often that it does not run again.
    pub(super) fn has_failed_often(&self, script: usize) -> bool {
        self.failures.borrow().get(script).is_some_and(|n| *n >= limits::FAILURES)
    }

    /// Counts a failure of a script; whether it was the last that is borne.
    pub(super) fn count_failure(&self, script: usize) -> bool {
        let mut failures = self.failures.borrow_mut();
        if failures.len() <= script {
            failures.resize(script + 1, 0);
        }
        let Some(n) = failures.get_mut(script) else { return false };
        *n += 1;
        *n >= limits::FAILURES
    }
}

/// Runs `work` with `host` behind the script's functions.
///
/// # Errors
/// A sentence where the budget is spent, or too many scripts run inside each other.
pub(super) fn with<T>(host: &dyn Host, work: impl FnOnce() -> T) -> Result<T, String> {
    let budget = host.budget();
    budget.spend(STRIDE)?;
    let nesting = budget.nesting.get();
    if nesting >= limits::NESTING {
        return Err(format!("more than {} scripts run inside each other", limits::NESTING));
    }
    budget.nesting.set(nesting + 1);
    let out = HOST.set(host, work);
    budget.nesting.set(nesting);
    Ok(out)
}

/// An error that no `catch` of a script holds back.
pub(super) fn stop(message: impl Into<String>) -> Box<EvalAltResult> {
    Box::new(EvalAltResult::ErrorTerminated(Dynamic::from(message.into()), Position::NONE))
}

/// An error that a script may catch.
pub(super) fn fault(message: impl Into<String>) -> Box<EvalAltResult> {
    Box::new(EvalAltResult::ErrorRuntime(Dynamic::from(message.into()), Position::NONE))
}

fn host<T>(ask: impl FnOnce(&dyn Host) -> Called<T>) -> Called<T> {
    if HOST.is_set() { HOST.with(|h| ask(h)) } else { Err(stop("there is no instance while a script is loaded")) }
}

/// The only value, `()` where there is none.
fn only(found: Array, expression: &str) -> Called<Dynamic> {
    let count = found.len();
    match (count, found.into_iter().next()) {
        (0 | 1, first) => Ok(first.unwrap_or(Dynamic::UNIT)),
        _ => Err(fault(format!("`{expression}` yields {count} values, expected one"))),
    }
}

fn first(found: Array) -> Dynamic {
    found.into_iter().next().unwrap_or(Dynamic::UNIT)
}

/// Registers the functions that every script has.
pub(super) fn register(engine: &mut Engine) {
    engine.on_progress(|operations| {
        if !operations.is_multiple_of(STRIDE) || !HOST.is_set() {
            return None;
        }
        HOST.with(|h| h.budget().spend(STRIDE)).err().map(Dynamic::from)
    });
    register_variables(engine);
    engine.register_type_with_name::<NodeRef>("Node");
    engine.register_fn("path", |expression: &str| host(|h| h.values(None, expression)));
    engine.register_fn("path", |from: NodeRef, expression: &str| host(|h| h.values(Some(from), expression)));
    engine.register_fn("one", |expression: &str| host(|h| only(h.values(None, expression)?, expression)));
    engine.register_fn("one", |from: NodeRef, expression: &str| {
        host(|h| only(h.values(Some(from), expression)?, expression))
    });
    engine.register_fn("nodes", |expression: &str| host(|h| h.nodes(None, expression)));
    engine.register_fn("nodes", |from: NodeRef, expression: &str| host(|h| h.nodes(Some(from), expression)));
    engine.register_fn("node", |expression: &str| host(|h| Ok(first(h.nodes(None, expression)?))));
    engine.register_fn("node", |from: NodeRef, expression: &str| host(|h| Ok(first(h.nodes(Some(from), expression)?))));
    engine.register_fn("holds", |expression: &str| host(|h| h.holds(None, expression)));
    engine.register_fn("holds", |from: NodeRef, expression: &str| host(|h| h.holds(Some(from), expression)));
    engine.register_get("value", |node: &mut NodeRef| host(|h| h.value_of(*node)));
    engine.register_get("type", |node: &mut NodeRef| host(|h| h.type_of(*node)));
    engine.register_fn("report", |severity: &str, rule: &str, place: Dynamic, message: &str| {
        host(|h| h.report(severity, rule, place, message))
    });
}

/// Looks at every variable that is read. Functions do not see the top level by themselves: its constants, which are
/// written in capitals, they get from here. And a value that an assignment to one of its entries made too large is
/// found before it is used.
#[expect(deprecated, reason = "the library marks the hook as one that may change, not as one that goes")]
fn register_variables(engine: &mut Engine) {
    engine.on_var(|name, _, context| {
        if context.scope().get(name).is_some_and(is_too_large) {
            let what = format!(
                "the value of `{name}` (the bounds are {} entries, {} inside each other) is",
                limits::ENTRIES,
                limits::NESTED
            );
            return Err(Box::new(EvalAltResult::ErrorDataTooLarge(what, Position::NONE)));
        }
        let sought = name.starts_with(|c: char| c.is_ascii_uppercase()) && HOST.is_set();
        Ok(if sought { HOST.with(|h| h.constant(name)) } else { None })
    });
}

/// Whether a list or map is over the bounds.
pub(super) fn is_too_large(value: &Dynamic) -> bool {
    let mut left = limits::ENTRIES;
    (value.is_array() || value.is_map()) && !within(value, limits::NESTED, &mut left)
}

fn within(value: &Dynamic, depth: usize, left: &mut usize) -> bool {
    let mut entry = |v: &Dynamic| {
        *left = left.saturating_sub(1);
        *left > 0 && depth > 0 && within(v, depth - 1, left)
    };
    if let Ok(entries) = value.as_array_ref() {
        return entries.iter().all(entry);
    }
    value.as_map_ref().map_or(true, |members| members.values().all(&mut entry))
}
