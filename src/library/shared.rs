//! Validators that are opened once a process, by what they are opened with. After a fork the child opens its own: a
//! lock that another thread held in that moment is never let go there.

use std::path::PathBuf;
use std::process;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::SystemTime;

use super::{Options, Validator};
use crate::app::AppError;
use crate::packages::Spec;

/// Bound on the validators that are kept; the one that was not asked for the longest goes first, and lives on with
/// those who hold it.
const KEPT: usize = 16;

/// What a validator depends on: the options, and of those that are files, where they are and how old.
#[derive(Clone, PartialEq, Eq)]
struct Key {
    options: Options,
    files: Vec<(PathBuf, Option<SystemTime>)>,
}

impl Key {
    fn of(options: &Options) -> Key {
        let packages = options.packages.iter().filter_map(|p| match Spec::parse(p) {
            Ok(Spec::Path(path)) => Some(path),
            _ => None,
        });
        let named = packages.chain(options.rules.iter().chain(&options.resources).chain(&options.terminology).cloned());
        let dated = |path: PathBuf| {
            let path = std::path::absolute(&path).unwrap_or(path);
            let changed = std::fs::metadata(&path).and_then(|m| m.modified()).ok();
            (path, changed)
        };
        Key { options: options.clone(), files: named.map(dated).collect() }
    }
}

/// A validator that one thread opens, and others wait for.
type Slot = Arc<Mutex<Option<Arc<Validator>>>>;

/// The validators of one process; those of a child that it forks come next.
struct Kept {
    process: u32,
    slots: Mutex<Vec<(Key, Slot)>>,
    of_child: OnceLock<Box<Kept>>,
}

impl Kept {
    const fn of(process: u32) -> Kept {
        Kept { process, slots: Mutex::new(Vec::new()), of_child: OnceLock::new() }
    }

    /// The slot of these options, the last of all.
    fn slot(&self, key: Key) -> Slot {
        let mut slots = self.slots.lock().unwrap_or_else(PoisonError::into_inner);
        let found = slots.iter().position(|(own, _)| *own == key).map(|at| slots.remove(at).1);
        let slot = found.unwrap_or_default();
        if slots.len() >= KEPT {
            slots.remove(0);
        }
        slots.push((key, Arc::clone(&slot)));
        slot
    }
}

/// Those of the first process that asks; no process has the number 0.
static KEPT_HERE: Kept = Kept::of(0);

/// The validators of this process.
fn here() -> &'static Kept {
    let own = process::id();
    let mut at = &KEPT_HERE;
    while at.process != own {
        at = at.of_child.get_or_init(|| Box::new(Kept::of(own)));
    }
    at
}

/// The validator of these options: opened where this process has none yet. Files that have changed since are read anew.
///
/// # Errors
/// As [`Validator::open`].
pub fn shared(options: &Options) -> Result<Arc<Validator>, AppError> {
    let slot = here().slot(Key::of(options));
    let mut held = slot.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(validator) = &*held {
        return Ok(Arc::clone(validator));
    }
    let validator = Arc::new(Validator::open(options)?);
    *held = Some(Arc::clone(&validator));
    Ok(validator)
}

#[cfg(test)]
#[path = "shared_tests.rs"]
mod tests;
