//! The sides of a matrix: files, folders of statements, guides and URLs.

use std::path::{Path, PathBuf};

use serde_json::Value;

use super::super::side::{self, ReadSide};
use crate::capability::Side;
use crate::printable::note;
use crate::remote::server_documents::ServerDocuments;

/// Bound on the files of a folder that are looked at.
const FILES_LIMIT: usize = 10_000;

/// Bound on how many files are named in a remark.
const NAMED: usize = 5;

/// Which side is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mode {
    Client,
    Server,
}

/// A side with its name.
pub(super) struct ReadMember {
    /// The stem of its file, the guide, or the URL; several may have the same.
    pub name: String,
    pub read: ReadSide,
    /// The SMART configuration of a server, with its file or URL.
    pub smart: Option<(String, Value)>,
}

/// The sides of one mode.
pub(super) struct Members(pub Vec<ReadMember>);

impl Members {
    /// Reads what the texts name, in their order; of a folder the statements of this mode, by the names of the files.
    /// What else is in a folder is told on standard error.
    pub fn read(texts: &[String], mode: Mode, documents: Option<&ServerDocuments>) -> Result<Members, String> {
        let mut all = Vec::new();
        for text in texts {
            let path = Path::new(text);
            if path.is_dir() {
                folder(path, mode, &mut all)?;
                continue;
            }
            let mut read = side::read(text, documents)?;
            if mode == Mode::Client {
                side::hooks(&mut read)?;
            }
            let smart = match documents {
                Some(_) if mode == Mode::Server => side::smart(None, &read, documents)?,
                _ => None,
            };
            let smart = smart.map(|value| (read.from.clone(), value));
            all.push(ReadMember { name: name_of(text), read, smart });
        }
        Ok(Members(all))
    }
}

/// The statements of a mode in a folder.
fn folder(path: &Path, mode: Mode, all: &mut Vec<ReadMember>) -> Result<(), String> {
    let (mut other, mut unread, before) = (Vec::new(), Vec::new(), all.len());
    for file in json_files(path)? {
        let name = file.display().to_string();
        match side::read_json(&file) {
            Err(_) => unread.push(name),
            Ok(value) if !is_statement(&value, mode) => other.push(name),
            Ok(value) => all.push(ReadMember {
                name: name_of(&name),
                read: ReadSide::of(Side::Statement(value), &name),
                smart: None,
            }),
        }
    }
    let whose = if mode == Mode::Client { "a client's" } else { "a server's" };
    tell(&unread, "could not be read as JSON");
    tell(&other, &format!("left out: not {whose} statement"));
    match all.len() - before {
        0 => Err(format!("`{}` has no file (*.json) with {whose} CapabilityStatement or Conformance", path.display())),
        _ => Ok(()),
    }
}

/// The JSON files of a folder, by their names.
pub(super) fn json_files(path: &Path) -> Result<Vec<PathBuf>, String> {
    let failed = |e: std::io::Error| format!("`{}` could not be read: {e}", path.display());
    let entries = std::fs::read_dir(path).map_err(failed)?.collect::<Result<Vec<_>, _>>().map_err(failed)?;
    let is_json = |p: &PathBuf| p.extension().is_some_and(|x| x.eq_ignore_ascii_case("json")) && p.is_file();
    let mut files: Vec<PathBuf> = entries.into_iter().map(|e| e.path()).filter(is_json).collect();
    if files.len() > FILES_LIMIT {
        return Err(format!("`{}` has more than {FILES_LIMIT} JSON files; name a smaller folder", path.display()));
    }
    files.sort_unstable();
    Ok(files)
}

fn is_statement(value: &Value, mode: Mode) -> bool {
    let code = if mode == Mode::Client { "client" } else { "server" };
    let is_one = matches!(value["resourceType"].as_str(), Some("CapabilityStatement" | "Conformance"));
    is_one && value["rest"].as_array().is_some_and(|rest| rest.iter().any(|r| r["mode"] == code))
}

/// Names files on standard error.
pub(super) fn tell(files: &[String], what: &str) {
    if files.is_empty() {
        return;
    }
    let named = files.iter().take(NAMED).map(String::as_str).collect::<Vec<_>>().join(", ");
    let more = match files.len().saturating_sub(NAMED) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    note(&format!("{what}: {named}{more}"));
}

/// The stem of a file; a guide or a URL as it is.
fn name_of(text: &str) -> String {
    let path = Path::new(text);
    let stem = path.file_stem().filter(|_| path.is_file()).map(|s| s.to_string_lossy().into_owned());
    stem.unwrap_or_else(|| text.to_owned())
}
