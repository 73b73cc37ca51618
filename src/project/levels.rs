//! Levels by rule: what the issues of a rule count as.

use fhir_accord_profiles::issue::{Issue, RuleId, Severity};
use rustc_hash::FxHashMap;
use serde::Deserialize;

/// What issues count as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// As errors.
    Error,
    /// As warnings.
    Warning,
    /// As notes.
    Information,
    /// As nothing.
    Off,
}

impl Level {
    /// The word for it in the file.
    pub fn word(self) -> &'static str {
        match self {
            Level::Error => "error",
            Level::Warning => "warning",
            Level::Information => "information",
            Level::Off => "off",
        }
    }
}

/// What a level makes of an issue.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Made {
    /// It stays as it is.
    Same,
    /// It has another severity now.
    Changed,
    /// It does not count; the line of the level.
    Off(u32),
}

/// The levels, with their lines.
#[derive(Clone, Debug, Default)]
pub(super) struct Levels(pub FxHashMap<RuleId, (Level, u32)>);

impl Levels {
    /// Gives an issue its level. An open question stays one under `error` and `warning`: no setting decides it.
    pub fn apply(&self, issue: &mut Issue) -> Made {
        let Some((level, line)) = self.0.get(&issue.rule) else { return Made::Same };
        let severity = match level {
            Level::Off => return Made::Off(*line),
            Level::Information => Severity::Information,
            Level::Error | Level::Warning if issue.open => return Made::Same,
            Level::Error => Severity::Error,
            Level::Warning => Severity::Warning,
        };
        if issue.severity == severity || (issue.severity.is_error() && severity.is_error()) {
            return Made::Same;
        }
        (issue.severity, issue.open) = (severity, false);
        Made::Changed
    }
}
