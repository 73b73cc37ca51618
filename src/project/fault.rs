//! Why the settings of a project cannot be used.

use std::path::Path;

/// What is wrong, with the file, the line and the way out.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct ProjectError(String);

impl ProjectError {
    /// At a line of a file; line 0 is the file as a whole.
    pub(super) fn at(file: &Path, line: u32, what: &str) -> ProjectError {
        ProjectError(match line {
            0 => format!("`{}`: {what}", file.display()),
            _ => format!("`{}`, line {line}: {what}", file.display()),
        })
    }

    /// Several faults of one file, in their order.
    pub(super) fn all(faults: Vec<ProjectError>) -> Option<ProjectError> {
        let texts: Vec<String> = faults.into_iter().map(|f| f.0).collect();
        (!texts.is_empty()).then(|| ProjectError(texts.join("\n")))
    }
}
