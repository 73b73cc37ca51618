//! The file of known issues: by input and by the issue's key, how many there are. It is sorted, one issue a line, so
//! that two states of it differ in the lines of what changed.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{ErrorKind, Read};
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::beside;
use super::fault::ProjectError;

/// The most bytes of the file.
const BYTES: u64 = 256 << 20;
/// The form of the file.
const FORM: u32 = 1;

/// How many issues of each key an instance has.
pub(super) type Keys = BTreeMap<String, u64>;

/// Known issues.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Baseline {
    /// The form of the file; 1.
    version: u32,
    /// By input, as a path from the folder of the file.
    pub(super) inputs: BTreeMap<String, Keys>,
}

impl Default for Baseline {
    fn default() -> Baseline {
        Baseline { version: FORM, inputs: BTreeMap::new() }
    }
}

/// What is read first: a file of another form may have other members.
#[derive(Deserialize)]
struct Head {
    version: Option<serde_json::Value>,
}

impl Baseline {
    /// Reads a file; `None` where there is none.
    ///
    /// # Errors
    /// [`ProjectError`] where it cannot be read, or is no such file.
    pub fn read(path: &Path) -> Result<Option<Baseline>, ProjectError> {
        let fault = |what: String| ProjectError::at(path, 0, &what);
        let file = match File::open(path) {
            Err(e) if e.kind() == ErrorKind::NotFound => return Ok(None),
            other => other.map_err(|e| fault(format!("the baseline could not be read: {e}")))?,
        };
        let mut text = Vec::new();
        file.take(BYTES + 1)
            .read_to_end(&mut text)
            .map_err(|e| fault(format!("the baseline could not be read: {e}")))?;
        if text.len() as u64 > BYTES {
            return Err(fault(format!("a baseline has at most {BYTES} bytes, and this file has more")));
        }
        let broken = |e: serde_json::Error| {
            fault(format!(
                "not a whole baseline: {e}; restore the file, or delete it and write one with --update-baseline"
            ))
        };
        let head: Head = serde_json::from_slice(&text).map_err(broken)?;
        match head.version.as_ref().and_then(serde_json::Value::as_u64) {
            Some(1) => {}
            _ => {
                let found = head.version.map_or_else(|| "none".to_owned(), |v| format!("`{v}`"));
                return Err(fault(format!(
                    "a baseline of version {FORM} is expected, and this file has {found}; write a new one with \
                     --update-baseline under another name"
                )));
            }
        }
        serde_json::from_slice(&text).map(Some).map_err(broken)
    }

    /// Writes the file beside and puts it in its place: whoever reads it, finds a whole one.
    ///
    /// # Errors
    /// [`ProjectError`] where the system refuses; the file is as it was.
    pub fn write(&self, path: &Path) -> Result<(), ProjectError> {
        let refused = |e: std::io::Error| ProjectError::at(path, 0, &format!("the baseline could not be written: {e}"));
        let text = serde_json::to_string_pretty(self).map(|text| text + "\n").map_err(|e| refused(e.into()))?;
        if text.len() as u64 > BYTES {
            let why = format!("it would have more than {BYTES} bytes; give each part of the inputs one of its own");
            return Err(refused(std::io::Error::other(why)));
        }
        beside::put(path, text.as_bytes()).map_err(refused)
    }

    /// How many issues it knows.
    pub fn issues(&self) -> u64 {
        self.inputs.values().flat_map(BTreeMap::values).fold(0, |all, n| all.saturating_add(*n))
    }
}

#[cfg(test)]
#[path = "baseline_tests.rs"]
mod tests;
