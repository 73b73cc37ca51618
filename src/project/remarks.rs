//! What is said at the end of a run of settings that had nothing to do, and of a baseline.

use std::path::Path;

use super::fault::ProjectError;
use super::filter::Filter;
use super::gone::Gone;

/// A suppression that matched nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unused {
    /// Its line in the file.
    pub line: u32,
    /// The rule.
    pub rule: String,
    /// The glob, where no input has such a path.
    pub path: Option<String>,
}

/// What is said at the end.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Remarks {
    /// In the order of their lines.
    pub unused: Vec<Unused>,
    /// By input and key.
    pub gone: Vec<Gone>,
}

impl Filter {
    /// What is to be said once all inputs were examined.
    pub fn remarks(&self) -> Remarks {
        let (idle, elsewhere) = self.suppressions.unused();
        let idle = idle.into_iter().map(|row| (row, None));
        let elsewhere = elsewhere.into_iter().map(|row| (row, row.path.clone()));
        let mut unused: Vec<Unused> = idle
            .chain(elsewhere)
            .map(|(row, path)| Unused { line: row.line, rule: row.rule.as_str().to_owned(), path })
            .collect();
        unused.sort_by_key(|u| u.line);
        Remarks { unused, gone: self.known.as_ref().map(|k| k.gone()).unwrap_or_default() }
    }

    /// The file of the baseline.
    pub fn baseline(&self) -> Option<&Path> {
        self.known.as_ref().map(|k| k.path())
    }

    /// Whether the baseline is to be written at the end.
    pub fn keep_baseline(&self) -> bool {
        self.known.as_ref().is_some_and(|k| k.updates())
    }

    /// Writes the baseline, where that is asked for. Returns how many issues it knows then.
    ///
    /// # Errors
    /// [`ProjectError`] where it cannot be written.
    pub fn update_baseline(&self) -> Result<Option<u64>, ProjectError> {
        self.known.as_ref().map_or(Ok(None), |k| k.update())
    }
}
