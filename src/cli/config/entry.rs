//! A setting, and where it comes from.

use serde::Serialize;
use serde_json::Value;

/// Where a setting comes from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "source", rename_all = "lowercase")]
pub(super) enum Origin {
    /// The file of settings.
    File {
        /// The line, from 1.
        line: u32,
    },
    /// An option of the command line.
    Option { option: String },
    /// A variable of the environment.
    Environment { variable: &'static str },
    /// The preset that is in force.
    Preset,
    /// Nobody said anything.
    Default,
}

/// A setting in force.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(super) struct Entry {
    /// Its name in the file.
    pub name: String,
    pub value: Value,
    pub from: Origin,
}

/// All settings in force.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(super) struct Told {
    /// The file; `None`: there is none, or it is left out.
    pub file: Option<String>,
    pub settings: Vec<Entry>,
}
