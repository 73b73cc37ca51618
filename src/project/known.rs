//! A baseline in use: what it knows of an instance, and what was seen of it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use super::baseline::{Baseline, Keys};
use super::beside;
use super::fault::ProjectError;
use super::gone::Gone;
use super::paths::Place;

/// What was seen.
#[derive(Debug, Default)]
struct Seen {
    /// By input: the issues, and whether they are all that it has.
    inputs: BTreeMap<String, (Keys, bool)>,
    files: BTreeSet<String>,
}

/// A baseline, and what was seen while it was in force.
#[derive(Debug)]
pub struct Known {
    path: PathBuf,
    place: Place,
    baseline: Baseline,
    /// Whether everything that is found becomes known.
    updates: bool,
    seen: Mutex<Seen>,
}

/// One instance, as far as its issues were looked at.
pub(super) struct Instance<'k> {
    input: String,
    file: String,
    known: Option<&'k Keys>,
    updates: bool,
    is_whole: bool,
    found: Keys,
}

impl Instance<'_> {
    /// Whether an issue of this key is known: as many of them as the baseline has.
    pub fn knows(&mut self, key: String) -> bool {
        let most = self.known.and_then(|k| k.get(&key)).copied().unwrap_or_default();
        let found = self.found.entry(key).or_default();
        *found += 1;
        self.updates || *found <= most
    }
}

impl Known {
    /// The baseline of a file; relative paths of inputs start at `from`. With `updates` it need not be there yet.
    ///
    /// # Errors
    /// [`ProjectError`] where it cannot be read.
    pub fn open(path: &Path, from: &Path, updates: bool) -> Result<Known, ProjectError> {
        let path = from.join(path);
        let baseline = match Baseline::read(&path)? {
            Some(baseline) => baseline,
            None if updates => Baseline::default(),
            None => {
                let what = "there is no such baseline; write one with --update-baseline";
                return Err(ProjectError::at(&path, 0, what));
            }
        };
        let place = Place::new(path.parent().unwrap_or(from), from);
        Ok(Known { path, place, baseline, updates, seen: Mutex::default() })
    }

    /// The file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    pub(super) fn updates(&self) -> bool {
        self.updates
    }

    fn names(&self, (file, part): (&str, Option<&str>)) -> (String, String) {
        let file = self.place.tell(file);
        let input = part.map_or_else(|| file.clone(), |part| format!("{file}#{part}"));
        (file, input)
    }

    pub(super) fn instance(&self, input: (&str, Option<&str>), is_whole: bool) -> Instance<'_> {
        let (file, input) = self.names(input);
        let known = self.baseline.inputs.get(&input);
        Instance { input, file, known, updates: self.updates, is_whole, found: Keys::new() }
    }

    /// That an instance was not examined.
    pub(super) fn unexamined(&self, input: (&str, Option<&str>)) {
        let instance = self.instance(input, false);
        self.saw(instance);
    }

    /// Notes what was found. The same instance twice has the more of each issue.
    pub(super) fn saw(&self, instance: Instance<'_>) {
        let Instance { input, file, known, updates, is_whole, found } = instance;
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        if !self.baseline.inputs.is_empty() {
            seen.files.insert(file);
        }
        if known.is_none() && (!updates || found.is_empty()) {
            return;
        }
        let (all, whole) = seen.inputs.entry(input).or_insert_with(|| (Keys::new(), true));
        *whole &= is_whole;
        for (key, n) in found {
            let most = all.entry(key).or_default();
            *most = n.max(*most);
        }
    }

    /// Whether an input of the baseline is gone: with its file, or out of one that was read.
    fn is_gone(&self, input: &str, seen: &Seen) -> bool {
        if input == "-" {
            return false;
        }
        let is_there = |file: &str| self.place.own(file).exists();
        match input.rsplit_once('#') {
            Some((file, _)) if seen.files.contains(file) => !is_there(input),
            Some((file, _)) => !is_there(input) && !is_there(file),
            None => !is_there(input),
        }
    }

    /// The issues of the baseline that are gone.
    pub(super) fn gone(&self) -> Vec<Gone> {
        let seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let mut out = Vec::new();
        for (input, keys) in &self.baseline.inputs {
            let found = match seen.inputs.get(input) {
                Some((_, false)) => continue,
                Some((found, true)) => Some(found),
                None if self.is_gone(input, &seen) => None,
                None => continue,
            };
            for (key, n) in keys {
                let left = found.and_then(|f| f.get(key)).copied().unwrap_or_default();
                if left < *n {
                    out.push(Gone { input: input.clone(), key: key.clone(), issues: n - left });
                }
            }
        }
        out
    }

    /// Writes what is known now: of inputs that were examined what was found, of others what was known before. Returns
    /// how many issues that are; `None` where the baseline is only read.
    ///
    /// # Errors
    /// [`ProjectError`] where it cannot be written.
    pub(super) fn update(&self) -> Result<Option<u64>, ProjectError> {
        if !self.updates {
            return Ok(None);
        }
        let seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        // What other runs have written since this one began stays.
        let _alone = beside::alone(&self.path);
        let there = Baseline::read(&self.path)?.unwrap_or_default();
        let mut new = Baseline::default();
        for (input, keys) in there.inputs {
            let is_kept = match seen.inputs.get(&input) {
                Some((_, is_whole)) => !is_whole,
                None => !self.is_gone(&input, &seen),
            };
            if is_kept {
                new.inputs.insert(input, keys);
            }
        }
        for (input, (found, _)) in seen.inputs.iter().filter(|(_, (found, _))| !found.is_empty()) {
            let keys = new.inputs.entry(input.clone()).or_default();
            for (key, n) in found {
                let most = keys.entry(key.clone()).or_default();
                *most = (*n).max(*most);
            }
        }
        new.write(&self.path)?;
        Ok(Some(new.issues()))
    }
}
