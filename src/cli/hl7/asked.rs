//! What is asked for.

use crate::cli::project::ProjectArgs;
use crate::hl7::Chosen;

/// The form of the result.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Style {
    /// Lines for people.
    #[default]
    Text,
    Csv,
    Compact,
    EsLint,
    Json,
    Xml,
}

/// What is asked for.
#[derive(Debug, Default)]
pub(super) struct Asked {
    /// As `-version` has it.
    pub(super) version: Option<String>,
    pub(super) packages: Vec<String>,
    pub(super) profiles: Vec<String>,
    pub(super) sources: Vec<String>,
    pub(super) output: Option<String>,
    pub(super) style: Option<Style>,
    pub(super) tx: Option<String>,
    /// Whether `-tx n/a` says that no server is wanted.
    pub(super) no_tx: bool,
    /// The page that is written beside the result.
    pub(super) html: Option<String>,
    /// Which settings of a project apply.
    pub(super) project: ProjectArgs,
    pub(super) recurse: bool,
    pub(super) show_ids: bool,
    pub(super) chosen: Chosen,
    /// What is told once on standard error.
    pub(super) notes: Vec<String>,
}

impl Asked {
    /// The form of the result: what `-output-style` names, or else what the name of the file says.
    pub(super) fn style(&self) -> Style {
        self.style.unwrap_or(match self.output.as_deref() {
            None => Style::Text,
            Some(path) if path.ends_with(".json") => Style::Json,
            Some(_) => Style::Xml,
        })
    }
}
