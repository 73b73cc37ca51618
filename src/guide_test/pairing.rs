//! Which expectation is for which instance.

use rustc_hash::FxHashMap;

use super::expectation::{Expectation, parse};
use super::files::Found;
use super::guide::Instance;
use super::names::{folders, stem};

/// The folder whose expectations are for instances wherever they are.
const ANYWHERE: &str = "expected";

/// Expectations by the place of their instance.
#[derive(Debug, Default)]
pub(super) struct Pairs {
    pub all: FxHashMap<usize, Expectation>,
    /// By the place of an instance: the file of its expectation, and why it cannot be used.
    pub broken: FxHashMap<usize, String>,
    /// Where expectations are, by the place of their instance.
    pub files: FxHashMap<usize, std::path::PathBuf>,
    /// Expectations without an instance, and other faults of the whole.
    pub faults: Vec<String>,
}

/// Pairs instances with expectations: by name in the same folder, or, from a folder `expected`, by name anywhere.
pub(super) fn pair(instances: &[Instance], expectations: &[Found]) -> Pairs {
    let folder = |name: &str| folders(name).collect::<Vec<_>>().join("/");
    let mut beside: FxHashMap<(String, &str), usize> = FxHashMap::default();
    let mut named: FxHashMap<&str, Vec<usize>> = FxHashMap::default();
    for (at, instance) in instances.iter().enumerate() {
        beside.insert((folder(&instance.name), stem(&instance.name)), at);
        named.entry(stem(&instance.name)).or_default().push(at);
    }
    let mut pairs = Pairs::default();
    for file in expectations {
        let stem = stem(&file.name);
        let own = beside.get(&(folder(&file.name), stem)).copied();
        let elsewhere = || named.get(stem).filter(|_| folders(&file.name).any(|f| f == ANYWHERE)).cloned();
        match own.map(|at| vec![at]).or_else(elsewhere).as_deref() {
            Some([at]) => pairs.take(*at, file),
            Some(several) => pairs.faults.push(format!(
                "`{}`: {} instances have this name; put it beside the one that is meant",
                file.name,
                several.len()
            )),
            None => pairs.faults.push(format!(
                "`{}`: there is no instance `{stem}` to which it belongs; remove it, or rename it as its instance",
                file.name
            )),
        }
    }
    pairs
}

impl Pairs {
    fn take(&mut self, at: usize, file: &Found) {
        if self.all.contains_key(&at) || self.broken.contains_key(&at) {
            self.all.remove(&at);
            self.broken.insert(at, format!("it has two expectations, one of them `{}`: remove one", file.name));
            return;
        }
        if let Some(path) = &file.path {
            self.files.insert(at, path.clone());
        }
        match parse(&file.text) {
            Ok(expectation) => drop(self.all.insert(at, expectation)),
            Err(why) => drop(self.broken.insert(at, format!("`{}`: {why}", file.name))),
        }
    }
}

#[cfg(test)]
#[path = "pairing_tests.rs"]
mod tests;
