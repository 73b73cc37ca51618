//! Profiles by the path of the input.

use std::sync::atomic::{AtomicBool, Ordering};

use fhir_accord_profiles::plan::Handle;

use crate::app::{App, AppError};
use crate::printable::{note, one_line};
use crate::project::{Patterns, Place, Project, ProjectError};

/// The profiles that a project asks of inputs by their path.
pub(in crate::cli) struct ByPath {
    place: Place,
    globs: Patterns,
    /// In the order of the file.
    rows: Vec<Row>,
    /// The places of the rows, by the number of their glob.
    of_glob: Vec<Vec<usize>>,
}

/// Profiles for a glob, with their canonicals, the line, and whether an input matched.
struct Row {
    glob: String,
    profiles: Vec<Handle>,
    names: Vec<String>,
    line: u32,
    met: AtomicBool,
}

impl ByPath {
    /// The profiles of a project's settings; `None` where it has none.
    ///
    /// # Errors
    /// [`AppError`] where a profile is not loaded.
    pub fn of(project: Option<&Project>, app: &App) -> Result<Option<ByPath>, AppError> {
        let Some(project) = project.filter(|p| !p.profiles().is_empty()) else { return Ok(None) };
        let globs = project.profile_globs().map_err(|e: ProjectError| AppError::File(e.to_string()))?;
        let row = |(number, row): (usize, &crate::project::ProfileRow)| {
            let line = project.line(&format!("/profiles/{number}/path")).unwrap_or_default();
            let profiles = app
                .profiles(&row.profiles)
                .map_err(|e| AppError::Profile(format!("`{}`, line {line}: {e}", project.file().display())))?;
            let (glob, names) = (row.path.clone(), row.profiles.clone());
            Ok(Row { glob, profiles, names, line, met: AtomicBool::new(false) })
        };
        let rows = project.profiles().iter().enumerate().map(row).collect::<Result<Vec<_>, AppError>>()?;
        let mut of_glob = vec![Vec::new(); globs.len()];
        for (at, row) in rows.iter().enumerate() {
            let found = globs.number(&row.glob).and_then(|number| of_glob.get_mut(number));
            found.into_iter().for_each(|rows| rows.push(at));
        }
        Ok(Some(ByPath { place: project.place().clone(), globs, rows, of_glob }))
    }

    /// The rows whose glob matches an input, in the order of the file.
    fn matching(&self, file: &str) -> impl Iterator<Item = &Row> {
        let found = self.globs.matches(&self.place.tell(file));
        let mut rows: Vec<usize> = found.iter().filter_map(|n| self.of_glob.get(*n)).flatten().copied().collect();
        rows.sort_unstable();
        rows.into_iter().filter_map(|at| self.rows.get(at))
    }

    /// The profiles of an input.
    pub fn profiles(&self, file: &str) -> Vec<Handle> {
        let mut out = Vec::new();
        for row in self.matching(file) {
            row.met.store(true, Ordering::Relaxed);
            out.extend(row.profiles.iter().filter(|p| !out.contains(*p)).copied().collect::<Vec<_>>());
        }
        out
    }

    /// The canonicals of the profiles of an input.
    pub fn names(&self, file: &str) -> Vec<String> {
        self.matching(file).flat_map(|r| r.names.iter().cloned()).collect()
    }

    /// Names the globs that no input matched.
    pub fn tell(&self) {
        for Row { glob, line, .. } in self.rows.iter().filter(|r| !r.met.load(Ordering::Relaxed)) {
            note(&format!("profiles by path: accord.toml, line {line}: no input matches `{}`", one_line(glob)));
        }
    }
}
