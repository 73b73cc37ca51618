//! Reading `accord.toml`: bytes to settings, every fault with its line.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use super::document::{self, Document, Lines};
use super::fault::ProjectError;
use super::find::find;
use super::keys;
use super::paths::Place;
use super::policies::OwnPolicies;
use super::settings::{FAULTS, Project};
use crate::schema::{self, Schema};

/// The most bytes of the file.
const BYTES: u64 = 16 << 20;

impl Project {
    /// The JSON Schema of the file (2020-12), for editors.
    pub fn schema() -> serde_json::Value {
        keys::schema()
    }

    /// The settings that are found from a folder upwards; `None` where there are none.
    ///
    /// # Errors
    /// [`ProjectError`] where they cannot be used.
    pub fn find(from: &Path) -> Result<Option<Project>, ProjectError> {
        find(from)?.map(|file| Project::read(&file, from)).transpose()
    }

    /// The settings of a file; `from` is the working directory, at which its name and those of inputs start.
    ///
    /// # Errors
    /// [`ProjectError`] where they cannot be used: with the line of each fault.
    pub fn read(file: &Path, from: &Path) -> Result<Project, ProjectError> {
        let path = from.join(file);
        let text = text(&path)?;
        let Document { value, lines } =
            document::parse(&text).map_err(|(line, what)| ProjectError::at(&path, line, &what))?;
        let faults: Vec<ProjectError> = faults(&value, &lines, &path);
        ProjectError::all(faults).map_or(Ok(()), Err)?;
        let unusable = |why: String| ProjectError::at(&path, 0, &format!("cannot be used: {why}"));
        let rows: super::rows::Rows = serde_json::from_value(value).map_err(|e| unusable(e.to_string()))?;
        let policies = OwnPolicies::read(&rows.policies).map_err(unusable)?;
        let place = Place::new(path.parent().unwrap_or(from), from);
        let project = Project { file: path, place, rows, lines, policies };
        project.check_version()?;
        project.profile_globs()?;
        Ok(project)
    }
}

/// The text of the file.
fn text(path: &Path) -> Result<String, ProjectError> {
    let fault = |line, what: String| ProjectError::at(path, line, &what);
    let could_not = |e: std::io::Error| fault(0, format!("could not be read: {e}"));
    let file = File::open(path).map_err(could_not)?;
    if file.metadata().map_err(could_not)?.is_dir() {
        return Err(fault(0, "it is a folder; a file with settings is expected".to_owned()));
    }
    let mut bytes = Vec::new();
    file.take(BYTES + 1).read_to_end(&mut bytes).map_err(could_not)?;
    if bytes.len() as u64 > BYTES {
        return Err(fault(
            0,
            format!("has more than {BYTES} bytes; a baseline holds many known issues, see --baseline"),
        ));
    }
    String::from_utf8(bytes).map_err(|e| {
        let valid = e.utf8_error().valid_up_to();
        let before = e.as_bytes().get(..valid).unwrap_or_default();
        let line = 1 + memchr::memchr_iter(b'\n', before).count();
        fault(u32::try_from(line).unwrap_or(u32::MAX), "not UTF-8".to_owned())
    })
}

/// What the schema finds, in the order of the lines.
fn faults(value: &serde_json::Value, lines: &Lines, path: &Path) -> Vec<ProjectError> {
    let mut found = schema::check(Schema::PROJECT, value);
    if found.is_empty() {
        return Vec::new();
    }
    found.sort_by_key(|f| lines.of(&f.pointer));
    found.truncate(FAULTS);
    let document = keys::schema();
    let told = |f: &schema::Violation| {
        let name = f.pointer.rsplit('/').next().unwrap_or_default().replace("~1", "/").replace("~0", "~");
        let what = if f.unknown {
            let known = keys::beside(&document, &f.pointer);
            let near = keys::nearest(&name, known.iter().map(String::as_str));
            let near = near.map(|n| format!("; did you mean `{n}`?"));
            format!("unknown key `{name}`{}", near.unwrap_or_else(|| format!("; known are {}", known.join(", "))))
        } else {
            format!("`{}`: {}", f.pointer.trim_start_matches('/').replace('/', "."), f.text.replace("property", "key"))
        };
        ProjectError::at(path, lines.of(&f.pointer), &what)
    };
    found.iter().map(told).collect()
}

#[cfg(test)]
#[path = "read_tests.rs"]
mod tests;
